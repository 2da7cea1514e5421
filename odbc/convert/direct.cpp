// SPDX-License-Identifier: Apache-2.0
// Measured with tests/unit/odbc/cursor/fetch_cost_test.cpp: a Value costs 5 to 10 ns per cell, for
// it is zeroed, filled by one indirect call and read by another. Comes in: direct.h.
#include "odbc/convert/direct.h"

#include <array>
#include <bit>
#include <charconv>
#include <type_traits>
#include <utility>

#include "odbc/convert/render.h"

namespace odbc::convert {
namespace {

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
  T number{};
  const char* const end = raw.data + raw.length;
  const auto [stop, error] = std::from_chars(raw.data, end, number);
  if (error != std::errc() || stop != end) return plan.by_value(raw, out);
  out.store(number);
  return Outcome::ok;
}

// A whole number below 2^53 divided by a power of ten up to 10^22 is correctly rounded, for both
// are doubles without loss (Clinger, "How to read floating point numbers accurately", 1990).
Outcome parse_double(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  constexpr std::array<double, 16> tens = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                           1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  constexpr std::int32_t most_digits = 15;
  const char* at = raw.data;
  const char* const end = at + raw.length;
  const bool negative = raw.length > 0 && *at == '-';
  at += negative ? 1 : 0;
  if (at == end || end - at > most_digits + 1) return plan.by_value(raw, out);
  std::uint64_t digits = 0;
  const char* point = nullptr;
  for (; at != end; ++at) {
    const auto digit = static_cast<unsigned char>(*at - '0');
    if (digit <= 9) {
      digits = digits * 10 + digit;
    } else if (*at == '.' && point == nullptr) {
      point = at;
    } else {
      return plan.by_value(raw, out);
    }
  }
  const bool many = point == nullptr && end - raw.data > most_digits;
  if (many || point == end - 1) return plan.by_value(raw, out);
  const auto places = point == nullptr ? 0 : static_cast<std::size_t>(end - point - 1);
  const double number = static_cast<double>(digits) / tens[places];
  out.store(negative ? -number : number);
  return Outcome::ok;
}

// -- The server's text is the application's -------------------------------------------------------
using Passes = bool (*)(const RawCell& raw) noexcept;

bool always(const RawCell&) noexcept { return true; }

bool ends_in_digit(const RawCell& raw) noexcept {
  const char last = raw.data[raw.length - 1];
  return last >= '0' && last <= '9';
}

bool plain_integer(const RawCell& raw) noexcept {
  constexpr std::int32_t surely_64_bits = 18;
  return raw.length <= surely_64_bits && ends_in_digit(raw);
}

// Four digits of year and no era: beyond, the matrix has rules of its own.
bool plain_date(const RawCell& raw) noexcept {
  return raw.length == 10 && raw.data[4] == '-' && ends_in_digit(raw);
}

// "2026-11-21 12:00:00[.ffffff]"; an offset has a sign behind the seconds.
bool plain_timestamp(const RawCell& raw) noexcept {
  if (raw.length < 19 || raw.data[4] != '-' || !ends_in_digit(raw)) return false;
  return raw.length == 19 ||
         (raw.data[19] == '.' && raw.length <= 26 &&
          std::memchr(raw.data + 20, '-', static_cast<std::size_t>(raw.length) - 20) == nullptr &&
          std::memchr(raw.data + 20, '+', static_cast<std::size_t>(raw.length) - 20) == nullptr);
}

template <Passes passes>
Outcome pass_text(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  if (out.data == nullptr || raw.length >= out.capacity || raw.length == 0 || !passes(raw))
    return plan.by_value(raw, out);
  const auto size = static_cast<std::size_t>(raw.length);
  auto* const data = static_cast<char*>(out.data);
  std::memcpy(data, raw.data, size);
  data[size] = '\0';
  out.store_length(raw.length);
  return Outcome::ok;
}

template <Passes passes>
Outcome pass_wide(const ColumnPlan& plan, const RawCell& raw, const Destination& out) noexcept {
  if (out.capacity / static_cast<SQLLEN>(sizeof(SQLWCHAR)) <= raw.length || raw.length == 0 ||
      !passes(raw))
    return plan.by_value(raw, out);
  return copy_wchar(raw.view(), 0, out).outcome;
}

Outcome wide_text(const ColumnPlan&, const RawCell& raw, const Destination& out) noexcept {
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
    {WireForm::decimal_text, Target::char_, pass_text<ends_in_digit>},
    {WireForm::decimal_text, Target::wchar, pass_wide<ends_in_digit>},
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
