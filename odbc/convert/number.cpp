// SPDX-License-Identifier: Apache-2.0
// 38 decimal digits fit 128 bits: all arithmetic is exact. Comes in: number.h.
#include "odbc/convert/number.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>

#include "odbc/convert/target.h"

namespace odbc::convert {
namespace {

constexpr int max_digits = 38;
constexpr int scale_limit = 100'000;  // beyond any double and any text worth reading

constexpr auto powers = [] {
  std::array<Uint128, max_digits + 1> table{};
  table[0] = 1;
  for (std::size_t i = 1; i < table.size(); ++i) table[i] = table[i - 1] * 10;
  return table;
}();

Uint128 power(int exponent) noexcept { return powers[static_cast<std::size_t>(exponent)]; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Divides by 10^shift; true when a remainder was dropped.
bool drop_digits(Uint128& digits, int shift) noexcept {
  if (shift > max_digits) {
    const bool dropped = digits != 0;
    digits = 0;
    return dropped;
  }
  const bool dropped = digits % power(shift) != 0;
  digits /= power(shift);
  return dropped;
}

// Multiplies by 10^shift; false when the result has more than 38 digits.
bool add_digits(Uint128& digits, int shift) noexcept {
  if (digits == 0) return true;
  if (shift > max_digits || digits >= power(max_digits - shift)) return false;
  digits *= power(shift);
  return true;
}

void take_digit(Number& number, char c, bool behind_point) noexcept {
  const auto digit = static_cast<unsigned>(c - '0');
  if (number.digits < power(max_digits - 1)) {
    number.digits = number.digits * 10 + digit;
    if (behind_point) ++number.scale;
    return;
  }
  if (digit != 0) number.inexact = true;
  if (!behind_point) --number.scale;
}

bool take_exponent(const char*& at, const char* end, Number& number) noexcept {
  ++at;
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  int exponent = 0;
  const auto [rest, error] = std::from_chars(at, end, exponent);
  if (rest == at) return false;
  if (error != std::errc() || exponent > scale_limit) exponent = scale_limit;
  number.scale = std::clamp(number.scale + (negative ? exponent : -exponent), -2 * scale_limit,
                            2 * scale_limit);
  at = rest;
  return true;
}

// At most twelve digits over a power of ten up to 10^20: both are exact, so the quotient is rounded
// once.
bool small_real(const core::PackedDecimal& packed, double& out) noexcept {
  constexpr std::array<double, 6> steps = {1, 1e4, 1e8, 1e12, 1e16, 1e20};
  std::int64_t digits = 0;
  for (int i = 0; i < packed.groups(); ++i) digits = digits * 10'000 + packed.group(i);
  if (packed.negative()) digits = -digits;
  const int shift = packed.weight() - packed.groups() + 1;
  const auto whole = static_cast<double>(digits);
  out = shift < 0 ? whole / steps[static_cast<std::size_t>(-shift)]
                  : whole * steps[static_cast<std::size_t>(shift)];
  return true;
}

// 768 digits decide the rounding of any double; what is behind them only matters as "more".
bool long_real(const core::PackedDecimal& packed, double& out) noexcept {
  constexpr int most_groups = 194;
  std::array<char, most_groups * 4 + 16> text;
  char* at = text.data();
  if (packed.negative()) *at++ = '-';
  const int groups = std::min(packed.groups(), most_groups);
  for (int i = 0; i < groups; ++i)
    for (const std::uint32_t power : {1000U, 100U, 10U, 1U})
      *at++ = static_cast<char>('0' + packed.group(i) / power % 10);
  if (groups < packed.groups()) at[-1] = '1';
  *at++ = 'e';
  at = std::to_chars(at, text.data() + text.size(), (packed.weight() - groups + 1) * 4).ptr;
  const auto [rest, error] = std::from_chars(text.data(), at, out);
  // Below the smallest double is zero, as for the server's own cast.
  if (error == std::errc::result_out_of_range && packed.weight() < 0) out = 0;
  return error == std::errc() || packed.weight() < 0;
}

std::string_view finish(const char* begin, const std::to_chars_result& result) noexcept {
  return {begin, static_cast<std::size_t>(result.ptr - begin)};
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool parse_number(std::string_view text, Number& out) noexcept {
  text = trim(text);
  const char* at = text.data();
  const char* const end = at + text.size();
  out = Number();
  if (at != end && (*at == '-' || *at == '+')) out.negative = *at++ == '-';
  bool any = false;
  for (; at != end && is_digit(*at); ++at, any = true) take_digit(out, *at, false);
  if (at != end && *at == '.') {
    for (++at; at != end && is_digit(*at); ++at, any = true) take_digit(out, *at, true);
  }
  if (!any) return false;
  if (at != end && (*at == 'e' || *at == 'E') && !take_exponent(at, end, out)) return false;
  return at == end;
}

Outcome parse_real(std::string_view text, double& out) noexcept {
  text = trim(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  // from_chars would take "nan" and "infinity", which are no literals of ODBC.
  const std::size_t sign = !text.empty() && text.front() == '-' ? 1 : 0;
  if (text.size() == sign || !(is_digit(text[sign]) || text[sign] == '.')) return Outcome::bad_text;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, out);
  if (error == std::errc::invalid_argument || rest != end) return Outcome::bad_text;
  if (error == std::errc()) return Outcome::ok;
  // Too small is zero, too large is not a double.
  Number number;
  if (!parse_number(text, number) || number.scale <= 300) return Outcome::out_of_range;
  out = 0;
  return Outcome::ok;
}

Outcome to_whole(const Number& number, Whole& out) noexcept {
  Uint128 digits = number.digits;
  out.negative = number.negative;
  out.fraction = number.inexact;
  if (number.scale > 0) {
    out.fraction = drop_digits(digits, number.scale) || out.fraction;
  } else if (!add_digits(digits, -number.scale)) {
    return Outcome::out_of_range;
  }
  if (digits > std::numeric_limits<std::uint64_t>::max()) return Outcome::out_of_range;
  out.magnitude = static_cast<std::uint64_t>(digits);
  return out.fraction ? Outcome::fraction_lost : Outcome::ok;
}

Outcome to_whole(double value, Whole& out) noexcept {
  constexpr double limit = 18446744073709551616.0;  // 2^64
  const double whole = std::trunc(value);
  if (!(std::fabs(whole) < limit)) return Outcome::out_of_range;  // NaN too
  out.negative = std::signbit(value);
  out.magnitude = static_cast<std::uint64_t>(std::fabs(whole));
  out.fraction = whole != value;
  return out.fraction ? Outcome::fraction_lost : Outcome::ok;
}

bool to_number(const core::PackedDecimal& packed, Number& out) noexcept {
  if (packed.special() != core::PackedDecimal::Special::none) return false;
  constexpr int exact_groups = 9;
  out = Number();
  out.negative = packed.negative();
  const int groups = packed.groups();
  const int whole = std::min(groups, exact_groups);
  for (int i = 0; i < whole; ++i) out.digits = out.digits * 10'000 + packed.group(i);
  out.scale = (whole - 1 - packed.weight()) * 4;
  for (int i = whole; i < groups; ++i) {
    const std::uint32_t group = packed.group(i);
    for (const std::uint32_t power : {1000U, 100U, 10U, 1U})
      take_digit(out, static_cast<char>('0' + group / power % 10), true);
  }
  if (out.digits == 0) out.scale = packed.scale();
  // As many digits behind the point as the server shows, where they fit.
  while (out.scale > packed.scale() && out.digits % 10 == 0) {
    out.digits /= 10;
    --out.scale;
  }
  const int missing = packed.scale() - out.scale;
  if (missing > 0 && !out.inexact && add_digits(out.digits, missing)) out.scale += missing;
  return true;
}

bool to_real(const core::PackedDecimal& packed, double& out) noexcept {
  using Special = core::PackedDecimal::Special;
  constexpr double infinity = std::numeric_limits<double>::infinity();
  switch (packed.special()) {
    case Special::none: break;
    case Special::nan: out = std::numeric_limits<double>::quiet_NaN(); return true;
    case Special::infinity: out = infinity; return true;
    case Special::minus_infinity: out = -infinity; return true;
  }
  return packed.groups() <= 3 && std::abs(packed.weight()) <= 3 ? small_real(packed, out)
                                                                : long_real(packed, out);
}

bool to_number(double value, Number& out) noexcept {
  if (!std::isfinite(value)) return false;
  std::array<char, 32> buffer;
  const auto result = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                    std::chars_format::scientific);
  return parse_number(finish(buffer.data(), result), out);
}

Outcome to_numeric(const Number& number, SQLSMALLINT precision, SQLSMALLINT scale,
                   SQL_NUMERIC_STRUCT& out) noexcept {
  Uint128 digits = number.digits;
  bool lost = number.inexact;
  int own_scale = number.scale;
  if (scale == Destination::own_scale)
    scale = static_cast<SQLSMALLINT>(std::clamp(own_scale, 0, 38));
  if (own_scale > scale) {
    lost = drop_digits(digits, own_scale - scale) || lost;
  } else if (!add_digits(digits, scale - own_scale)) {
    return Outcome::out_of_range;
  }
  const int most = precision > 0 && precision <= max_digits ? precision : max_digits;
  if (digits >= power(most)) return Outcome::out_of_range;
  out = SQL_NUMERIC_STRUCT();
  out.precision = static_cast<SQLCHAR>(most);
  out.scale = static_cast<SQLSCHAR>(scale);
  out.sign = number.negative && digits != 0 ? 0 : 1;
  static_assert(sizeof out.val == sizeof digits);
  for (unsigned char& byte : out.val) {  // least significant byte first
    byte = static_cast<unsigned char>(digits & 0xFF);
    digits >>= 8;
  }
  return lost ? Outcome::fraction_lost : Outcome::ok;
}

Number from_numeric(const SQL_NUMERIC_STRUCT& numeric) noexcept {
  Number number;
  for (std::size_t i = sizeof numeric.val; i > 0; --i)
    number.digits = number.digits << 8 | numeric.val[i - 1];
  number.scale = int{numeric.scale};
  number.negative = numeric.sign == 0;
  return number;
}

std::string_view format_number(const Number& number, char* buffer) noexcept {
  std::array<char, 40> reversed;  // 2^128 has 39 digits
  int count = 0;
  for (Uint128 rest = number.digits; rest != 0 || count == 0; rest /= 10)
    reversed[static_cast<std::size_t>(count++)] =
        static_cast<char>('0' + static_cast<int>(rest % 10));
  const int scale = std::clamp(number.scale, -128, 127);
  char* at = buffer;
  if (number.negative && number.digits != 0) *at++ = '-';
  for (int place = std::max(count, scale + 1) - 1; place >= 0; --place) {
    if (place + 1 == scale) *at++ = '.';
    *at++ = place < count ? reversed[static_cast<std::size_t>(place)] : '0';
  }
  for (int i = scale; i < 0 && number.digits != 0; ++i) *at++ = '0';
  return {buffer, static_cast<std::size_t>(at - buffer)};
}

std::string_view format_plain(double value, char* buffer) noexcept {
  return finish(buffer,
                std::to_chars(buffer, buffer + number_room, value, std::chars_format::fixed));
}

}  // namespace odbc::convert
