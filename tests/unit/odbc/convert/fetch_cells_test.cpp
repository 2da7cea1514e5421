// SPDX-License-Identifier: Apache-2.0
// Every cell of the fetch matrix: the grid below says which exist (ODBC reference, appendix D), the
// tables say what each of them does with ordinary values, limits and small buffers. A cell without
// an expectation, and an expectation without a cell, fail.
#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cstring>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "core/client/pg_bytes.h"
#include "core/client/pg_decode.h"
#include "odbc/convert/fetch_matrix.h"
#include "odbc/convert/guid.h"
#include "odbc/convert/interval.h"
#include "odbc/convert/number.h"
#include "odbc/convert/plan.h"

namespace odbc::convert {
namespace {

using Kind = core::ValueKind;
using core::Value;

// -- The grid ------------------------------------------------------------------------------------
struct GridRow {
  Kind kind;
  std::string_view targets;  ///< one mark per Target, in their order
};
// char wchar binary bit | tiny utiny short ushort long ulong big ubig | float double numeric |
// date time timestamp guid interval
constexpr GridRow grid[] = {
    {Kind::boolean, "xxxx xxxxxxxx xxx ....."},   {Kind::integer, "xxxx xxxxxxxx xxx ....x"},
    {Kind::unsigned_, "xxxx xxxxxxxx xxx ....x"}, {Kind::real, "xxxx xxxxxxxx xxx ....."},
    {Kind::decimal, "xxxx xxxxxxxx xxx ....x"},   {Kind::packed, "xxxx xxxxxxxx xxx ....x"},
    {Kind::text, "xxxx xxxxxxxx xxx xxxxx"},      {Kind::bytes, "xxx. ........ ... ....."},
    {Kind::date, "xxx. ........ ... x.x.."},      {Kind::time, "xxx. ........ ... .xx.."},
    {Kind::timestamp, "xxx. ........ ... xxx.."}, {Kind::interval, "xxx. xxxxxxxx ..x ....x"},
    {Kind::guid, "xxx. ........ ... ...x."},
};

bool in_grid(Kind kind, Target target) {
  for (const GridRow& row : grid) {
    if (row.kind != kind) continue;
    std::string marks(row.targets);
    std::erase(marks, ' ');
    EXPECT_EQ(marks.size(), static_cast<std::size_t>(Target::count_));
    return marks[static_cast<std::size_t>(target)] == 'x';
  }
  ADD_FAILURE() << "the grid has no row for kind " << static_cast<int>(kind);
  return false;
}

template <class Call>
void for_each_pair(Call&& call) {
  for (int kind = 1; kind < static_cast<int>(Kind::count_); ++kind)
    for (int target = 0; target < static_cast<int>(Target::count_); ++target)
      call(static_cast<Kind>(kind), static_cast<Target>(target));
}

std::string name_of(Kind kind, Target target) {
  return "kind " + std::to_string(static_cast<int>(kind)) + " to target " +
         std::to_string(static_cast<int>(target));
}

// -- Values from text ----------------------------------------------------------------------------
std::string packed(std::string text) {
  const auto word = [](std::string& out, int number) {
    char bytes[2];
    core::put_big_endian(static_cast<std::int16_t>(number), bytes);
    out.append(bytes, sizeof bytes);
  };
  std::string out;
  const auto special = [&](int sign) {
    for (const int number : {0, 0, sign, 0}) word(out, number);
    return out;
  };
  if (text == "NaN") return special(0xC000);
  if (text == "Infinity") return special(0xD000);
  if (text == "-Infinity") return special(0xF000);
  const bool negative = text.front() == '-';
  if (negative) text.erase(0, 1);
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string whole = text.substr(0, point);
  std::string fraction = point < text.size() ? text.substr(point + 1) : std::string();
  const auto scale = static_cast<int>(fraction.size());
  whole.insert(0, (4 - whole.size() % 4) % 4, '0');
  fraction.append((4 - fraction.size() % 4) % 4, '0');
  int weight = static_cast<int>(whole.size() / 4) - 1;
  std::vector<int> groups;
  const std::string digits = whole + fraction;
  for (std::size_t i = 0; i < digits.size(); i += 4)
    groups.push_back(std::stoi(digits.substr(i, 4)));
  while (!groups.empty() && groups.back() == 0) groups.pop_back();
  while (!groups.empty() && groups.front() == 0) {
    groups.erase(groups.begin());
    --weight;
  }
  for (const int number :
       {static_cast<int>(groups.size()), groups.empty() ? 0 : weight, negative ? 0x4000 : 0, scale})
    word(out, number);
  for (const int group : groups) word(out, group);
  return out;
}

/// `storage` keeps what the value views.
Value value_of(Kind kind, const std::string& text, std::string& storage) {
  Value value;
  value.kind = kind;
  storage = text;
  const char* const begin = storage.data();
  const char* const end = begin + storage.size();
  switch (kind) {
    case Kind::boolean:
    case Kind::integer: std::from_chars(begin, end, value.integer); break;
    case Kind::unsigned_: std::from_chars(begin, end, value.unsigned_integer); break;
    case Kind::real: EXPECT_TRUE(core::real_from_text(text, value)); break;
    case Kind::packed:
      storage = packed(text);
      value.text = storage;
      break;
    case Kind::date: EXPECT_TRUE(core::date_from_text(text, value)) << text; break;
    case Kind::time: EXPECT_TRUE(core::time_from_text(text, value)) << text; break;
    case Kind::timestamp: EXPECT_TRUE(core::timestamp_from_text(text, value)) << text; break;
    case Kind::interval: EXPECT_TRUE(core::interval_from_text(text, value)) << text; break;
    case Kind::guid:
      storage.resize(guid_bytes);
      EXPECT_TRUE(parse_guid(text, storage.data()));
      value.text = storage;
      break;
    default: value.text = storage;
  }
  return value;
}

// -- Buffers to text -----------------------------------------------------------------------------
constexpr char untouched = '#';
using Buffer = std::array<char, 256>;

template <class T>
T get(const Buffer& buffer) {
  T value;
  std::memcpy(&value, buffer.data(), sizeof value);
  return value;
}

template <class T>
std::string number(const Buffer& buffer) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, get<T>(buffer)).ptr};
}

std::string padded(unsigned value, std::size_t width) {
  std::string text = std::to_string(value);
  return std::string(width > text.size() ? width - text.size() : 0, '0') + text;
}

std::string hexadecimal(const Buffer& buffer, std::size_t size) {
  std::string text;
  for (std::size_t i = 0; i < size; ++i) {
    char two[2];
    const auto byte = static_cast<unsigned char>(buffer[i]);
    two[0] = "0123456789abcdef"[byte / 16];
    two[1] = "0123456789abcdef"[byte % 16];
    text.append(two, 2);
  }
  return text;
}

std::string text_until_nul(const Buffer& buffer) {
  return {buffer.data(), std::find(buffer.begin(), buffer.end(), '\0')};
}

std::string wide_until_nul(const Buffer& buffer) {
  std::string text;
  for (std::size_t i = 0; i + 1 < buffer.size(); i += 2) {
    char16_t unit;
    std::memcpy(&unit, &buffer[i], sizeof unit);
    if (unit == 0) break;
    text.push_back(unit < 128 ? static_cast<char>(unit) : '?');
  }
  return text;
}

std::string date(SQLSMALLINT year, unsigned month, unsigned day) {
  return std::to_string(year) + "-" + padded(month, 2) + "-" + padded(day, 2);
}
std::string clock(unsigned hour, unsigned minute, unsigned second) {
  return padded(hour, 2) + ":" + padded(minute, 2) + ":" + padded(second, 2);
}

std::string numeric(const Buffer& buffer) {
  char text[number_room];
  const auto value = get<SQL_NUMERIC_STRUCT>(buffer);
  return std::string(format_number(from_numeric(value), text)) + " p" +
         std::to_string(value.precision);
}

std::string timestamp(const Buffer& buffer) {
  const auto value = get<SQL_TIMESTAMP_STRUCT>(buffer);
  return date(value.year, value.month, value.day) + " " +
         clock(value.hour, value.minute, value.second) + "." + padded(value.fraction, 9);
}

std::string guid(const Buffer& buffer) {
  char bytes[guid_bytes], text[guid_digits];
  from_struct_guid(get<SQLGUID>(buffer), bytes);
  return std::string(format_guid({bytes, guid_bytes}, text));
}

std::string interval(const Buffer& buffer, SQLSMALLINT precision) {
  char text[interval_literal_room];
  const auto value = get<SQL_INTERVAL_STRUCT>(buffer);
  return {text, format_interval_literal(value, value.interval_type, precision, text)};
}

std::string shown(const Buffer& buffer, const Destination& out, Target target, SQLLEN length) {
  switch (target) {
    case Target::char_: return text_until_nul(buffer);
    case Target::wchar: return wide_until_nul(buffer);
    case Target::binary:
      return hexadecimal(buffer, static_cast<std::size_t>(std::min(length, out.capacity)));
    case Target::bit:
    case Target::utinyint: return std::to_string(get<SQLCHAR>(buffer));
    case Target::stinyint: return std::to_string(get<SQLSCHAR>(buffer));
    case Target::sshort: return number<SQLSMALLINT>(buffer);
    case Target::ushort: return number<SQLUSMALLINT>(buffer);
    case Target::slong: return number<SQLINTEGER>(buffer);
    case Target::ulong: return number<SQLUINTEGER>(buffer);
    case Target::sbigint: return number<SQLBIGINT>(buffer);
    case Target::ubigint: return number<SQLUBIGINT>(buffer);
    case Target::float_: return number<SQLREAL>(buffer);
    case Target::double_: return number<SQLDOUBLE>(buffer);
    case Target::numeric: return numeric(buffer);
    case Target::date: {
      const auto value = get<SQL_DATE_STRUCT>(buffer);
      return date(value.year, value.month, value.day);
    }
    case Target::time: {
      const auto value = get<SQL_TIME_STRUCT>(buffer);
      return clock(value.hour, value.minute, value.second);
    }
    case Target::timestamp: return timestamp(buffer);
    case Target::guid: return guid(buffer);
    case Target::interval: return interval(buffer, out.precision);
    default: return "?";
  }
}

// -- Expectations --------------------------------------------------------------------------------
struct Case {
  std::string input;
  std::string expected;  ///< what arrives; behind a SQLSTATE and a blank where there is one
  SQLLEN capacity = 256;
  core::SqlType source = core::SqlType::unknown;
  SQLINTERVAL interval = no_interval;
  core::IntervalFields fields = core::IntervalFields::any;
};
struct CellRow {
  std::vector<Kind> kinds;
  Target target;
  std::vector<Case> cases;
};

std::string outcome_of(Kind kind, Target target, const Case& c) {
  std::string storage;
  const Value value = value_of(kind, c.input, storage);
  Buffer buffer;
  buffer.fill(untouched);
  SQLLEN length = -99;
  Destination out;
  out.data = buffer.data();
  out.capacity = c.capacity;
  out.length = out.indicator = &length;
  out.source = c.source;
  out.fields = c.fields;
  out.interval = c.interval;
  if (c.interval != no_interval) out.precision = 6;
  const Outcome outcome = fetch_cell(kind, target)(value, out);
  for (std::size_t i = static_cast<std::size_t>(c.capacity); i < buffer.size(); ++i)
    if (variable_length(target)) {
      EXPECT_EQ(buffer[i], untouched) << c.input << ": written past the end";
    }
  if (!delivers(outcome)) return std::string(state_of(outcome).view());
  std::string text = shown(buffer, out, target, length);
  if (!variable_length(target)) { EXPECT_EQ(length, static_cast<SQLLEN>(fixed_size(target))); }
  if (outcome == Outcome::truncated) text += " of " + std::to_string(length);
  return outcome == Outcome::ok ? text : std::string(state_of(outcome).view()) + " " + text;
}

const std::vector<Kind> exact = {Kind::decimal, Kind::packed, Kind::text};
const std::vector<Kind> digits = {Kind::decimal, Kind::packed};

// NaN and infinities are decimals of the server, but no numbers of ODBC's literals.
const CellRow rows[] = {
    // Characters
    {{Kind::boolean}, Target::char_, {{"1", "1"}, {"0", "0"}, {"1", "22003", 1}}},
    {{Kind::boolean}, Target::wchar, {{"1", "1"}, {"1", "22003", 2}}},
    {{Kind::integer},
     Target::char_,
     {{"-9223372036854775808", "-9223372036854775808"}, {"42", "42", 3}, {"42", "22003", 2}}},
    {{Kind::integer}, Target::wchar, {{"-42", "-42", 8}, {"-42", "22003", 6}}},
    {{Kind::unsigned_},
     Target::char_,
     {{"18446744073709551615", "18446744073709551615"}, {"10", "22003", 2}}},
    {{Kind::unsigned_},
     Target::wchar,
     {{"18446744073709551615", "18446744073709551615", 42}, {"10", "22003", 4}}},
    {{Kind::real},
     Target::char_,
     {{"0.1", "0.1"},
      {"100000", "100000"},
      {"1e+15", "1e+15"},
      {"0.0001", "0.0001"},
      {"1e-05", "1e-05"},
      {"NaN", "NaN"},
      {"-Infinity", "-Infinity"},
      {"1000000", "1e+06", 256, core::SqlType::real},
      {"0.1", "0.1", 256, core::SqlType::real},
      {"12.75", "01004 12. of 5", 4},
      {"12.75", "22003", 2},
      {"1e+300", "22003", 6}}},
    {{Kind::real},
     Target::wchar,
     {{"-2.5", "-2.5"}, {"12.75", "01004 12. of 10", 8}, {"12.75", "22003", 4}}},
    {digits,
     Target::char_,
     {{"-12.50", "-12.50"},
      {"0.000", "0.000"},
      {"NaN", "NaN"},
      {"-Infinity", "-Infinity"},
      {"123456789012345678901234567890123456789012345678901234567890.5",
       "123456789012345678901234567890123456789012345678901234567890.5"},
      {"12.345", "01004 12.3 of 6", 5},
      {"12.345", "22003", 2},
      {"NaN", "22003", 3}}},
    {digits,
     Target::wchar,
     {{"-12.50", "-12.50"},
      {"0.00000000000000000001", "0.00000000000000000001"},
      {"12.345", "01004 12.3 of 12", 10},
      {"12.345", "22003", 4}}},
    {{Kind::text},
     Target::char_,
     {{"abc", "abc"},
      {"", ""},
      {"abc", "abc", 4},
      {"abc", "01004 ab of 3", 3},
      {"gr\u00fc\u00df", "01004 gr of 6", 4}}},
    {{Kind::text},
     Target::wchar,
     {{"abc", "abc"},
      {"abc", "01004 ab of 6", 6},
      {"a\U0001F600", "01004 a of 6", 6},
      {"a\U0001F600b", "a??b", 10}}},
    {{Kind::bytes},
     Target::char_,
     {{"\x01\xff", "01FF"}, {"", ""}, {"abc", "01004 6162 of 6", 6}, {"abc", "01004  of 6", 1}}},
    {{Kind::bytes}, Target::wchar, {{"\x01\xff", "01FF"}, {"abc", "01004 6162 of 12", 12}}},
    {{Kind::date},
     Target::char_,
     {{"2024-02-29", "2024-02-29"},
      {"0044-03-15 BC", "0044-03-15 BC"},
      {"infinity", "infinity"},
      {"100000-01-01", "100000-01-01"},
      {"2024-02-29", "22003", 10}}},
    {{Kind::date}, Target::wchar, {{"2024-02-29", "2024-02-29", 22}, {"2024-02-29", "22003", 20}}},
    {{Kind::time},
     Target::char_,
     {{"01:02:03.000001", "01:02:03.000001"},
      {"24:00:00", "24:00:00"},
      {"01:02:03+05:30", "01:02:03+05:30"},
      {"01:02:03.5", "01004 01:02:03 of 10", 9},
      {"01:02:03.5", "22003", 8}}},
    {{Kind::time}, Target::wchar, {{"01:02:03.5", "01:02:03.5"}, {"01:02:03", "22003", 16}}},
    {{Kind::timestamp},
     Target::char_,
     {{"2024-02-29 23:59:59.25", "2024-02-29 23:59:59.25"},
      {"-infinity", "-infinity"},
      {"2024-02-29 23:59:59.25", "01004 2024-02-29 23:59:59. of 22", 21},
      {"2024-01-01 00:00:00-03:30", "2024-01-01 00:00:00-03:30"},
      {"2024-02-29 23:59:59", "22003", 19},
      {"2024-01-01 00:00:00+02", "22003", 20}}},
    {{Kind::timestamp},
     Target::wchar,
     {{"2024-02-29 23:59:59", "2024-02-29 23:59:59", 40}, {"2024-02-29 23:59:59", "22003", 38}}},
    {{Kind::interval},
     Target::char_,
     {{"1 year 2 mons -3 days +04:05:06.7", "1 year 2 mons -3 days +04:05:06.7"},
      {"00:00:00", "00:00:00"},
      {"04:05:06.7", "01004 04:05:06 of 10", 9},
      {"1 day", "22003", 5}}},
    {{Kind::interval}, Target::wchar, {{"-1 days", "-1 days"}, {"1 day", "22003", 10}}},
    {{Kind::guid},
     Target::char_,
     {{"01020304-0506-0708-090a-0b0c0d0e0fff", "01020304-0506-0708-090a-0b0c0d0e0fff", 37},
      {"01020304-0506-0708-090a-0b0c0d0e0fff", "22003", 36}}},
    {{Kind::guid},
     Target::wchar,
     {{"01020304-0506-0708-090a-0b0c0d0e0fff", "01020304-0506-0708-090a-0b0c0d0e0fff", 74},
      {"01020304-0506-0708-090a-0b0c0d0e0fff", "22003", 72}}},

    // Bytes
    {{Kind::boolean},
     Target::binary,
     {{"1", "01", 1, core::SqlType::boolean}, {"1", "22003", 0, core::SqlType::boolean}}},
    {{Kind::integer},
     Target::binary,
     {{"-2", "feff", 2, core::SqlType::smallint},
      {"1", "01000000", 4, core::SqlType::integer},
      {"1", "0100000000000000", 8, core::SqlType::bigint},
      {"1", "22003", 3, core::SqlType::integer}}},
    {{Kind::unsigned_}, Target::binary, {{"1", "0100000000000000"}, {"1", "22003", 7}}},
    {{Kind::real},
     Target::binary,
     {{"1", "000000000000f03f"}, {"1", "0000803f", 4, core::SqlType::real}, {"1", "22003", 7}}},
    {digits, Target::binary, {{"-1.5", "2d312e35"}, {"-1.5", "01004 2d31 of 4", 2}}},
    {{Kind::text}, Target::binary, {{"abc", "616263"}, {"abc", "01004 6162 of 3", 2}}},
    {{Kind::bytes}, Target::binary, {{"\x01\xff", "01ff"}, {"abc", "01004 6162 of 3", 2}}},
    {{Kind::date},
     Target::binary,
     {{"2024-02-29", "e80702001d00", 6}, {"2024-02-29", "22003", 5}, {"infinity", "22008"}}},
    {{Kind::time},
     Target::binary,
     {{"01:02:03", "010002000300", 6},
      {"01:02:03.5", "01S07 010002000300", 6},
      {"01:02:03", "22003", 5},
      {"24:00:00", "22008"}}},
    {{Kind::timestamp},
     Target::binary,
     {{"2024-02-29 01:02:03", "e80702001d0001000200030000000000", 16},
      {"2024-02-29 01:02:03", "22003", 15},
      {"infinity", "22008"}}},
    {{Kind::interval},
     Target::binary,
     {{"1 year", "07000000000000000100000000000000000000000000000000000000", 28},
      {"1 day", "22003", 27},
      {"1 mon 1 day", "01S07 07000000000000000000000001000000000000000000000000000000"}}},
    {{Kind::guid},
     Target::binary,
     {{"01020304-0506-0708-090a-0b0c0d0e0fff", "0102030405060708090a0b0c0d0e0fff"},
      {"01020304-0506-0708-090a-0b0c0d0e0fff", "01004 0102 of 16", 2}}},

    // Bits: 0 and 1, else 01S07 between 0 and 2, else 22003
    {{Kind::boolean}, Target::bit, {{"0", "0"}, {"1", "1"}}},
    {{Kind::integer}, Target::bit, {{"1", "1"}, {"2", "22003"}, {"-1", "22003"}}},
    {{Kind::unsigned_}, Target::bit, {{"1", "1"}, {"2", "22003"}}},
    {{Kind::real},
     Target::bit,
     {{"1", "1"},
      {"0.5", "01S07 0"},
      {"1.99", "01S07 1"},
      {"2", "22003"},
      {"-0.1", "22003"},
      {"NaN", "22003"}}},
    {exact,
     Target::bit,
     {{"1.0", "1"}, {"0.5", "01S07 0"}, {"1.99", "01S07 1"}, {"2", "22003"}, {"-0.1", "22003"}}},
    {{Kind::text}, Target::bit, {{"yes", "22018"}, {"", "22018"}}},

    // Whole numbers
    {{Kind::boolean}, Target::stinyint, {{"1", "1"}}},
    {{Kind::boolean}, Target::utinyint, {{"1", "1"}}},
    {{Kind::boolean}, Target::sshort, {{"1", "1"}}},
    {{Kind::boolean}, Target::ushort, {{"1", "1"}}},
    {{Kind::boolean}, Target::slong, {{"1", "1"}}},
    {{Kind::boolean}, Target::ulong, {{"1", "1"}}},
    {{Kind::boolean}, Target::sbigint, {{"1", "1"}}},
    {{Kind::boolean}, Target::ubigint, {{"1", "1"}}},
    {{Kind::integer, Kind::decimal, Kind::packed, Kind::text, Kind::real},
     Target::stinyint,
     {{"-128", "-128"}, {"127", "127"}, {"128", "22003"}, {"-129", "22003"}}},
    {{Kind::integer, Kind::decimal, Kind::packed, Kind::text, Kind::real},
     Target::utinyint,
     {{"0", "0"}, {"255", "255"}, {"256", "22003"}, {"-1", "22003"}}},
    {{Kind::integer, Kind::decimal, Kind::packed, Kind::text, Kind::real},
     Target::sshort,
     {{"-32768", "-32768"}, {"32767", "32767"}, {"32768", "22003"}, {"-32769", "22003"}}},
    {{Kind::integer, Kind::decimal, Kind::packed, Kind::text, Kind::real},
     Target::ushort,
     {{"65535", "65535"}, {"65536", "22003"}, {"-1", "22003"}}},
    {{Kind::integer, Kind::decimal, Kind::packed, Kind::text, Kind::real},
     Target::slong,
     {{"-2147483648", "-2147483648"},
      {"2147483647", "2147483647"},
      {"2147483648", "22003"},
      {"-2147483649", "22003"}}},
    {{Kind::integer, Kind::decimal, Kind::packed, Kind::text, Kind::real},
     Target::ulong,
     {{"4294967295", "4294967295"}, {"4294967296", "22003"}, {"-1", "22003"}}},
    {{Kind::integer}, Target::sbigint, {{"-9223372036854775808", "-9223372036854775808"}}},
    {{Kind::integer},
     Target::ubigint,
     {{"9223372036854775807", "9223372036854775807"}, {"-1", "22003"}}},
    {exact,
     Target::sbigint,
     {{"-9223372036854775808", "-9223372036854775808"},
      {"9223372036854775807", "9223372036854775807"},
      {"9223372036854775808", "22003"},
      {"-9223372036854775809", "22003"}}},
    {exact,
     Target::ubigint,
     {{"18446744073709551615", "18446744073709551615"},
      {"18446744073709551616", "22003"},
      {"-1", "22003"},
      {"123456789012345678901234567890123456789012345", "22003"}}},
    {{Kind::real},
     Target::sbigint,
     {{"-9007199254740993", "-9007199254740992"}, {"1e+19", "22003"}, {"NaN", "22003"}}},
    {{Kind::real},
     Target::ubigint,
     {{"1e+19", "10000000000000000000"}, {"-1", "22003"}, {"Infinity", "22003"}}},
    {{Kind::unsigned_}, Target::stinyint, {{"127", "127"}, {"128", "22003"}}},
    {{Kind::unsigned_}, Target::utinyint, {{"255", "255"}, {"256", "22003"}}},
    {{Kind::unsigned_}, Target::sshort, {{"32767", "32767"}, {"32768", "22003"}}},
    {{Kind::unsigned_}, Target::ushort, {{"65535", "65535"}, {"65536", "22003"}}},
    {{Kind::unsigned_}, Target::slong, {{"2147483647", "2147483647"}, {"2147483648", "22003"}}},
    {{Kind::unsigned_}, Target::ulong, {{"4294967295", "4294967295"}, {"4294967296", "22003"}}},
    {{Kind::unsigned_},
     Target::sbigint,
     {{"9223372036854775807", "9223372036854775807"}, {"9223372036854775808", "22003"}}},
    {{Kind::unsigned_}, Target::ubigint, {{"18446744073709551615", "18446744073709551615"}}},
    // A fraction is cut with a warning; text must be a number
    {{Kind::real, Kind::decimal, Kind::packed, Kind::text},
     Target::slong,
     {{"-12.99", "01S07 -12"}, {"2147483647.5", "01S07 2147483647"}}},
    {{Kind::real, Kind::decimal, Kind::packed, Kind::text}, Target::stinyint, {{"0.5", "01S07 0"}}},
    {{Kind::real, Kind::decimal, Kind::packed, Kind::text}, Target::ulong, {{"-0.5", "01S07 0"}}},
    {{Kind::decimal, Kind::packed, Kind::real},
     Target::slong,
     {{"NaN", "22003"}, {"-Infinity", "22003"}}},
    {{Kind::text},
     Target::slong,
     {{" 1e3 ", "1000"}, {"12x", "22018"}, {"", "22018"}, {"NaN", "22018"}}},
    {{Kind::text}, Target::stinyint, {{"x", "22018"}}},
    {{Kind::text}, Target::utinyint, {{"x", "22018"}}},
    {{Kind::text}, Target::sshort, {{"x", "22018"}}},
    {{Kind::text}, Target::ushort, {{"x", "22018"}}},
    {{Kind::text}, Target::ulong, {{"x", "22018"}}},
    {{Kind::text}, Target::sbigint, {{"x", "22018"}}},
    {{Kind::text}, Target::ubigint, {{"x", "22018"}}},

    // Approximate numbers
    {{Kind::boolean}, Target::float_, {{"1", "1"}}},
    {{Kind::boolean}, Target::double_, {{"1", "1"}}},
    {{Kind::integer}, Target::float_, {{"-16777216", "-16777216"}}},
    {{Kind::integer}, Target::double_, {{"-9007199254740992", "-9007199254740992"}}},
    {{Kind::unsigned_}, Target::float_, {{"16777216", "16777216"}}},
    {{Kind::unsigned_}, Target::double_, {{"9007199254740992", "9007199254740992"}}},
    {{Kind::real},
     Target::float_,
     {{"0.5", "0.5"}, {"NaN", "nan"}, {"-Infinity", "-inf"}, {"1e+39", "22003"}}},
    {{Kind::real},
     Target::double_,
     {{"0.1", "0.1"}, {"1.7976931348623157e+308", "1.7976931348623157e+308"}, {"Infinity", "inf"}}},
    {digits, Target::float_, {{"0.5", "0.5"}, {"NaN", "nan"}}},
    {exact,
     Target::double_,
     {{"0.1", "0.1"},
      {"-123456789.125", "-123456789.125"},
      {"9007199254740993", "9007199254740992"},
      {"0.30000000000000004", "0.30000000000000004"},
      {"123456789012345678901234567890", "1.2345678901234568e+29"}}},
    {digits, Target::double_, {{"NaN", "nan"}, {"Infinity", "inf"}, {"-Infinity", "-inf"}}},
    {digits,
     Target::double_,
     {{"1" + std::string(309, '0'), "22003"}, {"0." + std::string(400, '0') + "1", "0"}}},
    {{Kind::text}, Target::double_, {{"1e309", "22003"}, {"nan", "22018"}, {"1,5", "22018"}}},
    {{Kind::text}, Target::float_, {{"0.5", "0.5"}, {"1e39", "22003"}, {"x", "22018"}}},
    {digits, Target::float_, {{"1" + std::string(39, '0'), "22003"}}},

    // SQL_NUMERIC_STRUCT of 38 digits
    {{Kind::boolean}, Target::numeric, {{"1", "1 p38"}}},
    {{Kind::integer}, Target::numeric, {{"-9223372036854775808", "-9223372036854775808 p38"}}},
    {{Kind::unsigned_}, Target::numeric, {{"18446744073709551615", "18446744073709551615 p38"}}},
    {{Kind::real}, Target::numeric, {{"-0.1", "-0.1 p38"}, {"1e+38", "22003"}, {"NaN", "22003"}}},
    {exact,
     Target::numeric,
     {{"-12.50", "-12.50 p38"},
      {"0.00", "0.00 p38"},
      {"99999999999999999999999999999999999999", "99999999999999999999999999999999999999 p38"},
      {"12345678901234567890.123456789012345678", "12345678901234567890.123456789012345678 p38"},
      {"100000000000000000000000000000000000000", "22003"},
      {"1.23456789012345678901234567890123456789",
       "01S07 1.2345678901234567890123456789012345678 p38"}}},
    {digits, Target::numeric, {{"NaN", "22003"}, {"Infinity", "22003"}}},
    {{Kind::text}, Target::numeric, {{"1.5e2", "150 p38"}, {"x", "22018"}}},

    // Dates and times
    {{Kind::date},
     Target::date,
     {{"2024-02-29", "2024-02-29"},
      {"0044-03-15 BC", "-43-03-15"},
      {"-infinity", "22008"},
      {"40000-01-01", "22008"}}},
    {{Kind::date},
     Target::timestamp,
     {{"2024-02-29", "2024-02-29 00:00:00.000000000"}, {"infinity", "22008"}}},
    {{Kind::time},
     Target::time,
     {{"23:59:59", "23:59:59"}, {"23:59:59.5", "01S07 23:59:59"}, {"24:00:00", "22008"}}},
    {{Kind::timestamp},
     Target::date,
     {{"2024-02-29 00:00:00", "2024-02-29"},
      {"2024-02-29 00:00:01", "01S07 2024-02-29"},
      {"infinity", "22008"}}},
    {{Kind::timestamp},
     Target::time,
     {{"2024-02-29 23:59:59", "23:59:59"},
      {"2024-02-29 23:59:59.000001", "01S07 23:59:59"},
      {"infinity", "22008"}}},
    {{Kind::timestamp},
     Target::timestamp,
     {{"2024-02-29 23:59:59.000001", "2024-02-29 23:59:59.000001000"},
      {"0001-01-01 00:00:00 BC", "0-01-01 00:00:00.000000000"},
      {"-infinity", "22008"},
      {"294276-12-31 23:59:59", "22008"}}},
    {{Kind::text},
     Target::date,
     {{"2024-02-29", "2024-02-29"},
      {"{d '2024-02-29'}", "2024-02-29"},
      {"2024-02-29 01:00:00", "01S07 2024-02-29"},
      {"2023-02-29", "22018"},
      {"12:00:00", "22018"}}},
    {{Kind::text},
     Target::time,
     {{"23:59:59", "23:59:59"}, {"23:59:59.5", "01S07 23:59:59"}, {"24:00:00", "22018"}}},
    {{Kind::text},
     Target::timestamp,
     {{"2024-02-29T23:59:59.123456789", "2024-02-29 23:59:59.123456789"},
      {"2024-02-29", "2024-02-29 00:00:00.000000000"},
      {"2024-13-01 00:00:00", "22018"}}},

    // GUIDs
    {{Kind::guid, Kind::text},
     Target::guid,
     {{"01020304-0506-0708-090a-0b0c0d0e0fff", "01020304-0506-0708-090a-0b0c0d0e0fff"}}},
    {{Kind::text}, Target::guid, {{"01020304", "22018"}}},

    // Intervals
    {{Kind::interval, Kind::text},
     Target::interval,
     {{"3 days 04:05:06.7", "3 04:05:06.7", 0, {}, SQL_IS_DAY_TO_SECOND},
      {"1 year 2 mons", "1-02", 0, {}, SQL_IS_YEAR_TO_MONTH},
      {"3 days 04:05:06.7", "01S07 3", 0, {}, SQL_IS_DAY},
      {"100 days", "22015", 0, {}, SQL_IS_DAY},
      {"1 mon", "22015", 0, {}, SQL_IS_SECOND}}},
    {{Kind::text},
     Target::interval,
     {{"7", "7", 0, {}, SQL_IS_HOUR}, {"soon", "22018", 0, {}, SQL_IS_HOUR}}},
    {{Kind::integer, Kind::unsigned_, Kind::decimal, Kind::packed},
     Target::interval,
     {{"42", "42", 0, {}, SQL_IS_MONTH},
      {"100", "22015", 0, {}, SQL_IS_MONTH},
      {"42", "07006", 0, {}, SQL_IS_YEAR_TO_MONTH}}},
    {digits,
     Target::interval,
     {{"-1.25", "-1.25", 0, {}, SQL_IS_SECOND}, {"1.5", "01S07 1", 0, {}, SQL_IS_DAY}}},
    {{Kind::interval},
     Target::stinyint,
     {{"5 days", "5", 0, {}, no_interval, core::IntervalFields::day},
      {"200 days", "22003", 0, {}, no_interval, core::IntervalFields::day},
      {"5 days", "07006"}}},
    {{Kind::interval},
     Target::utinyint,
     {{"5 days", "5", 0, {}, no_interval, core::IntervalFields::day},
      {"-5 days", "22003", 0, {}, no_interval, core::IntervalFields::day},
      {"5 days", "07006"}}},
    {{Kind::interval},
     Target::sshort,
     {{"2 years", "2", 0, {}, no_interval, core::IntervalFields::year}, {"2 years", "07006"}}},
    {{Kind::interval},
     Target::ushort,
     {{"14 mons", "14", 0, {}, no_interval, core::IntervalFields::month}, {"14 mons", "07006"}}},
    {{Kind::interval},
     Target::slong,
     {{"-04:00:00", "-4", 0, {}, no_interval, core::IntervalFields::hour},
      {"04:30:00", "01S07 4", 0, {}, no_interval, core::IntervalFields::hour},
      {"1 mon", "22015", 0, {}, no_interval, core::IntervalFields::hour},
      {"1 day", "07006", 0, {}, no_interval, core::IntervalFields::day_to_hour}}},
    {{Kind::interval},
     Target::ulong,
     {{"04:05:00", "245", 0, {}, no_interval, core::IntervalFields::minute}, {"1 day", "07006"}}},
    {{Kind::interval},
     Target::sbigint,
     {{"00:00:07", "7", 0, {}, no_interval, core::IntervalFields::second},
      {"00:00:07.5", "01S07 7", 0, {}, no_interval, core::IntervalFields::second},
      {"1 day", "07006"}}},
    {{Kind::interval},
     Target::ubigint,
     {{"5 days", "5", 0, {}, no_interval, core::IntervalFields::day}, {"5 days", "07006"}}},
    {{Kind::interval},
     Target::numeric,
     {{"-00:00:07.5", "-7.500000 p38", 0, {}, no_interval, core::IntervalFields::second},
      {"1 day", "07006"}}},

    // The date of a time fetched as a timestamp is today's: only the clock is told here
    {{Kind::time}, Target::timestamp, {{"24:00:00", "22008"}}},
};

using Pair = std::pair<Kind, Target>;

TEST(FetchCells, do_what_the_tables_say) {
  for (const CellRow& row : rows)
    for (const Kind kind : row.kinds)
      for (const Case& c : row.cases) {
        ASSERT_NE(fetch_cell(kind, row.target), nullptr) << name_of(kind, row.target);
        EXPECT_EQ(outcome_of(kind, row.target, c), c.expected)
            << name_of(kind, row.target) << ", " << c.input;
      }
}

TEST(FetchCells, exist_where_the_grid_has_a_mark_and_each_is_expected_somewhere) {
  std::set<Pair> expected;
  for (const CellRow& row : rows)
    for (const Kind kind : row.kinds) expected.insert({kind, row.target});
  for_each_pair([&](Kind kind, Target target) {
    EXPECT_EQ(fetch_cell(kind, target) != nullptr, in_grid(kind, target)) << name_of(kind, target);
    if (in_grid(kind, target)) {
      EXPECT_TRUE(expected.contains({kind, target})) << name_of(kind, target) << " has no case";
    }
  });
}

TEST(FetchCells, pairs_without_a_mark_are_07006) {
  for_each_pair([&](Kind kind, Target target) {
    if (in_grid(kind, target)) return;
    core::Column column;
    column.kind = kind;
    column.decode = [](std::string_view, Value&) noexcept { return true; };
    ColumnPlan plan = plan_column(column, target);
    plan.kind = Kind::null;
    SQLLEN length = 0;
    Destination out;
    out.length = out.indicator = &length;
    EXPECT_EQ(state_of(plan.fetch({"x", 1}, out)).view(), "07006") << name_of(kind, target);
  });
}

TEST(FetchCells, null_is_told_by_the_indicator_of_every_pair) {
  for_each_pair([&](Kind kind, Target target) {
    core::Column column;
    column.kind = kind;
    const ColumnPlan plan = plan_column(column, target);
    SQLLEN length = 0;
    Destination out;
    out.length = out.indicator = &length;
    EXPECT_EQ(plan.fetch({}, out), Outcome::ok) << name_of(kind, target);
    EXPECT_EQ(length, SQL_NULL_DATA);
    EXPECT_EQ(state_of(plan.fetch({}, {})).view(), "22002") << name_of(kind, target);
  });
}

TEST(FetchCells, a_length_alone_may_be_asked_for) {
  for (const Kind kind : {Kind::text, Kind::decimal, Kind::packed}) {
    std::string storage;
    const Value value = value_of(kind, "12.5", storage);
    for (const auto& [target, bytes] :
         {std::pair{Target::char_, 4}, std::pair{Target::wchar, 8}, std::pair{Target::binary, 4}}) {
      SQLLEN length = 0;
      Destination out;
      out.length = out.indicator = &length;
      EXPECT_EQ(fetch_cell(kind, target)(value, out), Outcome::ok);
      EXPECT_EQ(length, bytes) << name_of(kind, target);
    }
  }
}

}  // namespace
}  // namespace odbc::convert
