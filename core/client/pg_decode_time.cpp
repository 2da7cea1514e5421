// SPDX-License-Identifier: Apache-2.0
// Dates, times, timestamps and intervals. Binary counts days or microseconds from 2000-01-01.
#include <array>
#include <limits>
#include <utility>

#include "core/client/pg_bytes.h"
#include "core/client/pg_decode.h"

namespace core {

namespace {

constexpr std::int64_t microseconds_per_second = 1'000'000;
constexpr std::int64_t microseconds_per_day = 86'400 * microseconds_per_second;
constexpr std::int64_t days_1970_to_2000 = 10'957;

/// A cursor over a cell's text; every step says whether it found what it looked for.
struct Reader {
  const char* at;
  const char* end;
  explicit Reader(std::string_view text) : at(text.data()), end(text.data() + text.size()) {}

  bool finished() const { return at == end; }
  bool character(char wanted) {
    if (at == end || *at != wanted) return false;
    ++at;
    return true;
  }
  template <class Integer>
  bool number(Integer& out) {
    // Two digits mostly: from_chars takes three times as long.
    constexpr std::uint64_t most_before_digit = 100'000'000'000'000'000;
    std::uint64_t value = 0;
    const char* const begin = at;
    for (; at != end && *at >= '0' && *at <= '9' && value < most_before_digit; ++at)
      value = value * 10 + static_cast<std::uint64_t>(*at - '0');
    out = static_cast<Integer>(value);
    return at != begin && value <= static_cast<std::uint64_t>(std::numeric_limits<Integer>::max());
  }
  bool word(std::string_view wanted) {
    if (!std::string_view(at, static_cast<std::size_t>(end - at)).starts_with(wanted)) return false;
    at += wanted.size();
    return true;
  }
  /// Digits after a point as nanoseconds; more than nine are cut.
  bool fraction(std::uint32_t& nanoseconds) {
    constexpr std::array<std::uint32_t, 10> scales = {
        1'000'000'000, 100'000'000, 10'000'000, 1'000'000, 100'000, 10'000, 1'000, 100, 10, 1};
    const char* const begin = at;
    std::size_t count = 0;
    std::uint32_t value = 0;
    for (; at != end && is_digit(*at); ++at)
      if (count < 9) {
        value = value * 10 + static_cast<std::uint32_t>(*at - '0');
        ++count;
      }
    nanoseconds = value * scales[count];
    return at != begin;
  }

  /// "dd?dd?dd" with `between` for the question marks and no further digit behind, as nearly all
  /// are written; false, and nothing read, when it is not so.
  bool three_pairs(char between, std::uint8_t& a, std::uint8_t& b, std::uint8_t& c) {
    if (end - at < 8 || at[2] != between || at[5] != between) return false;
    if (end - at > 8 && is_digit(at[8])) return false;
    if (!pair(at, a) || !pair(at + 3, b) || !pair(at + 6, c)) return false;
    at += 8;
    return true;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  static bool pair(const char* text, std::uint8_t& out) {
    const auto tens = static_cast<unsigned char>(text[0] - '0');
    const auto ones = static_cast<unsigned char>(text[1] - '0');
    out = static_cast<std::uint8_t>(tens * 10 + ones);
    return tens <= 9 && ones <= 9;
  }
};

// Four digits of year, as nearly all have.
bool read_usual_date(Reader& in, DateTime& out) {
  Reader rest = in;
  std::uint8_t century = 0;
  std::uint8_t year = 0;
  if (in.end - in.at < 10 || !Reader::pair(in.at, century)) return false;
  rest.at += 2;
  if (!rest.three_pairs('-', year, out.month, out.day)) return false;
  out.year = century * 100 + year;
  in.at = rest.at;
  return true;
}

bool read_date(Reader& in, DateTime& out) {
  if (read_usual_date(in, out)) return true;
  return in.number(out.year) && in.character('-') && in.number(out.month) && in.character('-') &&
         in.number(out.day);
}

bool read_time(Reader& in, DateTime& out) {
  if (!in.three_pairs(':', out.hour, out.minute, out.second) &&
      !(in.number(out.hour) && in.character(':') && in.number(out.minute) && in.character(':') &&
        in.number(out.second)))
    return false;
  return !in.character('.') || in.fraction(out.nanosecond);
}

// "+02", "-03:30"; local mean times of old dates have seconds too, which ODBC cannot hold.
bool read_offset(Reader& in, DateTime& out) {
  const bool west = in.character('-');
  if (!west && !in.character('+')) return true;
  std::uint8_t hours = 0;
  std::uint8_t minutes = 0;
  std::uint8_t seconds = 0;
  if (!in.number(hours)) return false;
  if (in.character(':') && !in.number(minutes)) return false;
  if (in.character(':') && !in.number(seconds)) return false;
  const int offset = hours * 60 + minutes;
  out.has_offset = true;
  out.offset_minutes = static_cast<std::int16_t>(west ? -offset : offset);
  return true;
}

bool read_era(Reader& in, DateTime& out) {
  if (in.word(" BC")) out.year = 1 - out.year;
  return in.finished();
}

bool read_infinity(std::string_view raw, DateTime& out) {
  if (!raw.ends_with('y')) return false;
  if (raw == "infinity") out.infinity = 1;
  if (raw == "-infinity") out.infinity = -1;
  return out.infinity != 0;
}

// Days since 1970-01-01 to a proleptic Gregorian date: eras of 400 years, years from March.
void set_date(std::int64_t days_since_1970, DateTime& out) {
  const std::int64_t days = days_since_1970 + 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t shifted_month = (5 * day_of_year + 2) / 153;
  out.day = static_cast<std::uint8_t>(day_of_year - (153 * shifted_month + 2) / 5 + 1);
  out.month = static_cast<std::uint8_t>(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  out.year = static_cast<std::int32_t>(year_of_era + era * 400 + (out.month <= 2 ? 1 : 0));
}

// The way back.
std::int64_t days_since_1970(const DateTime& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t shifted_month = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::int64_t day_of_year = (153 * shifted_month + 2) / 5 + date.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

void set_time(std::int64_t microseconds, DateTime& out) {
  const std::int64_t seconds = microseconds / microseconds_per_second;
  out.nanosecond = static_cast<std::uint32_t>(microseconds % microseconds_per_second * 1000);
  out.hour = static_cast<std::uint8_t>(seconds / 3600);
  out.minute = static_cast<std::uint8_t>(seconds / 60 % 60);
  out.second = static_cast<std::uint8_t>(seconds % 60);
}

template <class Integer>
bool set_infinity(Integer count, DateTime& out) {
  if (count == std::numeric_limits<Integer>::max()) out.infinity = 1;
  if (count == std::numeric_limits<Integer>::min()) out.infinity = -1;
  return out.infinity != 0;
}

void begin(ValueKind kind, Value& out) {
  out.kind = kind;
  out.time = DateTime();
}

}  // namespace

bool date_from_text(std::string_view raw, Value& out) noexcept {
  begin(ValueKind::date, out);
  if (read_infinity(raw, out.time)) return true;
  Reader in(raw);
  return read_date(in, out.time) && read_era(in, out.time);
}

bool date_from_binary(std::string_view raw, Value& out) noexcept {
  if (raw.size() != 4) return false;
  begin(ValueKind::date, out);
  const auto days = big_endian<std::int32_t>(raw.data());
  if (!set_infinity(days, out.time)) set_date(days + days_1970_to_2000, out.time);
  return true;
}

bool time_from_text(std::string_view raw, Value& out) noexcept {
  begin(ValueKind::time, out);
  Reader in(raw);
  return read_time(in, out.time) && read_offset(in, out.time) && in.finished();
}

bool time_from_binary(std::string_view raw, Value& out) noexcept {
  if (raw.size() != 8) return false;
  const auto microseconds = big_endian<std::int64_t>(raw.data());
  if (microseconds < 0 || microseconds > microseconds_per_day) return false;
  begin(ValueKind::time, out);
  set_time(microseconds, out.time);
  return true;
}

bool timetz_from_binary(std::string_view raw, Value& out) noexcept {
  if (raw.size() != 12 || !time_from_binary(raw.substr(0, 8), out)) return false;
  const auto seconds_west = big_endian<std::int32_t>(raw.data() + 8);
  if (seconds_west <= -86'400 || seconds_west >= 86'400) return false;
  out.time.has_offset = true;
  out.time.offset_minutes = static_cast<std::int16_t>(-(seconds_west / 60));
  return true;
}

bool timestamp_from_text(std::string_view raw, Value& out) noexcept {
  begin(ValueKind::timestamp, out);
  if (read_infinity(raw, out.time)) return true;
  Reader in(raw);
  return read_date(in, out.time) && in.character(' ') && read_time(in, out.time) &&
         read_offset(in, out.time) && read_era(in, out.time);
}

bool timestamp_from_binary(std::string_view raw, Value& out) noexcept {
  if (raw.size() != 8) return false;
  begin(ValueKind::timestamp, out);
  const auto microseconds = big_endian<std::int64_t>(raw.data());
  if (set_infinity(microseconds, out.time)) return true;
  std::int64_t days = microseconds / microseconds_per_day;
  std::int64_t rest = microseconds % microseconds_per_day;
  if (rest < 0) {
    rest += microseconds_per_day;
    --days;
  }
  set_date(days + days_1970_to_2000, out.time);
  set_time(rest, out.time);
  return true;
}

bool timestamptz_from_binary(std::string_view raw, Value& out) noexcept {
  if (!timestamp_from_binary(raw, out)) return false;
  out.time.has_offset = true;
  return true;
}

bool timestamptz_from_text_in_utc(std::string_view raw, Value& out) noexcept {
  if (!timestamp_from_text(raw, out) || out.time.infinity != 0) return out.time.infinity != 0;
  DateTime& time = out.time;
  if (time.month < 1 || time.month > 12) return false;
  const std::int64_t minutes = std::int64_t{time.hour} * 60 + time.minute - time.offset_minutes;
  constexpr std::int64_t per_day = 1440;
  const std::int64_t days = (minutes >= 0 ? minutes : minutes - per_day + 1) / per_day;
  const std::int64_t rest = minutes - days * per_day;
  set_date(days_since_1970(time) + days, time);
  time.hour = static_cast<std::uint8_t>(rest / 60);
  time.minute = static_cast<std::uint8_t>(rest % 60);
  time.offset_minutes = 0;
  return true;
}

namespace {

/// False when the sum does not fit.
template <class Sum>
bool add_times(std::int64_t count, std::int64_t worth, Sum& sum) {
  std::int64_t product = 0;
  return !__builtin_mul_overflow(count, worth, &product) &&
         !__builtin_add_overflow(sum, product, &sum);
}

// "-01:02:03.5": one sign for all of it.
bool read_interval_time(Reader& in, bool negative, std::int64_t hours, Interval& out) {
  std::int64_t minutes = 0;
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  if (!in.number(minutes) || !in.character(':') || !in.number(seconds)) return false;
  if (in.character('.') && !in.fraction(nanoseconds)) return false;
  // In microseconds even one of them may be too large; no server writes that, but a liar may.
  std::int64_t total = nanoseconds / 1000;
  for (const auto& [count, worth] : {std::pair(hours, 3'600 * microseconds_per_second),
                                     std::pair(minutes, 60 * microseconds_per_second),
                                     std::pair(seconds, microseconds_per_second)})
    if (!add_times(count, worth, total)) return false;
  out.microseconds = negative ? -total : total;
  return true;
}

bool read_interval_part(Reader& in, Interval& out) {
  const bool negative = in.character('-');
  if (!negative) in.character('+');
  std::int64_t count = 0;
  if (!in.number(count)) return false;
  if (in.character(':')) return read_interval_time(in, negative, count, out);
  if (!in.character(' ')) return false;
  const std::int64_t signed_count = negative ? -count : count;
  bool fits = false;
  if (in.word("year"))
    fits = add_times(signed_count, 12, out.months);
  else if (in.word("mon"))
    fits = add_times(signed_count, 1, out.months);
  else if (in.word("day"))
    fits = add_times(signed_count, 1, out.days);
  if (!fits) return false;
  in.character('s');
  return true;
}

}  // namespace

bool interval_from_text(std::string_view raw, Value& out) noexcept {
  out.kind = ValueKind::interval;
  out.interval = Interval();
  Reader in(raw);
  do {
    if (!read_interval_part(in, out.interval)) return false;
  } while (in.character(' '));
  return in.finished();
}

bool interval_from_binary(std::string_view raw, Value& out) noexcept {
  if (raw.size() != 16) return false;
  out.kind = ValueKind::interval;
  out.interval.microseconds = big_endian<std::int64_t>(raw.data());
  out.interval.days = big_endian<std::int32_t>(raw.data() + 8);
  out.interval.months = big_endian<std::int32_t>(raw.data() + 12);
  return true;
}

}  // namespace core
