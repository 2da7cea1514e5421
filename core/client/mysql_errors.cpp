// SPDX-License-Identifier: Apache-2.0
// Classification of MySQL and MariaDB error codes, as data.
#include "core/client/mysql_errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

namespace core {
namespace {

constexpr unsigned int link_failures[] = {1053, 1152, 1153, 1158, 1159, 1160, 1161,
                                          1927, 2002, 2003, 2004, 2005, 2006, 2012,
                                          2013, 2014, 2026, 2027, 2055, 4031};

// Record has changed, error on write, during commit, during rollback; lock wait timeout (as
// innodb_rollback_on_timeout has it); no room for locks; deadlock; what a routine signals behind
// its own rollback.
constexpr unsigned int transaction_failures[] = {1020, 1030, 1180, 1181, 1205,
                                                 1206, 1213, 1614, 1644};

struct ConnectRule {
  unsigned int code;
  Sqlstate state;
  std::string_view advice;
};

constexpr ConnectRule connect_rules[] = {
    {1045, sqlstate::login_failed, "check user and password"},
    {1698, sqlstate::login_failed, "the account uses a login method that needs no password"},
    {1044, sqlstate::server_rejected, "the user may not use this database"},
    {1049, sqlstate::server_rejected, "check the database name"},
    {1040, sqlstate::server_rejected, "the server has no connection left"},
    {1203, sqlstate::server_rejected, "the user has no connection left"},
    {1226, sqlstate::server_rejected, "the user has used up what the server grants in an hour"},
    {1820, sqlstate::login_failed, "the password has expired"},
    {1862, sqlstate::login_failed, "the password has expired"},
    {3118, sqlstate::login_failed, "the account is locked"},
    {4151, sqlstate::login_failed, "the account is locked"},
    {1130, sqlstate::server_rejected, "the server does not accept this client's address"},
    {1129, sqlstate::server_rejected, "the server has blocked this client after many errors"},
    {1251, sqlstate::login_failed, "the server wants a login method this client lacks"},
    {2059, sqlstate::login_failed,
     "install that plugin of libmariadb, or set plugin_dir to its place"},
    {2026, sqlstate::cannot_connect,
     "TLS could not be set up; check sslmode, sslrootcert and tls_version"},
    {2003, sqlstate::cannot_connect, "check host and port and whether the server runs"},
    {2002, sqlstate::cannot_connect, "check host and port and whether the server runs"},
    {2005, sqlstate::cannot_connect, "check the host name"},
    {2012, sqlstate::cannot_connect, "what answers there does not speak the MySQL protocol"},
    {2013, sqlstate::cannot_connect, "the server closed the connection during the login"},
    {2027, sqlstate::cannot_connect, "what answers there does not speak the MySQL protocol"},
};

/// Statement states that MySQL files under HY000 or 70100 although ODBC has its own.
struct StatementRule {
  unsigned int code;
  Sqlstate state;
  std::string_view what = {};
};
constexpr StatementRule statement_rules[] = {
    {1317, Sqlstate{"70100"}, "another session stopped the statement: "},
    {1969, sqlstate::timeout},  // MariaDB's max_statement_time
    {3024, sqlstate::timeout},  // MySQL's max_execution_time
};

StatementRule statement_rule(const MysqlFailure& failure) {
  for (const StatementRule& rule : statement_rules)
    if (rule.code == failure.code) return rule;
  return {failure.code, Sqlstate::from_server(failure.state)};
}

/// libmariadb appends the system's errno as " (111)"; readers of diagnostics take the first number
/// in parentheses for the native code.
std::string readable(const MysqlFailure& failure) {
  std::string text = failure.text.empty() ? "the client library gave no reason" : failure.text;
  if (failure.code < 2000 || failure.code >= 3000 || !text.ends_with(')')) return text;
  const auto open = text.rfind('(');
  if (open == std::string::npos ||
      text.find_first_not_of("0123456789", open + 1) != text.size() - 1)
    return text;
  text.back() = ' ';
  text.replace(open, 1, "errno ");
  text.pop_back();
  return text;
}

}  // namespace

bool is_link_failure(unsigned int code) {
  return std::find(std::begin(link_failures), std::end(link_failures), code) !=
         std::end(link_failures);
}

bool may_end_transaction(unsigned int code) {
  return std::find(std::begin(transaction_failures), std::end(transaction_failures), code) !=
         std::end(transaction_failures);
}

Error mysql_connect_error(const MysqlFailure& failure, std::string_view where) {
  const auto rule = std::find_if(std::begin(connect_rules), std::end(connect_rules),
                                 [&](const ConnectRule& r) { return r.code == failure.code; });
  const bool known = rule != std::end(connect_rules);
  const Sqlstate state = known ? rule->state : sqlstate::cannot_connect;
  return Error(state, mysql_component,
               fmt::format("cannot connect to {}: {}{}{}", where, readable(failure),
                           known ? "; " : "", known ? rule->advice : ""),
               Reached::not_sent, static_cast<int>(failure.code))
      .with_link_lost();
}

Error mysql_statement_error(const MysqlFailure& failure, Reached reached) {
  const auto native = static_cast<int>(failure.code);
  if (is_link_failure(failure.code))
    return Error(sqlstate::link_lost, mysql_component,
                 "the link to the server is lost: " + readable(failure), reached, native)
        .with_link_lost();
  const StatementRule rule = statement_rule(failure);
  return Error(rule.state, mysql_component, std::string(rule.what) + readable(failure),
               Reached::answered, native);
}

}  // namespace core
