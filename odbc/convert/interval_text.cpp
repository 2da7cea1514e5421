// SPDX-License-Identifier: Apache-2.0
// Text of intervals: ODBC's literals by the fields they name, else ISO 8601 or the words and clock
// of PostgreSQL's styles. Comes in: interval.h.
#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "odbc/convert/interval.h"
#include "odbc/convert/interval_fields.h"
#include "odbc/convert/number.h"

namespace odbc::convert {
namespace {

using interval::Field;
using interval::powers_of_ten;
using interval::Range;
using interval::worth_of;

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
bool is_letter(char c) noexcept { return lower(c) >= 'a' && lower(c) <= 'z'; }

/// A number as it is written: sign, whole part, billionths.
struct Amount {
  bool is_signed = false;
  bool negative = false;
  std::int64_t whole = 0;
  std::int64_t billionths = 0;
};

/// Reads from left to right; every function says whether it found what it looks for.
class Reader {
 public:
  explicit Reader(std::string_view text) noexcept : text_(text) {}
  bool at_end() const noexcept { return text_.empty(); }
  std::string_view rest() const noexcept { return text_; }
  bool next_is(char c) const noexcept { return !text_.empty() && text_.front() == c; }
  bool skip(char c) noexcept {
    if (!next_is(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  void blanks() noexcept {
    while (skip(' ')) {}
  }
  bool word(std::string_view wanted) noexcept {
    if (text_.size() < wanted.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (lower(text_[i]) != wanted[i]) return false;
    if (text_.size() > wanted.size() && is_letter(text_[wanted.size()])) return false;
    text_.remove_prefix(wanted.size());
    return true;
  }
  std::string_view letters() noexcept {
    std::size_t count = 0;
    while (count < text_.size() && is_letter(text_[count])) ++count;
    const std::string_view found = text_.substr(0, count);
    text_.remove_prefix(count);
    return found;
  }
  void sign(Amount& out) noexcept {
    out.is_signed = next_is('-') || next_is('+');
    out.negative = skip('-');
    if (!out.negative) skip('+');
  }
  /// Digits; `overflow` is set when they are too many.
  bool whole(Amount& out, bool& overflow) noexcept {
    const char* const end = text_.data() + text_.size();
    if (text_.empty() || !is_digit(text_.front())) return false;
    const auto [stop, error] = std::from_chars(text_.data(), end, out.whole);
    overflow = overflow || error != std::errc();
    text_.remove_prefix(static_cast<std::size_t>(stop - text_.data()));
    return true;
  }
  /// A point and digits, or nothing.
  bool fraction(Amount& out) noexcept {
    if (!skip('.')) return true;
    std::int64_t scale = 100'000'000;
    std::size_t count = 0;
    for (; count < text_.size() && is_digit(text_[count]); ++count, scale /= 10)
      out.billionths += scale * (text_[count] - '0');
    text_.remove_prefix(count);
    return count > 0;
  }

 private:
  std::string_view text_;
};

/// Adds fields up and remembers what went wrong.
class Sum {
 public:
  void add(Amount amount, Field field, std::int64_t times = 1) noexcept {
    const std::int64_t sign = amount.negative ? -1 : 1;
    std::int64_t whole = 0;
    overflow_ = overflow_ || __builtin_mul_overflow(amount.whole, sign * times, &whole);
    switch (field) {
      case Field::year: scale(whole, 12, months_); break;
      case Field::month: scale(whole, 1, months_); break;
      case Field::day: scale(whole, 1, days_); break;
      default: scale(whole, worth_of(field).amount, microseconds_);
    }
    if (amount.billionths != 0) add_fraction(amount.billionths * sign, field, times);
  }
  Outcome finish(core::Interval& out) const noexcept {
    const auto fits = [](std::int64_t part) {
      return part >= std::numeric_limits<std::int32_t>::min() &&
             part <= std::numeric_limits<std::int32_t>::max();
    };
    if (overflow_ || !fits(months_) || !fits(days_)) return Outcome::interval_overflow;
    out = {static_cast<std::int32_t>(months_), static_cast<std::int32_t>(days_), microseconds_};
    return cut_ ? Outcome::fraction_lost : Outcome::ok;
  }
  void negate() noexcept {
    for (std::int64_t* const part : {&months_, &days_, &microseconds_})
      overflow_ = overflow_ || __builtin_sub_overflow(std::int64_t{0}, *part, part);
  }
  bool& overflow() noexcept { return overflow_; }

 private:
  void scale(std::int64_t whole, std::int64_t worth, std::int64_t& total) noexcept {
    std::int64_t product = 0;
    overflow_ = overflow_ || __builtin_mul_overflow(whole, worth, &product) ||
                __builtin_add_overflow(total, product, &total);
  }
  // Of an hour, minute or second exactly; of larger fields in whole units of the next.
  void add_fraction(std::int64_t billionths, Field field, std::int64_t times) noexcept {
    constexpr std::int64_t billion = 1'000'000'000;
    __extension__ using Wide = __int128;
    if (field == Field::year) {
      scale(billionths * 12 / billion, 1, months_);
      cut_ = cut_ || billionths * 12 % billion != 0;
      return;
    }
    const Wide worth = field == Field::month ? Wide{30} * worth_of(Field::day).amount
                                             : Wide{worth_of(field).amount};
    const Wide parts = worth * billionths * times;
    scale(static_cast<std::int64_t>(parts / billion), 1, microseconds_);
    cut_ = cut_ || parts % billion != 0;
  }
  std::int64_t months_ = 0, days_ = 0, microseconds_ = 0;
  bool overflow_ = false, cut_ = false;
};

struct UnitRow {
  std::string_view word;
  Field field;
  std::int64_t times;
};
constexpr UnitRow units[] = {
    {"year", Field::year, 1},      {"years", Field::year, 1},     {"mon", Field::month, 1},
    {"mons", Field::month, 1},     {"month", Field::month, 1},    {"months", Field::month, 1},
    {"week", Field::day, 7},       {"weeks", Field::day, 7},      {"day", Field::day, 1},
    {"days", Field::day, 1},       {"hour", Field::hour, 1},      {"hours", Field::hour, 1},
    {"min", Field::minute, 1},     {"mins", Field::minute, 1},    {"minute", Field::minute, 1},
    {"sec", Field::second, 1},     {"secs", Field::second, 1},    {"second", Field::second, 1},
    {"minutes", Field::minute, 1}, {"seconds", Field::second, 1},
};

const UnitRow* unit_of(std::string_view word) noexcept {
  for (const UnitRow& row : units) {
    Reader in(word);
    if (in.word(row.word) && in.at_end()) return &row;
  }
  return nullptr;
}

constexpr char separator_before(Field field) noexcept {
  switch (field) {
    case Field::month: return '-';
    case Field::hour: return ' ';
    default: return ':';
  }
}

// What stands between the quotes of a literal whose fields are known.
bool read_fields(Reader in, Range range, bool negative, Sum& sum, bool& out_of_range) noexcept {
  Amount amount;
  in.sign(amount);
  negative = negative != amount.negative;
  for (Field field = range.first;; field = interval::next(field)) {
    amount = Amount();
    amount.negative = negative;
    if (!in.whole(amount, sum.overflow())) return false;
    if (field == Field::second && !in.fraction(amount)) return false;
    const std::int64_t limit = worth_of(field).limit;
    if (field != range.first && amount.whole >= limit) out_of_range = true;
    sum.add(amount, field);
    if (field == range.last) return in.at_end();
    if (!in.skip(separator_before(interval::next(field)))) return false;
    in.blanks();
  }
}

// Hours were read; ":mm[:ss[.f]]" follows.
bool read_clock(Reader& in, Amount hours, Sum& sum) noexcept {
  Amount minutes;
  Amount seconds;
  minutes.negative = seconds.negative = hours.negative;
  if (!in.skip(':') || !in.whole(minutes, sum.overflow())) return false;
  if (in.skip(':') && !(in.whole(seconds, sum.overflow()) && in.fraction(seconds))) return false;
  sum.add(hours, Field::hour);
  sum.add(minutes, Field::minute);
  sum.add(seconds, Field::second);
  return true;
}

// One part of PostgreSQL's styles: "-1 year", "+1-2", "04:05:06", "3 4:05:06", "1.5 secs".
bool read_part(Reader& in, Sum& sum) noexcept {
  Amount amount;
  in.sign(amount);
  if (!in.next_is('.') && !in.whole(amount, sum.overflow())) return false;
  if (in.next_is(':')) return read_clock(in, amount, sum);
  if (in.skip('-')) {
    Amount months;
    months.negative = amount.negative;
    if (!in.whole(months, sum.overflow())) return false;
    sum.add(amount, Field::year);
    sum.add(months, Field::month);
    return true;
  }
  if (!in.fraction(amount)) return false;
  in.blanks();
  if (const std::string_view word = in.letters(); !word.empty()) {
    const UnitRow* const unit = unit_of(word);
    if (unit == nullptr) return false;
    sum.add(amount, unit->field, unit->times);
    return true;
  }
  // sql_standard: days stand before a clock, which inherits their sign.
  Amount hours;
  in.sign(hours);
  if (!hours.is_signed) hours.negative = amount.negative;
  if (amount.billionths != 0 || !in.whole(hours, sum.overflow())) return false;
  sum.add(amount, Field::day);
  return read_clock(in, hours, sum);
}

bool read_words(Reader in, Sum& sum) noexcept {
  if (in.skip('@')) in.blanks();
  do {
    if (!read_part(in, sum)) return false;
    in.blanks();
    if (in.word("ago")) {
      sum.negate();
      break;
    }
  } while (!in.at_end());
  return in.at_end();
}

struct DesignatorRow {
  char letter;
  bool time;
  Field field;
  std::int64_t times;
};
constexpr DesignatorRow designators[] = {
    {'y', false, Field::year, 1},  {'m', false, Field::month, 1}, {'w', false, Field::day, 7},
    {'d', false, Field::day, 1},   {'h', true, Field::hour, 1},   {'m', true, Field::minute, 1},
    {'s', true, Field::second, 1},
};

bool read_designated(Reader& in, bool time, bool negative, Sum& sum) noexcept {
  Amount amount;
  in.sign(amount);
  amount.negative = amount.negative != negative;
  if (!in.whole(amount, sum.overflow()) || !in.fraction(amount) || in.at_end()) return false;
  const char letter = lower(in.rest().front());
  for (const DesignatorRow& row : designators) {
    if (row.letter != letter || row.time != time) continue;
    in.skip(in.rest().front());
    sum.add(amount, row.field, row.times);
    return true;
  }
  return false;
}

// P1Y2M3DT4H5M6.7S, every number with a sign of its own.
bool read_iso(Reader in, bool negative, Sum& sum) noexcept {
  if (!in.skip('P') && !in.skip('p')) return false;
  bool time = false;
  bool any = false;
  while (!in.at_end()) {
    if (!time && (in.skip('T') || in.skip('t'))) time = true;
    if (!read_designated(in, time, negative, sum)) return false;
    any = true;
  }
  return any;
}

bool read_field_name(Reader& in, Field& out) noexcept {
  constexpr std::string_view names[] = {"year", "month", "day", "hour", "minute", "second"};
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (!in.word(names[i])) continue;
    out = static_cast<Field>(i);
    return true;
  }
  return false;
}

// "(2)" or "(2,6)": limits of the literal that the server does not keep.
bool skip_precision(Reader& in) noexcept {
  in.blanks();
  if (!in.skip('(')) return true;
  Amount digits;
  bool overflow = false;
  do {
    in.blanks();
    if (!in.whole(digits, overflow)) return false;
    in.blanks();
  } while (in.skip(','));
  if (!in.skip(')')) return false;
  in.blanks();
  return true;
}

bool known(Range range) noexcept {
  return std::any_of(interval::ranges.begin() + 1, interval::ranges.end(), [range](Range row) {
    return row.first == range.first && row.last == range.last;
  });
}

/// ODBC's literal taken apart.
struct Literal {
  std::string_view body;
  bool negative = false;
  Range range{Field::count_, Field::count_};
};

// INTERVAL [-]'body' field[(p)] [TO field[(p)]]
bool read_literal(Reader in, Literal& out) noexcept {
  in.blanks();
  Amount sign;
  in.sign(sign);
  out.negative = sign.negative;
  in.blanks();
  if (!in.skip('\'')) return false;
  const std::size_t end = in.rest().find('\'');
  if (end == std::string_view::npos) return false;
  out.body = trim(in.rest().substr(0, end));
  in = Reader(in.rest().substr(end + 1));
  in.blanks();
  if (in.at_end()) return true;
  if (!read_field_name(in, out.range.first) || !skip_precision(in)) return false;
  out.range.last = out.range.first;
  if (in.word("to")) {
    in.blanks();
    if (!read_field_name(in, out.range.last) || !skip_precision(in)) return false;
  }
  return in.at_end() && known(out.range);
}

Outcome read_body(std::string_view body, Range range, bool negative, core::Interval& out) noexcept {
  if (range.first != Field::count_) {
    Sum sum;
    bool out_of_range = false;
    if (read_fields(Reader(body), range, negative, sum, out_of_range))
      return out_of_range ? Outcome::interval_overflow : sum.finish(out);
  }
  Reader in(body);
  Amount sign;
  if (body.size() > 1 && lower(body[1]) == 'p') in.sign(sign);
  Sum sum;
  const bool iso = in.next_is('P') || in.next_is('p');
  if (!(iso ? read_iso(in, sign.negative, sum) : read_words(in, sum))) return Outcome::bad_text;
  if (negative) sum.negate();
  return sum.finish(out);
}

char* put(char* at, std::uint64_t number) noexcept {
  return std::to_chars(at, at + 20, number).ptr;
}

char* put_two(char* at, std::uint64_t number) noexcept {
  if (number < 10) *at++ = '0';
  return put(at, number);
}

char* put_fraction(char* at, std::uint32_t fraction, std::size_t digits) noexcept {
  if (fraction == 0 || digits == 0 || digits > 9) return at;
  *at++ = '.';
  for (std::size_t i = digits; i > 0; --i)
    *at++ = static_cast<char>('0' + fraction / powers_of_ten[i - 1] % 10);
  while (at[-1] == '0') --at;
  return at;
}

}  // namespace

Outcome parse_interval(std::string_view text, SQLINTERVAL type, core::Interval& out) noexcept {
  text = trim(text);
  if (text.starts_with('{') && text.ends_with('}')) text = trim(text.substr(1, text.size() - 2));
  Literal literal{text, false, interval::range_of(type)};
  Reader in(text);
  if (in.word("interval") && !read_literal(in, literal)) return Outcome::bad_text;
  return read_body(literal.body, literal.range, literal.negative, out);
}

char* format_interval_literal(const SQL_INTERVAL_STRUCT& value, SQLINTERVAL type,
                              SQLSMALLINT seconds_precision, char* buffer) noexcept {
  const Range range = interval::range_of(type);
  const auto& time = value.intval.day_second;
  const auto& date = value.intval.year_month;
  const SQLUINTEGER fields[] = {date.year, date.month,  time.day,
                                time.hour, time.minute, time.second};
  char* at = buffer;
  if (value.interval_sign == SQL_TRUE) *at++ = '-';
  for (Field field = range.first; field != Field::count_; field = interval::next(field)) {
    const SQLUINTEGER number = fields[static_cast<std::size_t>(field)];
    if (field != range.first) *at++ = separator_before(field);
    at = field == range.first ? put(at, number) : put_two(at, number);
    if (field == range.last) break;
  }
  if (range.last != Field::second) return at;
  return put_fraction(at, time.fraction, static_cast<std::size_t>(seconds_precision));
}

}  // namespace odbc::convert
