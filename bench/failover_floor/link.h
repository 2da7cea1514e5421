// SPDX-License-Identifier: Apache-2.0
// What the floor needs of an engine's native client: a connection, and whether an INSERT works now.
#pragma once

#include <memory>
#include <string>

namespace bench {

class FloorLink {
 public:
  virtual ~FloorLink() = default;
  virtual bool is_open() const = 0;
  /// False as well when the connection is broken.
  virtual bool accepts(const char* statement) = 0;
  virtual std::string error() const = 0;
};

/// `conninfo` is libpq's "key=value ..." with host, port, user, password and dbname for both.
std::unique_ptr<FloorLink> connect_postgres(const std::string& conninfo);
std::unique_ptr<FloorLink> connect_mysql(const std::string& conninfo);

}  // namespace bench
