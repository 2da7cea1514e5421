// SPDX-License-Identifier: Apache-2.0
// Connecting and disconnecting, and the end of transactions.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <span>
#include <vector>

#include "odbc/driver.h"
#include "odbc/entry.h"
#include "odbc/handles/connection.h"
#include "odbc/text/wide.h"

namespace {

using namespace odbc;

template <class Char>
SQLRETURN connect(SQLHDBC name, Char* dsn, SQLSMALLINT dsn_length, Char* user,
                  SQLSMALLINT user_length, Char* password, SQLSMALLINT password_length) {
  return entry<Connection>("SQLConnect", name, [&](Connection& connection) {
    connection.open(ConnectKeywords::from_data_source(text::from_app(dsn, dsn_length),
                                                      text::from_app(user, user_length),
                                                      text::from_app(password, password_length)));
    return SQL_SUCCESS;
  });
}

text::Written put(std::string_view value, SQLCHAR* out, SQLSMALLINT capacity) {
  return text::to_app(value, out, capacity);
}
text::Written put(std::string_view value, SQLWCHAR* out, SQLSMALLINT capacity) {
  return text::to_app(value, out, capacity, text::Unit::characters);
}

void require_completion(SQLUSMALLINT completion) {
  if (completion > SQL_DRIVER_COMPLETE_REQUIRED)
    throw core::Error("HY110", "Connection", "The driver completion is none of ODBC's");
}

/// Nothing is ever asked of the user: every completion mode connects with what the string and the
/// files say.
template <class Char>
SQLRETURN driver_connect(SQLHDBC name, Char* in, SQLSMALLINT in_length, Char* out,
                         SQLSMALLINT capacity, SQLSMALLINT* out_length, SQLUSMALLINT completion) {
  return entry<Connection>("SQLDriverConnect", name, [&](Connection& connection) {
    require_completion(completion);
    if (capacity < 0)
      throw core::Error(core::sqlstate::invalid_length, "Connection",
                        "The length of the output buffer is negative");
    const auto keywords = ConnectKeywords::from_string(text::from_app(in, in_length));
    connection.open(keywords);
    text::Written written;
    try {
      written = put(keywords.completed(services().options, connection.options()), out, capacity);
    } catch (...) {  // after an error the application believes the connection closed
      connection.drop_session();
      throw;
    }
    text::store_length(written.length, out_length);
    if (written.truncated)
      connection.diagnostics().warn(core::sqlstate::string_truncated, "Connection",
                                    "The completed connection string does not fit its buffer");
    return SQL_SUCCESS;
  });
}

/// Commits or rolls back on one connection; what fails is told on that connection too.
std::optional<core::Error> try_to_end(Connection& connection, SQLSMALLINT completion) {
  const std::scoped_lock lock(connection.mutex());
  if (!connection.is_open()) return std::nullopt;
  connection.diagnostics().clear();
  try {
    connection.end_transaction(completion);
    return std::nullopt;
  } catch (const core::Error& error) {
    connection.diagnostics().fail(error);
    return error;
  }
}

/// 25S01: somewhere the outcome is unknown; 25S03: rolled back wherever it failed; 25S02: somewhere
/// the transaction is still open (ODBC reference, SQLEndTran).
core::Sqlstate joint_state(std::span<const core::Error> failures) {
  const auto unknown = [](const core::Error& error) {
    return error.link_lost() || error.state().in_class("08");
  };
  const auto rolled_back = [](const core::Error& error) {
    return error.state() == core::sqlstate::rolled_back || error.state().in_class("23") ||
           error.state().in_class("40");
  };
  if (std::ranges::any_of(failures, unknown)) return core::sqlstate::transaction_state_unknown;
  if (std::ranges::all_of(failures, rolled_back)) return core::sqlstate::rolled_back;
  return core::sqlstate::transaction_still_active;
}

/// All connections of an environment, one after the other, also behind one that fails.
SQLRETURN end_all_transactions(Environment& environment, SQLSMALLINT completion) {
  require_transaction_end(completion);
  std::vector<core::Error> failures;
  std::size_t asked = 0;
  for (const SQLHANDLE child : environment.connections().all()) {
    const Pinned<Connection> connection(child);
    if (!connection) continue;
    ++asked;
    if (auto failure = try_to_end(*connection, completion)) failures.push_back(std::move(*failure));
  }
  if (failures.empty()) return SQL_SUCCESS;
  core::Error joint(
      joint_state(failures), "Environment",
      fmt::format("{} of {} connections could not {}; each tells why itself", failures.size(),
                  asked, completion == SQL_COMMIT ? "commit" : "roll back"));
  for (const core::Error& failure : failures) joint.caused_by(failure);
  throw joint;
}

SQLRETURN end_transaction(SQLSMALLINT type, SQLHANDLE name, SQLSMALLINT completion) {
  if (type == SQL_HANDLE_ENV)
    return entry<Environment>("SQLEndTran", name, [&](Environment& environment) {
      return end_all_transactions(environment, completion);
    });
  if (type != SQL_HANDLE_DBC) return SQL_INVALID_HANDLE;
  return entry<Connection>("SQLEndTran", name, [&](Connection& connection) {
    connection.end_transaction(completion);
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLConnect(SQLHDBC name, SQLCHAR* dsn, SQLSMALLINT dsn_length, SQLCHAR* user,
                             SQLSMALLINT user_length, SQLCHAR* password,
                             SQLSMALLINT password_length) {
  return connect(name, dsn, dsn_length, user, user_length, password, password_length);
}

SQLRETURN SQL_API SQLConnectW(SQLHDBC name, SQLWCHAR* dsn, SQLSMALLINT dsn_length, SQLWCHAR* user,
                              SQLSMALLINT user_length, SQLWCHAR* password,
                              SQLSMALLINT password_length) {
  return connect(name, dsn, dsn_length, user, user_length, password, password_length);
}

SQLRETURN SQL_API SQLDriverConnect(SQLHDBC name, SQLHWND, SQLCHAR* in, SQLSMALLINT in_length,
                                   SQLCHAR* out, SQLSMALLINT capacity, SQLSMALLINT* out_length,
                                   SQLUSMALLINT completion) {
  return driver_connect(name, in, in_length, out, capacity, out_length, completion);
}

SQLRETURN SQL_API SQLDriverConnectW(SQLHDBC name, SQLHWND, SQLWCHAR* in, SQLSMALLINT in_length,
                                    SQLWCHAR* out, SQLSMALLINT capacity, SQLSMALLINT* out_length,
                                    SQLUSMALLINT completion) {
  return driver_connect(name, in, in_length, out, capacity, out_length, completion);
}

SQLRETURN SQL_API SQLDisconnect(SQLHDBC name) {
  return entry<Connection>("SQLDisconnect", name, [](Connection& connection) {
    connection.close();
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLEndTran(SQLSMALLINT type, SQLHANDLE name, SQLSMALLINT completion) {
  return end_transaction(type, name, completion);
}

}  // extern "C"
