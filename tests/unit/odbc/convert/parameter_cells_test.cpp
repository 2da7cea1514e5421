// SPDX-License-Identifier: Apache-2.0
// The whole matrix "C to SQL" (ODBC reference, appendix D): every C type with every SQL type. A
// pair that is not in the table must be 07006; a pair that is in it must deliver.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "odbc/convert/interval_fields.h"
#include "odbc/convert/number.h"
#include "odbc/convert/parameter_matrix.h"
#include "odbc/convert/render.h"
#include "odbc/tables/type_table.h"
#include "odbc/text/wide.h"

namespace odbc::convert {
namespace {

using Kind = core::ValueKind;
using Codes = std::vector<SQLSMALLINT>;

const std::map<std::string, Codes> c_groups = {
    {"character", {SQL_C_CHAR, SQL_C_WCHAR}},
    {"binary", {SQL_C_BINARY}},
    {"bit", {SQL_C_BIT}},
    {"integer",
     {SQL_C_STINYINT, SQL_C_TINYINT, SQL_C_UTINYINT, SQL_C_SSHORT, SQL_C_SHORT, SQL_C_USHORT,
      SQL_C_SLONG, SQL_C_LONG, SQL_C_ULONG, SQL_C_SBIGINT, SQL_C_UBIGINT, SQL_BIGINT}},
    {"real", {SQL_C_FLOAT, SQL_C_DOUBLE}},
    {"numeric", {SQL_C_NUMERIC}},
    {"date", {SQL_C_TYPE_DATE, SQL_C_DATE}},
    {"time", {SQL_C_TYPE_TIME, SQL_C_TIME}},
    {"timestamp", {SQL_C_TYPE_TIMESTAMP, SQL_C_TIMESTAMP}},
    {"guid", {SQL_C_GUID}},
    {"months", {SQL_C_INTERVAL_YEAR, SQL_C_INTERVAL_MONTH}},
    {"year to month", {SQL_C_INTERVAL_YEAR_TO_MONTH}},
    {"days",
     {SQL_C_INTERVAL_DAY, SQL_C_INTERVAL_HOUR, SQL_C_INTERVAL_MINUTE, SQL_C_INTERVAL_SECOND}},
    {"day to second",
     {SQL_C_INTERVAL_DAY_TO_HOUR, SQL_C_INTERVAL_DAY_TO_MINUTE, SQL_C_INTERVAL_DAY_TO_SECOND,
      SQL_C_INTERVAL_HOUR_TO_MINUTE, SQL_C_INTERVAL_HOUR_TO_SECOND,
      SQL_C_INTERVAL_MINUTE_TO_SECOND}},
};

const std::map<std::string, Codes> sql_groups = {
    {"untyped", {SQL_UNKNOWN_TYPE}},
    {"text", {SQL_CHAR, SQL_VARCHAR, SQL_LONGVARCHAR, SQL_WCHAR, SQL_WVARCHAR, SQL_WLONGVARCHAR}},
    {"whole", {SQL_TINYINT, SQL_SMALLINT, SQL_INTEGER, SQL_BIGINT}},
    {"bit", {SQL_BIT}},
    {"real", {SQL_REAL, SQL_FLOAT, SQL_DOUBLE}},
    {"decimal", {SQL_DECIMAL, SQL_NUMERIC}},
    {"bytes", {SQL_BINARY, SQL_VARBINARY, SQL_LONGVARBINARY}},
    {"date", {SQL_TYPE_DATE, SQL_DATE}},
    {"time", {SQL_TYPE_TIME, SQL_TIME}},
    {"timestamp", {SQL_TYPE_TIMESTAMP, SQL_TIMESTAMP}},
    {"guid", {SQL_GUID}},
    {"months", {SQL_INTERVAL_YEAR, SQL_INTERVAL_MONTH}},
    {"year to month", {SQL_INTERVAL_YEAR_TO_MONTH}},
    {"days", {SQL_INTERVAL_DAY, SQL_INTERVAL_HOUR, SQL_INTERVAL_MINUTE, SQL_INTERVAL_SECOND}},
    {"day to second",
     {SQL_INTERVAL_DAY_TO_HOUR, SQL_INTERVAL_DAY_TO_MINUTE, SQL_INTERVAL_DAY_TO_SECOND,
      SQL_INTERVAL_HOUR_TO_MINUTE, SQL_INTERVAL_HOUR_TO_SECOND, SQL_INTERVAL_MINUTE_TO_SECOND}},
};

constexpr char guid_text[] = "01020304-0506-0708-090a-0b0c0d0e0f10";

/// What goes in (as text; encoded for the C type), and what must come out: the outcome's state and,
/// when it delivers, the kind of the value and how its text begins.
struct Cell {
  const char* c_group;
  const char* sql_group;
  const char* in;
  const char* state;
  Kind kind = Kind::null;
  const char* text = "";
};

const std::vector<Cell> cells = {
    {"character", "untyped", "any", "00000", Kind::text, "any"},
    {"character", "text", "any", "00000", Kind::text, "any"},
    {"character", "whole", " -12 ", "00000", Kind::integer, "-12"},
    {"character", "whole", "1.5", "22001"},
    {"character", "whole", "99999999999999999999", "22003"},
    {"character", "whole", "one", "22018"},
    {"character", "whole", "", "22018"},
    {"character", "bit", "1", "00000", Kind::boolean, "1"},
    {"character", "bit", "0.5", "22001"},
    {"character", "bit", "1.5", "22001"},
    {"character", "bit", "2", "22003"},
    {"character", "bit", "2.5", "22003"},
    {"character", "bit", "-1", "22003"},
    {"character", "bit", "-0.5", "22003"},
    {"character", "bit", "true", "22018"},
    {"character", "real", "1.5e1", "00000", Kind::real, "15"},
    {"character", "real", "1e999", "22003"},
    {"character", "real", "1,5", "22018"},
    {"character", "decimal", "+1.50", "00000", Kind::decimal, "1.50"},
    {"character", "decimal", "1.5e3", "00000", Kind::decimal, "1500"},
    {"character", "decimal", "1e999", "22003"},
    {"character", "decimal", "1.2.3", "22018"},
    {"character", "bytes", "00fF", "00000", Kind::bytes},
    {"character", "bytes", "0", "22018"},
    {"character", "bytes", "0g", "22018"},
    {"character", "date", "2024-02-29", "00000", Kind::date, "2024-02-29"},
    {"character", "date", "{d '2024-02-29'}", "00000", Kind::date, "2024-02-29"},
    {"character", "date", "2024-02-29 00:00:00", "00000", Kind::date, "2024-02-29"},
    {"character", "date", "2024-02-29 00:00:01", "22008"},
    {"character", "date", "2023-02-29", "22018"},
    {"character", "date", "12:00:00", "22018"},
    {"character", "time", "23:59:59", "00000", Kind::time, "23:59:59"},
    {"character", "time", "2024-02-29 23:59:59", "00000", Kind::time, "23:59:59"},
    {"character", "time", "2024-02-29", "22018"},
    {"character", "time", "24:00:61", "22018"},
    {"character", "timestamp", "2024-02-29 23:59:59.5", "00000", Kind::timestamp,
     "2024-02-29 23:59:59.5"},
    {"character", "timestamp", "2024-02-29", "00000", Kind::timestamp, "2024-02-29 00:00:00"},
    {"character", "timestamp", "23:59:59", "00000", Kind::timestamp},
    {"character", "timestamp", "now", "22018"},
    {"character", "guid", guid_text, "00000", Kind::guid, guid_text},
    {"character", "guid", "0102", "22018"},
    {"character", "months", "7", "00000", Kind::interval},
    {"character", "months", "seven", "22018"},
    {"character", "year to month", "1-2", "00000", Kind::interval},
    {"character", "year to month", "1-13", "22015"},
    {"character", "days", "-7", "00000", Kind::interval},
    {"character", "days", "x", "22018"},
    {"character", "day to second", "0", "22018"},
    {"character", "day to second", "5 hours", "00000", Kind::interval},

    {"binary", "untyped", "00ff", "00000", Kind::bytes},
    {"binary", "text", "616263", "00000", Kind::text, "abc"},
    {"binary", "whole", "value 1", "00000", Kind::integer, "1"},
    {"binary", "whole", "000000", "22003"},
    {"binary", "bit", "01", "00000", Kind::boolean, "1"},
    {"binary", "bit", "02", "22003"},
    {"binary", "bit", "0101", "22003"},
    {"binary", "real", "value 1", "00000", Kind::real, "1"},
    {"binary", "real", "00", "22003"},
    {"binary", "decimal", "value 1", "00000", Kind::decimal, "1"},
    {"binary", "decimal", "00", "22003"},
    {"binary", "bytes", "00ff", "00000", Kind::bytes},
    {"binary", "bytes", "", "00000", Kind::bytes},
    {"binary", "date", "value 2024-02-29", "00000", Kind::date, "2024-02-29"},
    {"binary", "date", "00", "22003"},
    {"binary", "time", "value 1:02:03", "00000", Kind::time, "01:02:03"},
    {"binary", "time", "00", "22003"},
    {"binary", "timestamp", "value 2024-02-29 1:02:03", "00000", Kind::timestamp,
     "2024-02-29 01:02:03"},
    {"binary", "timestamp", "00", "22003"},
    {"binary", "guid", "01020304050607080910111213141516", "00000", Kind::guid},
    {"binary", "guid", "00", "22003"},
    {"binary", "months", "value 1", "00000", Kind::interval},
    {"binary", "months", "00", "22003"},
    {"binary", "year to month", "value 1", "00000", Kind::interval},
    {"binary", "days", "value 1", "00000", Kind::interval},
    {"binary", "day to second", "value 1", "00000", Kind::interval},

    {"bit", "untyped", "1", "00000", Kind::boolean, "1"},
    {"bit", "untyped", "2", "22003"},
    {"bit", "text", "1", "00000", Kind::text, "1"},
    {"bit", "whole", "1", "00000", Kind::integer, "1"},
    {"bit", "bit", "0", "00000", Kind::boolean, "0"},
    {"bit", "bit", "2", "22003"},
    {"bit", "real", "1", "00000", Kind::real, "1"},
    {"bit", "decimal", "1", "00000", Kind::integer, "1"},

    {"integer", "untyped", "7", "00000", Kind::integer, "7"},
    {"integer", "text", "7", "00000", Kind::text, "7"},
    {"integer", "whole", "7", "00000", Kind::integer, "7"},
    {"integer", "bit", "1", "00000", Kind::boolean, "1"},
    {"integer", "bit", "2", "22003"},
    {"integer", "real", "7", "00000", Kind::real, "7"},
    {"integer", "decimal", "7", "00000", Kind::integer, "7"},
    {"integer", "months", "7", "00000", Kind::interval},
    {"integer", "days", "7", "00000", Kind::interval},

    {"real", "untyped", "1.5", "00000", Kind::real, "1.5"},
    {"real", "text", "1.5", "00000", Kind::text, "1.5"},
    {"real", "whole", "7", "00000", Kind::integer, "7"},
    {"real", "whole", "-7.5", "01S07", Kind::integer, "-7"},
    {"real", "whole", "1e30", "22003"},
    {"real", "whole", "nan", "22003"},
    {"real", "bit", "1", "00000", Kind::boolean, "1"},
    {"real", "bit", "0.5", "22001"},
    {"real", "bit", "2.5", "22003"},
    {"real", "bit", "-0.5", "22003"},
    {"real", "real", "1.5", "00000", Kind::real, "1.5"},
    {"real", "real", "inf", "00000", Kind::real, "Infinity"},
    {"real", "decimal", "1.5", "00000", Kind::decimal, "1.5"},
    {"real", "decimal", "-inf", "00000", Kind::decimal, "-Infinity"},
    {"real", "decimal", "nan", "00000", Kind::decimal, "NaN"},

    {"numeric", "untyped", "-123.45", "00000", Kind::decimal, "-123.45"},
    {"numeric", "text", "-123.45", "00000", Kind::text, "-123.45"},
    {"numeric", "whole", "7", "00000", Kind::integer, "7"},
    {"numeric", "whole", "-7.5", "01S07", Kind::integer, "-7"},
    {"numeric", "whole", "99999999999999999999", "22003"},
    {"numeric", "bit", "1", "00000", Kind::boolean, "1"},
    {"numeric", "bit", "0.5", "22001"},
    {"numeric", "bit", "2", "22003"},
    {"numeric", "real", "1.5", "00000", Kind::real, "1.5"},
    {"numeric", "decimal", "99999999999999999999.5", "00000", Kind::decimal,
     "99999999999999999999.5"},
    {"numeric", "months", "7", "00000", Kind::interval},
    {"numeric", "months", "7.5", "22015"},
    {"numeric", "days", "7", "00000", Kind::interval},
    {"numeric", "days", "99999999999999999999", "22015"},

    {"date", "untyped", "2024-02-29", "00000", Kind::date, "2024-02-29"},
    {"date", "text", "2024-02-29", "00000", Kind::text, "2024-02-29"},
    {"date", "date", "2024-02-29", "00000", Kind::date, "2024-02-29"},
    {"date", "date", "2023-02-29", "22007"},
    {"date", "timestamp", "2024-02-29", "00000", Kind::timestamp, "2024-02-29 00:00:00"},
    {"date", "timestamp", "2023-02-29", "22007"},

    {"time", "untyped", "1:02:03", "00000", Kind::time, "01:02:03"},
    {"time", "text", "1:02:03", "00000", Kind::text, "01:02:03"},
    {"time", "time", "23:59:59", "00000", Kind::time, "23:59:59"},
    {"time", "timestamp", "1:02:03", "00000", Kind::timestamp},

    {"timestamp", "untyped", "2024-02-29 1:02:03", "00000", Kind::timestamp, "2024-02-29 01:02:03"},
    {"timestamp", "text", "2024-02-29 1:02:03", "00000", Kind::text, "2024-02-29 01:02:03"},
    {"timestamp", "date", "2024-02-29 0:00:00", "00000", Kind::date, "2024-02-29"},
    {"timestamp", "date", "2024-02-29 1:02:03", "22008"},
    {"timestamp", "time", "2024-02-29 1:02:03", "00000", Kind::time, "01:02:03"},
    {"timestamp", "timestamp", "2024-02-29 1:02:03", "00000", Kind::timestamp,
     "2024-02-29 01:02:03"},
    {"timestamp", "timestamp", "2023-02-29 1:02:03", "22007"},

    {"guid", "untyped", guid_text, "00000", Kind::guid, guid_text},
    {"guid", "text", guid_text, "00000", Kind::text, guid_text},
    {"guid", "bytes", guid_text, "00000", Kind::bytes},
    {"guid", "guid", guid_text, "00000", Kind::guid, guid_text},

    {"months", "untyped", "1", "00000", Kind::interval},
    {"months", "text", "1", "00000", Kind::text, "1"},
    {"months", "whole", "1", "00000", Kind::integer, "1"},
    {"months", "decimal", "1", "00000", Kind::decimal, "1"},
    {"months", "months", "0", "00000", Kind::interval},
    {"months", "year to month", "1", "00000", Kind::interval},
    {"year to month", "untyped", "1", "00000", Kind::interval},
    {"year to month", "text", "1", "00000", Kind::text, "1-"},
    {"year to month", "months", "0", "00000", Kind::interval},
    {"year to month", "year to month", "1", "00000", Kind::interval},
    {"days", "untyped", "1", "00000", Kind::interval},
    {"days", "text", "1", "00000", Kind::text, "1"},
    {"days", "whole", "1", "00000", Kind::integer, "1"},
    {"days", "decimal", "1", "00000", Kind::decimal, "1"},
    {"days", "days", "0", "00000", Kind::interval},
    {"days", "day to second", "0", "00000", Kind::interval},
    {"day to second", "untyped", "1", "00000", Kind::interval},
    {"day to second", "text", "1", "00000", Kind::text, "1"},
    {"day to second", "days", "0", "00000", Kind::interval},
    {"day to second", "day to second", "0", "00000", Kind::interval},
};

template <class T>
std::string bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::string from_hex(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16)));
  return bytes;
}

std::string numeric_bytes(std::string_view text) {
  SQL_NUMERIC_STRUCT numeric{};
  numeric.precision = 38;
  numeric.sign = text.front() == '-' ? 0 : 1;
  Uint128 digits = 0;
  bool fraction = false;
  for (const char c : text) {
    if (c == '.') fraction = true;
    if (c < '0' || c > '9') continue;
    digits = digits * 10 + static_cast<unsigned>(c - '0');
    if (fraction) ++numeric.scale;
  }
  std::memcpy(numeric.val, &digits, sizeof numeric.val);
  return bytes_of(numeric);
}

// Every field of the type is the number.
std::string interval_bytes(SQLSMALLINT c_type, SQLUINTEGER number) {
  const SQLINTERVAL type = interval_type_of(c_type);
  SQL_INTERVAL_STRUCT value{};
  value.interval_type = type;
  SQLUINTEGER* const fields[] = {&value.intval.year_month.year,   &value.intval.year_month.month,
                                 &value.intval.day_second.day,    &value.intval.day_second.hour,
                                 &value.intval.day_second.minute, &value.intval.day_second.second};
  const interval::Range range = interval::range_of(type);
  for (auto i = static_cast<int>(range.first); i <= static_cast<int>(range.last); ++i)
    *fields[i] = number;
  return bytes_of(value);
}

std::string moment_bytes(Target target, const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
  if (target == Target::time)
    std::sscanf(text.c_str(), "%d:%d:%d", &hour, &minute, &second);
  else
    std::sscanf(text.c_str(), "%d-%d-%d %d:%d:%d", &year, &month, &day, &hour, &minute, &second);
  const auto y = static_cast<SQLSMALLINT>(year);
  const auto u = [](int number) { return static_cast<SQLUSMALLINT>(number); };
  if (target == Target::date) return bytes_of(SQL_DATE_STRUCT{y, u(month), u(day)});
  if (target == Target::time) return bytes_of(SQL_TIME_STRUCT{u(hour), u(minute), u(second)});
  return bytes_of(SQL_TIMESTAMP_STRUCT{y, u(month), u(day), u(hour), u(minute), u(second), 0});
}

std::string number_bytes(Target target, const std::string& text) {
  const auto number = std::strtoll(text.c_str(), nullptr, 10);
  switch (fixed_size(target)) {
    case 1: return bytes_of(static_cast<std::int8_t>(number));
    case 2: return bytes_of(static_cast<std::int16_t>(number));
    case 4: return bytes_of(static_cast<std::int32_t>(number));
    default: return bytes_of(static_cast<std::int64_t>(number));
  }
}

std::string encode(SQLSMALLINT c_type, SQLSMALLINT sql_type, const std::string& in) {
  const Target target = target_of(c_type);
  switch (target) {
    case Target::char_: return in;
    case Target::wchar: {
      const std::u16string wide = text::to_utf16(in);
      return {reinterpret_cast<const char*>(wide.data()), wide.size() * sizeof(char16_t)};
    }
    case Target::binary: {
      if (in.rfind("value ", 0) != 0) return from_hex(in);
      const std::string value = in.substr(6);
      if (interval_type_of(sql_type) != no_interval)
        return encode(sql_type, sql_type, value);  // the C type has the same number
      const bool exact = tables::logical_type(sql_type) == core::SqlType::decimal;
      const Target by_default = default_target(sql_type, false);
      return encode(exact ? SQLSMALLINT{SQL_C_NUMERIC} : c_type_of(by_default), sql_type, value);
    }
    case Target::float_: return bytes_of(std::strtof(in.c_str(), nullptr));
    case Target::double_: return bytes_of(std::strtod(in.c_str(), nullptr));
    case Target::numeric: return numeric_bytes(in);
    case Target::date:
    case Target::time:
    case Target::timestamp: return moment_bytes(target, in);
    case Target::guid:
      return bytes_of(SQLGUID{0x01020304, 0x0506, 0x0708, {9, 10, 11, 12, 13, 14, 15, 16}});
    case Target::interval: return interval_bytes(c_type, static_cast<SQLUINTEGER>(std::stoul(in)));
    default: return number_bytes(target, in);
  }
}

struct Read {
  std::string state;
  Kind kind = Kind::null;
  std::string text;
};

Read read(SQLSMALLINT c_type, SQLSMALLINT sql_type, const std::string& in) {
  const auto declared = tables::logical_type(sql_type);
  ParameterTraits traits;
  traits.c_type = c_type;
  traits.sql_type = sql_type;
  const ParameterPlan plan = plan_parameter(target_of(c_type), *declared, traits);
  Arena arena;
  core::Value value;
  const std::string bytes = encode(c_type, sql_type, in);
  const Outcome outcome = plan.read(bytes, arena, value);
  Read result{std::string(state_of(outcome).view()), value.kind, {}};
  char scratch[scratch_size];
  const Render render = render_of(value.kind);
  if (delivers(outcome) && render != nullptr)
    result.text = render(value, core::SqlType::unknown, scratch).text;
  return result;
}

std::string named(SQLSMALLINT c_type, SQLSMALLINT sql_type) {
  return "C type " + std::to_string(c_type) + " to SQL type " + std::to_string(sql_type);
}

TEST(ParameterCells, every_case_of_the_table_holds_for_every_type_of_its_groups) {
  for (const Cell& cell : cells)
    for (const SQLSMALLINT c_type : c_groups.at(cell.c_group))
      for (const SQLSMALLINT sql_type : sql_groups.at(cell.sql_group)) {
        const Read got = read(c_type, sql_type, cell.in);
        const std::string where = named(c_type, sql_type) + ", " + cell.in;
        EXPECT_EQ(got.state, cell.state) << where;
        if (got.state != "00000" && got.state != "01S07") continue;
        EXPECT_EQ(static_cast<int>(got.kind), static_cast<int>(cell.kind)) << where;
        EXPECT_EQ(got.text.substr(0, std::strlen(cell.text)), cell.text) << where;
      }
}

TEST(ParameterCells, every_pair_outside_the_table_is_07006) {
  std::set<std::pair<std::string, std::string>> legal;
  for (const Cell& cell : cells)
    if (std::string_view(cell.state) == "00000") legal.insert({cell.c_group, cell.sql_group});
  const std::map<std::string, std::string> samples = {
      {"date", "2024-02-29"}, {"time", "1:02:03"}, {"timestamp", "2024-02-29 0:00:00"},
      {"guid", guid_text},    {"binary", "00"},
  };
  int restricted = 0;
  for (const auto& [c_group, c_types] : c_groups)
    for (const auto& [sql_group, sql_types] : sql_groups) {
      if (legal.count({c_group, sql_group}) != 0) continue;
      const auto sample = samples.find(c_group);
      for (const SQLSMALLINT c_type : c_types)
        for (const SQLSMALLINT sql_type : sql_types) {
          EXPECT_EQ(read(c_type, sql_type, sample == samples.end() ? "1" : sample->second).state,
                    "07006")
              << named(c_type, sql_type);
          ++restricted;
        }
    }
  EXPECT_GT(restricted, 500);
}

TEST(ParameterCells, every_type_of_odbc_belongs_to_one_group) {
  const auto count = [](const std::map<std::string, Codes>& groups, SQLSMALLINT code) {
    return std::count_if(groups.begin(), groups.end(), [&](const auto& group) {
      return std::count(group.second.begin(), group.second.end(), code) == 1;
    });
  };
  for (SQLSMALLINT code = -200; code <= 200; ++code) {
    EXPECT_EQ(count(c_groups, code), target_of(code) < Target::count_ ? 1 : 0) << code;
    EXPECT_EQ(count(sql_groups, code), tables::logical_type(code) ? 1 : 0) << code;
  }
}

TEST(ParameterCells, limits_of_every_integer) {
  const auto check = [](SQLSMALLINT c_type, auto least, auto most) {
    Arena arena;
    for (const auto number : {least, most}) {
      core::Value value;
      const std::string bytes = bytes_of(number);
      const ParameterPlan plan = plan_parameter(target_of(c_type), core::SqlType::varchar);
      ASSERT_EQ(plan.read(bytes, arena, value), Outcome::ok);
      EXPECT_EQ(value.text, std::to_string(number)) << c_type;
    }
  };
  check(SQL_C_STINYINT, std::int8_t{-128}, std::int8_t{127});
  check(SQL_C_UTINYINT, std::uint8_t{0}, std::uint8_t{255});
  check(SQL_C_SSHORT, std::int16_t{-32768}, std::int16_t{32767});
  check(SQL_C_USHORT, std::uint16_t{0}, std::uint16_t{65535});
  check(SQL_C_SLONG, std::int32_t{-2147483647 - 1}, std::int32_t{2147483647});
  check(SQL_C_ULONG, std::uint32_t{0}, std::uint32_t{4294967295});
  check(SQL_C_SBIGINT, std::numeric_limits<std::int64_t>::min(),
        std::numeric_limits<std::int64_t>::max());
  check(SQL_C_UBIGINT, std::uint64_t{0}, std::numeric_limits<std::uint64_t>::max());
}

TEST(ParameterCells, a_double_beyond_real_is_22003_for_real_only) {
  EXPECT_EQ(read(SQL_C_DOUBLE, SQL_REAL, "1e300").state, "22003");
  EXPECT_EQ(read(SQL_C_CHAR, SQL_REAL, "1e300").state, "22003");
  EXPECT_EQ(read(SQL_C_DOUBLE, SQL_DOUBLE, "1e300").text, "1e+300");
}

TEST(ParameterCells, fields_that_the_declared_interval_lacks_are_22015) {
  EXPECT_EQ(read(SQL_C_INTERVAL_DAY_TO_SECOND, SQL_INTERVAL_DAY, "1").state, "22015");
  EXPECT_EQ(read(SQL_C_INTERVAL_YEAR_TO_MONTH, SQL_INTERVAL_YEAR, "1").state, "22015");
  EXPECT_EQ(read(SQL_C_INTERVAL_MINUTE, SQL_INTERVAL_HOUR, "1").state, "22015");
  EXPECT_EQ(read(SQL_C_INTERVAL_HOUR, SQL_INTERVAL_MINUTE, "1").state, "00000");
  EXPECT_EQ(read(SQL_C_CHAR, SQL_INTERVAL_DAY, "1 day 2 hours").state, "22015");
}

TEST(ParameterCells, numbers_and_intervals_of_one_field_are_exact) {
  const auto interval = [](SQLSMALLINT sql_type, const std::string& number) {
    ParameterTraits traits;
    traits.sql_type = sql_type;
    Arena arena;
    core::Value value;
    EXPECT_EQ(plan_parameter(Target::numeric, core::SqlType::interval, traits)
                  .read(numeric_bytes(number), arena, value),
              Outcome::ok);
    return std::tuple(value.interval.months, value.interval.days, value.interval.microseconds);
  };
  EXPECT_EQ(interval(SQL_INTERVAL_YEAR, "2"), std::tuple(24, 0, 0));
  EXPECT_EQ(interval(SQL_INTERVAL_MONTH, "-5"), std::tuple(-5, 0, 0));
  EXPECT_EQ(interval(SQL_INTERVAL_DAY, "100000"), std::tuple(0, 100000, 0));
  EXPECT_EQ(interval(SQL_INTERVAL_HOUR, "1"), std::tuple(0, 0, 3'600'000'000));
  EXPECT_EQ(interval(SQL_INTERVAL_SECOND, "-1.25"), std::tuple(0, 0, -1'250'000));
  EXPECT_EQ(read(SQL_C_NUMERIC, SQL_INTERVAL_SECOND, "1.2345678").state, "22015");
}

TEST(ParameterCells, the_scale_of_the_application_descriptor_wins_over_the_struct) {
  ParameterTraits traits;
  traits.numeric_scale = 3;
  Arena arena;
  core::Value value;
  const ParameterPlan plan = plan_parameter(Target::numeric, core::SqlType::decimal, traits);
  EXPECT_EQ(plan.read(numeric_bytes("12345"), arena, value), Outcome::ok);
  EXPECT_EQ(value.text, "12.345");
}

TEST(ParameterCells, text_says_whether_a_nul_follows_it) {
  Arena arena;
  core::Value value;
  const ParameterPlan as_text = plan_parameter(Target::char_, core::SqlType::varchar);
  EXPECT_EQ(as_text.read("abc", arena, value, true), Outcome::ok);
  EXPECT_TRUE(value.nul_follows);
  EXPECT_EQ(as_text.read("abc", arena, value, false), Outcome::ok);
  EXPECT_FALSE(value.nul_follows);
  const ParameterPlan as_decimal = plan_parameter(Target::char_, core::SqlType::decimal);
  EXPECT_EQ(as_decimal.read("1.5 ", arena, value, true), Outcome::ok);
  EXPECT_EQ(value.text, "1.5");
  EXPECT_FALSE(value.nul_follows);
  const ParameterPlan wide = plan_parameter(Target::wchar, core::SqlType::varchar);
  EXPECT_EQ(wide.read({"a\0b\0", 4}, arena, value), Outcome::ok);
  EXPECT_TRUE(value.nul_follows);
  EXPECT_EQ(value.text.data()[2], '\0');
}

}  // namespace
}  // namespace odbc::convert
