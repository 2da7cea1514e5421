// SPDX-License-Identifier: Apache-2.0
// Error texts in, core::Error out. The connect parser works on libpq's text because libpq 15 keeps
// no PGresult for a failed connect.
#include "core/client/pg_errors.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

namespace core {

namespace {

struct Renamed {
  std::string_view server;
  Sqlstate odbc;
};
constexpr Renamed renamed_states[] = {
    {"42P01", Sqlstate("42S02")},  // undefined_table
    {"42703", Sqlstate("42S22")},  // undefined_column
    {"42P07", Sqlstate("42S01")},  // duplicate_table
    {"42701", Sqlstate("42S21")},  // duplicate_column
};

std::string_view field(const PGresult& result, int code) {
  const char* text = PQresultErrorField(&result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

void append_labelled(std::string& text, std::string_view label, std::string_view value) {
  if (value.empty()) return;
  text.append(". ").append(label).append(": ").append(one_line(value));
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

std::string one_line(std::string_view message) {
  std::string line;
  for (const char c : message) {
    const char plain = c == '\n' || c == '\t' || c == '\r' ? ' ' : c;
    if (plain == ' ' && (line.empty() || line.back() == ' ')) continue;
    line.push_back(plain);
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

Sqlstate odbc_state(std::string_view server_state) {
  if (server_state.starts_with("23")) return Sqlstate("23000");
  for (const Renamed& row : renamed_states)
    if (row.server == server_state) return row.odbc;
  return Sqlstate::from_server(server_state);
}

namespace {

std::string position_in_text(const PGresult& result, int prefix) {
  const std::string_view told = field(result, PG_DIAG_STATEMENT_POSITION);
  int position = 0;
  std::from_chars(told.data(), told.data() + told.size(), position);
  return position > prefix ? std::to_string(position - prefix) : std::string();
}

}  // namespace

Error statement_error(const PGresult& result, int prefix) {
  const std::string_view server = field(result, PG_DIAG_SQLSTATE);
  const Sqlstate state = odbc_state(server);
  std::string text = one_line(field(result, PG_DIAG_MESSAGE_PRIMARY));
  if (text.empty()) text = one_line(PQresultErrorMessage(&result));
  append_labelled(text, "DETAIL", field(result, PG_DIAG_MESSAGE_DETAIL));
  append_labelled(text, "HINT", field(result, PG_DIAG_MESSAGE_HINT));
  append_labelled(text, "At character", position_in_text(result, prefix));
  if (!server.empty() && state.view() != server) text.append(" [").append(server).append("]");
  return Error(state, pg_component, std::move(text), Reached::answered, native_of(server));
}

bool ends_session(const PGresult& result) {
  const std::string_view severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
  return severity == "FATAL" || severity == "PANIC";
}

namespace {

constexpr std::string_view attempt_mark = "connection to server at ";
constexpr std::string_view failed_mark = " failed: ";

// "FATAL:  28P01: text" -> state and text. The severity is translated, so it is not compared.
std::pair<std::string_view, std::string_view> split_state(std::string_view reason) {
  for (std::size_t colon = reason.find(": "); colon != std::string_view::npos;
       colon = reason.find(": ", colon + 1)) {
    std::size_t at = colon + 2;
    while (at < reason.size() && reason[at] == ' ') ++at;
    const std::string_view candidate = reason.substr(at, 5);
    const bool is_state = candidate.size() == 5 && reason.substr(at + 5, 2) == ": " &&
                          std::ranges::all_of(candidate, legal_in_sqlstate) &&
                          std::ranges::any_of(candidate, [](char c) { return c <= '9'; });
    if (is_state) return {candidate, reason.substr(at + 7)};
  }
  return {{}, reason};
}

// The lines of one attempt that say something: no LOCATION of the server's source, no advice of
// libpq's (its own follows).
std::string essential(std::string_view attempt) {
  std::string kept;
  while (!attempt.empty()) {
    const std::size_t end = std::min(attempt.find('\n'), attempt.size());
    const std::string_view line = attempt.substr(0, end);
    attempt.remove_prefix(std::min(end + 1, attempt.size()));
    if (line.starts_with("LOCATION:") || line.starts_with("\tIs the server running")) continue;
    if (!kept.empty()) kept.push_back(' ');
    kept.append(line);
  }
  return one_line(kept);
}

struct Attempt {
  std::string where;  // libpq's `"name" (1.2.3.4), port 5432`; empty when it names none
  std::string state;
  std::string reason;
  bool operator==(const Attempt&) const = default;
};

Attempt read_attempt(std::string_view text) {
  Attempt attempt;
  if (text.starts_with(attempt_mark)) {
    const std::size_t failed = text.find(failed_mark);
    if (failed != std::string_view::npos) {
      attempt.where = text.substr(attempt_mark.size(), failed - attempt_mark.size());
      text.remove_prefix(failed + failed_mark.size());
    }
  }
  const std::string plain = essential(text);
  const auto [state, reason] = split_state(plain);
  attempt.state = state;
  attempt.reason = reason;
  return attempt;
}

std::vector<Attempt> read_attempts(std::string_view message) {
  std::vector<Attempt> attempts;
  while (!message.empty()) {
    const std::size_t next = message.find(std::string("\n").append(attempt_mark));
    Attempt attempt = read_attempt(message.substr(0, next));
    const bool is_new = std::ranges::find(attempts, attempt) == attempts.end();
    if (is_new && !attempt.reason.empty()) attempts.push_back(std::move(attempt));
    if (next == std::string_view::npos) break;
    message.remove_prefix(next + 1);
  }
  return attempts;
}

std::string advice_for(std::string_view text) {
  struct Advice {
    std::string_view mark;
    std::string_view sentence;
  };
  static constexpr Advice advices[] = {
      {"Connection refused", "Is the server running there, and is the port right?"},
      {"invalid response to SSL negotiation",
       "What answers there does not speak PostgreSQL's protocol: check host and port"},
      {"expected authentication request",
       "What answers there does not speak PostgreSQL's protocol: check host and port"},
      {"does not match host name",
       "The certificate belongs to another host: check the host name, or set sslmode=verify-ca"},
      {"certificate verify failed",
       "The server's certificate is not signed by an authority in sslrootcert: check that file"},
      {"server does not support SSL",
       "Enable TLS on the server, or set sslmode=prefer if the network is trusted"},
      {"root certificate file", "Set sslrootcert to a readable file of PEM certificates"},
      {"server closed the connection unexpectedly",
       "The server closed the connection during the handshake: is it a PostgreSQL server, is it "
       "restarting, or does a proxy refuse this client?"},
      {"Connection reset by peer",
       "The server closed the connection during the handshake: is it a PostgreSQL server, is it "
       "restarting, or does a proxy refuse this client?"},
  };
  for (const Advice& advice : advices)
    if (contains(text, advice.mark)) return std::string(advice.sentence);
  return {};
}

Sqlstate connect_state(std::string_view server_state) {
  if (server_state.empty()) return sqlstate::cannot_connect;
  if (server_state.starts_with("28")) return sqlstate::login_failed;
  return sqlstate::server_rejected;
}

}  // namespace

ConnectFailure parse_connect_error(std::string_view message) {
  const std::vector<Attempt> attempts = read_attempts(message);
  ConnectFailure failure;
  const bool same_reason = std::ranges::all_of(
      attempts, [&](const Attempt& a) { return a.reason == attempts.front().reason; });
  for (const Attempt& attempt : attempts) {
    if (!attempt.state.empty()) failure.server_state = attempt.state;
    if (same_reason && &attempt != &attempts.front()) continue;
    if (!failure.text.empty()) failure.text.append("; ");
    if (!same_reason && !attempt.where.empty())
      failure.text.append("at ").append(attempt.where).append(": ");
    failure.text.append(attempt.reason);
  }
  return failure;
}

Error connect_error(const HostPort& target, std::string_view libpq_message) {
  const ConnectFailure failure = parse_connect_error(libpq_message);
  std::string text = "cannot connect to " + target.text() + ": ";
  text.append(failure.text.empty() ? "the server gave no reason" : failure.text);
  const Sqlstate state = connect_state(failure.server_state);
  if (const std::string advice = advice_for(failure.text); !advice.empty())
    text.append(". ").append(advice);
  const bool renamed = !failure.server_state.empty() && state.view() != failure.server_state;
  if (renamed) text.append(" [").append(failure.server_state).append("]");
  const int native =
      failure.server_state.empty() ? native_code::connect_failed : native_of(failure.server_state);
  return Error(state, pg_component, std::move(text), Reached::answered, native).with_link_lost();
}

}  // namespace core
