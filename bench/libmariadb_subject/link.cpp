// SPDX-License-Identifier: Apache-2.0
// Connecting, errors, and the rows of bench_narrow.
#include "libmariadb_subject/link.h"

#include <sstream>
#include <stdexcept>

namespace bench {
namespace {

unsigned long length_of(std::string_view text) { return static_cast<unsigned long>(text.size()); }

}  // namespace

Link open_link(const std::string& settings) {
  std::string host, user, database;
  unsigned port = 0;
  std::istringstream words(settings);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals), value = word.substr(equals + 1);
    if (name == "host") host = value;
    if (name == "user") user = value;
    if (name == "database") database = value;
    if (name == "port") port = from_text<unsigned>(value);
  }
  Link link(mysql_init(nullptr));
  mysql_options(link.get(), MYSQL_SET_CHARSET_NAME, "utf8mb4");
  require(link, mysql_real_connect(link.get(), host.c_str(), user.c_str(), "", database.c_str(),
                                   port, nullptr, 0) == nullptr);
  return link;
}

void require(const Link& link, bool failed) {
  if (failed) throw std::runtime_error(mysql_error(link.get()));
}

void require(const Prepared& statement, bool failed) {
  if (failed) throw std::runtime_error(mysql_stmt_error(statement.get()));
}

void run(const Link& link, std::string_view command) {
  require(link, mysql_real_query(link.get(), command.data(), length_of(command)) != 0);
}

Result store(const Link& link, std::string_view query) {
  run(link, query);
  Result result(mysql_store_result(link.get()));
  require(link, result == nullptr);
  return result;
}

Result use(const Link& link, std::string_view query) {
  run(link, query);
  Result result(mysql_use_result(link.get()));
  require(link, result == nullptr);
  return result;
}

Prepared prepare(const Link& link, std::string_view query) {
  Prepared statement(mysql_stmt_init(link.get()));
  require(statement, mysql_stmt_prepare(statement.get(), query.data(), length_of(query)) != 0);
  return statement;
}

std::uint64_t decode_narrow(const Result& result, MYSQL_ROW row) {
  const unsigned long* const lengths = mysql_fetch_lengths(result.get());
  const auto i = from_text<std::int32_t>({row[0], lengths[0]});
  const auto d = from_text<double>({row[1], lengths[1]});
  std::array<char, text_size> text;
  std::memcpy(text.data(), row[2], lengths[2] < text.size() ? lengths[2] : text.size());
  return row_check(i, d, std::string_view(text.data(), lengths[2]));
}

void BoundNarrow::bind(const Prepared& statement) {
  std::array binds{place(MYSQL_TYPE_LONG, &i), place(MYSQL_TYPE_DOUBLE, &d),
                   place(MYSQL_TYPE_STRING, s.data(), s.size(), &s_length)};
  require(statement, mysql_stmt_bind_result(statement.get(), binds.data()) != 0);
}

}  // namespace bench
