// SPDX-License-Identifier: Apache-2.0
// Everything that one connect of libmariadb needs: where to, as whom, with which TLS. The link that
// carries KILL QUERY dials by the same plan.
#pragma once

#include <mysql.h>

#include <memory>
#include <string>

#include "core/client.h"
#include "core/client/mysql_auth.h"
#include "core/client/mysql_local_files.h"

namespace core {

class MysqlClient;

/// The certificate demands of sslmode in libmariadb's terms.
struct MysqlTlsPlan {
  bool try_tls = true;
  bool may_fall_back = false;  ///< prefer, allow: a server without TLS will do
  bool verify_name = false;
  std::string ca, cert, key;
  std::string versions;  ///< "TLSv1.2,TLSv1.3"; empty: the library's own
};

/// Read from the options once; immutable while links are made from it.
struct MysqlDial {
  LinkTarget target;
  MysqlTlsPlan tls;
  Credentials credentials;
  LoginPolicy login;  ///< what its plugins may do
  std::string database, application;
  std::string socket;       ///< of the server's machine; empty: TCP
  std::string plugin_dir;   ///< empty: the library's own
  std::string local_files;  ///< LOAD DATA LOCAL reads from there, canonical; empty: nothing
  bool compression = false;
  bool found_rows = true;
  bool multi_statements = false;
  bool server_side_timeout = true;
  unsigned int connect_timeout = 0;  ///< seconds; a backstop behind the exchange's own deadline
  bool keepalive = true;
  int keepalive_time = 0, keepalive_interval = 0, keepalive_probes = 0;  ///< 0: the system's

  void read_switches(const Options& options);
  static MysqlDial from(LinkTarget target, const Options& options, Credentials credentials);
  /// All options of a fresh MYSQL; `encrypt` is tls.try_tls but for the plain second attempt.
  void configure(MYSQL* link, LoginPolicy& policy, MysqlLocalFiles& files, bool encrypt) const;
  /// What the server's lists show of us; libmariadb names itself when it begins to connect.
  void introduce(MYSQL* link) const;
  /// For messages: host and port, or the socket's file.
  std::string where() const { return socket.empty() ? target.endpoint.text() : socket; }
  void apply_keepalive(int fd) const noexcept;
};

/// The connect exchange of `client`, which must be fresh.
std::unique_ptr<Exchange> mysql_connect(std::shared_ptr<MysqlClient> client,
                                        std::shared_ptr<const MysqlDial> dial);

/// Dials `address` once more by the same plan and kills the running statement of connection `id`.
/// Blocks: for a worker. Throws Error.
void mysql_kill_query(Workers& workers, const MysqlDial& dial, const std::string& address,
                      unsigned long id, Deadline deadline);

}  // namespace core
