// SPDX-License-Identifier: Apache-2.0
// Measured with tests/unit/odbc/cursor/fetch_cost_test.cpp: a Value costs 5 to 10 ns per cell, for
// it is zeroed, filled by one indirect call and read by another. Comes in: direct.h.
#include "odbc/convert/direct.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

#include "core/plain_decimal.h"
#include "odbc/convert/render.h"
#include "odbc/text/widen.h"

namespace odbc::convert {
namespace {

using core::PlainDecimal;
using core::RawCell;
using core::WireForm;

template <class Wire>
Wire big_endian(const char* bytes) noexcept {
  static_assert(std::endian::native == std::endian::little);
  std::make_unsigned_t<Wire> number;
  std::memcpy(&number, bytes, sizeof number);
  if constexpr (sizeof number == 2) number = __builtin_bswap16(number);
  if constexpr (sizeof number == 4) number = __builtin_bswap32(number);
  if constexpr (sizeof number == 8) number = __builtin_bswap64(number);
  return static_cast<Wire>(number);
}

template <class Wire, class T>
Outcome read_integer(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  if (raw.length != sizeof(Wire)) return plan.by_value(raw, out);
  const auto number = big_endian<Wire>(raw.data);
  if (!std::in_range<T>(number)) return Outcome::out_of_range;
  out.store(static_cast<T>(number));
  return Outcome::ok;
}

Outcome read_double(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  if (raw.length != sizeof(double)) return plan.by_value(raw, out);
  out.store(std::bit_cast<double>(big_endian<std::uint64_t>(raw.data)));
  return Outcome::ok;
}

template <class T>
Outcome parse_integer(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  constexpr std::ptrdiff_t surely_64_bits = 18;
  const char* at = raw.data;
  const char* const end = at + raw.length;
  const bool negative = raw.length > 0 && *at == '-';
  if (negative) ++at;
  if (at == end || end - at > surely_64_bits) return plan.by_value(raw, out);
  std::int64_t number = 0;
  for (; at != end; ++at) {
    const auto digit = static_cast<unsigned char>(*at - '0');
    if (digit > 9) return plan.by_value(raw, out);
    number = number * 10 + digit;
  }
  if (negative) number = -number;
  if (!std::in_range<T>(number)) return plan.by_value(raw, out);
  out.store(static_cast<T>(number));
  return Outcome::ok;
}

Outcome parse_double(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  core::PlainDecimal number;
  if (!number.read(raw.view())) return plan.by_value(raw, out);
  out.store(number.value());
  return Outcome::ok;
}

// -- The server's text is the application's -------------------------------------------------------
using Passes = bool (*)(const ColumnPlan& plan, const RawCell& raw) noexcept;

bool always(const ColumnPlan&, const RawCell&) noexcept { return true; }

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool ends_in_digit(const RawCell& raw) noexcept { return is_digit(raw.data[raw.length - 1]); }

bool number_of_digits(const ColumnPlan&, const RawCell& raw) noexcept { return ends_in_digit(raw); }

bool plain_integer(const ColumnPlan&, const RawCell& raw) noexcept {
  constexpr std::int32_t surely_64_bits = 18;
  return raw.length <= surely_64_bits && ends_in_digit(raw);
}

// Written as the matrix writes reals: 15 digits are the shortest of their double, because no two
// decimals of that length have the same one.
bool plain_real(const ColumnPlan& plan, const RawCell& raw) noexcept {
  PlainDecimal number;
  if (!number.read(raw.view())) return false;
  if (number.places != 0 && number.digits % 10 == 0) return false;
  const char* const first = raw.data + (number.negative ? 1 : 0);
  if (*first == '0') {
    if (number.whole != 1) return false;
    // Below 0.0001 an exponent is written; zero has no places.
    if (number.places >= 4 && std::memcmp(first + 2, "0000", 4) == 0) return false;
    if (number.places != 0 && number.digits == 0) return false;
  }
  return plan.source != core::SqlType::real ||
         (number.whole <= 6 && shortest_as_float(number.digits, number.places));
}

// Four digits of year and no era: beyond, the matrix has rules of its own.
bool plain_date(const ColumnPlan&, const RawCell& raw) noexcept {
  return raw.length == 10 && raw.data[4] == '-' && ends_in_digit(raw);
}

// "2026-11-21 12:00:00[.ffffff]"; a third character from the end that is a sign begins an offset.
bool plain_timestamp(const ColumnPlan&, const RawCell& raw) noexcept {
  if (raw.length < 19 || raw.data[4] != '-' || !ends_in_digit(raw)) return false;
  if (raw.length == 19) return true;
  const char third_last = raw.data[raw.length - 3];
  return raw.data[19] == '.' && raw.length <= 26 && third_last != '+' && third_last != '-';
}

template <Passes passes>
Outcome pass_text(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  if (out.data == nullptr || raw.length >= out.capacity || raw.length == 0 || !passes(plan, raw))
    return plan.by_value(raw, out);
  const auto size = static_cast<std::size_t>(raw.length);
  auto* const data = static_cast<char*>(out.data);
  std::memcpy(data, raw.data, size);
  data[size] = '\0';
  out.store_length(raw.length);
  return Outcome::ok;
}

// True when the text is ASCII and fits with its NUL.
bool widen(const RawCell& raw, const Destination& out) noexcept {
  constexpr SQLLEN unit = sizeof(SQLWCHAR);
  const SQLLEN bytes = SQLLEN{raw.length} * unit;
  if (out.data == nullptr || bytes + unit > out.capacity) return false;
  auto* const data = static_cast<unsigned char*>(out.data);
  const auto* const text = reinterpret_cast<const unsigned char*>(raw.data);
  if (!text::widen_ascii(text, static_cast<std::size_t>(raw.length), data)) return false;
  std::memset(data + bytes, 0, unit);
  out.store_length(bytes);
  return true;
}

template <Passes passes>
Outcome pass_wide(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  if (raw.length == 0 || !passes(plan, raw) || !widen(raw, out)) return plan.by_value(raw, out);
  return Outcome::ok;
}

Outcome wide_text(const ColumnPlan&, const RawCell& raw, const Destination& out) noexcept {
  if (widen(raw, out)) return Outcome::ok;
  return copy_wchar(raw.view(), 0, out).outcome;
}

Outcome pass_bytes(const ColumnPlan&, const RawCell& raw, const Destination& out) noexcept {
  return copy_binary(raw.view(), 0, out).outcome;
}

struct Row {
  WireForm from;
  Target to;
  ColumnPlan::Read read;
};

constexpr Row rows[] = {
    {WireForm::int2, Target::sshort, read_integer<std::int16_t, SQLSMALLINT>},
    {WireForm::int2, Target::slong, read_integer<std::int16_t, SQLINTEGER>},
    {WireForm::int2, Target::sbigint, read_integer<std::int16_t, SQLBIGINT>},
    {WireForm::int4, Target::slong, read_integer<std::int32_t, SQLINTEGER>},
    {WireForm::int4, Target::ulong, read_integer<std::int32_t, SQLUINTEGER>},
    {WireForm::int4, Target::sbigint, read_integer<std::int32_t, SQLBIGINT>},
    {WireForm::int8, Target::slong, read_integer<std::int64_t, SQLINTEGER>},
    {WireForm::int8, Target::sbigint, read_integer<std::int64_t, SQLBIGINT>},
    {WireForm::int8, Target::ubigint, read_integer<std::int64_t, SQLUBIGINT>},
    {WireForm::float8, Target::double_, read_double},

    {WireForm::integer_text, Target::sshort, parse_integer<SQLSMALLINT>},
    {WireForm::integer_text, Target::slong, parse_integer<SQLINTEGER>},
    {WireForm::integer_text, Target::sbigint, parse_integer<SQLBIGINT>},
    {WireForm::integer_text, Target::char_, pass_text<plain_integer>},
    {WireForm::integer_text, Target::wchar, pass_wide<plain_integer>},
    {WireForm::real_text, Target::double_, parse_double},
    {WireForm::real_text, Target::char_, pass_text<plain_real>},
    {WireForm::real_text, Target::wchar, pass_wide<plain_real>},
    {WireForm::decimal_text, Target::char_, pass_text<number_of_digits>},
    {WireForm::decimal_text, Target::wchar, pass_wide<number_of_digits>},
    {WireForm::decimal_text, Target::double_, parse_double},
    {WireForm::date_text, Target::char_, pass_text<plain_date>},
    {WireForm::date_text, Target::wchar, pass_wide<plain_date>},
    {WireForm::timestamp_text, Target::char_, pass_text<plain_timestamp>},
    {WireForm::timestamp_text, Target::wchar, pass_wide<plain_timestamp>},

    {WireForm::utf8, Target::char_, pass_text<always>},
    {WireForm::utf8, Target::wchar, wide_text},
    {WireForm::bytes, Target::binary, pass_bytes},
};

}  // namespace

ColumnPlan::Read direct_reader(core::WireForm form, Target target) noexcept {
  for (const Row& row : rows)
    if (row.from == form && row.to == target) return row.read;
  return nullptr;
}

}  // namespace odbc::convert
