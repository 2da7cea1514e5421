// SPDX-License-Identifier: Apache-2.0
// What SQLTables and SQLColumns have to know, by one query each, with remarks and defaults.
#include <array>
#include <cstring>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/link.h"
#include "libmariadb_subject/received.h"

namespace bench {
namespace {

constexpr std::string_view tables_query =
    "SELECT table_schema, table_name, table_type, table_comment FROM information_schema.tables "
    "WHERE table_schema = 'bench_catalog' AND table_type = 'BASE TABLE' ORDER BY 1, 2";
constexpr const char* columns_query =
    "SELECT table_schema, table_name, column_name, data_type, column_type, "
    "character_maximum_length, character_octet_length, numeric_precision, numeric_scale, "
    "datetime_precision, is_nullable, column_default, column_comment, ordinal_position "
    "FROM information_schema.columns WHERE table_schema = 'bench_catalog' ";
constexpr const char* of_all_tables = "ORDER BY 1, 2, ordinal_position";
constexpr const char* of_one_table = "AND table_name = 'table_1' ORDER BY ordinal_position";

std::uint64_t name_check(const Result& result, MYSQL_ROW row, std::size_t column,
                         std::size_t weight) {
  std::array<char, text_size> name;
  const auto length = mysql_fetch_lengths(result.get())[column];
  std::memcpy(name.data(), row[column], length);
  return text_check(weight, name.data(), length);
}

std::uint64_t table_check(const Result& result, MYSQL_ROW row) {
  return name_check(result, row, 0, 2) + name_check(result, row, 1, 3);
}
std::uint64_t column_check(const Result& result, MYSQL_ROW row) {
  const bool nullable = row[10][0] == 'Y';
  return name_check(result, row, 1, 3) + name_check(result, row, 2, 4) + (nullable ? 1U : 0U);
}

template <std::uint64_t (*check_row)(const Result&, MYSQL_ROW)>
Sample repeat(const Settings& settings, std::string_view query) {
  const Link link = open_link(settings.connection);
  read_text<check_row>(store(link, query));
  std::uint64_t check = 0;
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op)
    check += read_text<check_row>(store(link, query)).check;
  return meter.finish(static_cast<double>(settings.ops), check);
}

Sample tables(const Settings& settings) { return repeat<table_check>(settings, tables_query); }
Sample columns(const Settings& settings) {
  return repeat<column_check>(settings, std::string(columns_query) + of_all_tables);
}
Sample columns_of_one(const Settings& settings) {
  return repeat<column_check>(settings, std::string(columns_query) + of_one_table);
}

constexpr std::array cases{
    Case{"catalog_tables", "query", tables},
    Case{"catalog_columns", "query", columns},
    Case{"catalog_columns_one", "query", columns_of_one},
};

}  // namespace

std::span<const Case> catalog_cases() { return cases; }

}  // namespace bench
