// SPDX-License-Identifier: Apache-2.0
// All of bench_wide with libmariadb: as text, or bound to the C types that suit it.
#include <array>
#include <bit>

#include "libmariadb_subject/cases.h"
#include "libmariadb_subject/link.h"
#include "libmariadb_subject/received.h"

namespace bench {
namespace {

using Buffer = std::array<char, text_size>;

// All columns as characters, each copied into a buffer of the application.
std::uint64_t decode_wide(const Result& result, MYSQL_ROW row) {
  static std::array<Buffer, wide_columns> buffers;
  const unsigned long* const lengths = mysql_fetch_lengths(result.get());
  std::uint64_t sum = 0;
  for (std::size_t at = 0; at < wide_columns; ++at) {
    std::memcpy(buffers[at].data(), row[at], lengths[at] < text_size ? lengths[at] : text_size);
    sum += text_check(at, buffers[at].data(), lengths[at]);
  }
  return sum;
}

// What ODBC's structs hold, from libmariadb's.
std::uint64_t moment_check(const MYSQL_TIME& time) {
  const struct {
    unsigned year, month, day, hour, minute, second, fraction;
  } at{time.year,
       time.month,
       time.day,
       time.hour,
       time.minute,
       time.second,
       static_cast<unsigned>(time.second_part) * 1000};
  return timestamp_check(at);
}

// Numbers as numbers, moments as structs, decimal as text: the sum is the one of ODBC's typed
// variant.
struct TypedWide {
  struct Text {
    Buffer text;
    unsigned long length = 0;
    MYSQL_BIND place() {
      return bench::place(MYSQL_TYPE_STRING, text.data(), text.size(), &length);
    }
    std::uint64_t check(std::size_t column) const {
      return text_check(column, text.data(), length);
    }
  };
  std::int32_t i = 0;
  std::int64_t b = 0;
  std::int16_t s = 0;
  double r = 0, d = 0;
  Text n, v, t, c;
  unsigned char f = 0;
  MYSQL_TIME day{}, at{};

  void bind(const Prepared& statement) {
    std::array binds{place(MYSQL_TYPE_LONG, &i),
                     place(MYSQL_TYPE_LONGLONG, &b),
                     place(MYSQL_TYPE_SHORT, &s),
                     place(MYSQL_TYPE_DOUBLE, &r),
                     place(MYSQL_TYPE_DOUBLE, &d),
                     n.place(),
                     place(MYSQL_TYPE_TINY, &f),
                     v.place(),
                     t.place(),
                     c.place(),
                     place(MYSQL_TYPE_DATE, &day),
                     place(MYSQL_TYPE_DATETIME, &at)};
    require(statement, mysql_stmt_bind_result(statement.get(), binds.data()) != 0);
  }
  std::uint64_t check() const {
    return static_cast<std::uint64_t>(i) + static_cast<std::uint64_t>(b) +
           static_cast<std::uint64_t>(s) + std::bit_cast<std::uint64_t>(r) +
           std::bit_cast<std::uint64_t>(d) + f + n.check(5) + v.check(7) + t.check(8) + c.check(9) +
           date_check(day) + moment_check(at);
  }
};

Sample text_store(const Settings& settings) {
  return read_all(settings, wide_query, [](const Link& link, const Prepared&) {
    return read_text<decode_wide>(store(link, wide_query));
  });
}
Sample text_use(const Settings& settings) {
  return read_all(settings, wide_query, [](const Link& link, const Prepared&) {
    return read_text<decode_wide>(use(link, wide_query));
  });
}
Sample stmt_use(const Settings& settings) {
  return read_all(settings, wide_query, [](const Link&, const Prepared& statement) {
    execute(statement);
    return read_bound<TypedWide>(statement);
  });
}

constexpr std::array cases{
    Case{"fetch_wide", "text_store", text_store},
    Case{"fetch_wide", "text_use", text_use},
    Case{"fetch_wide", "stmt_use_typed", stmt_use},
};

}  // namespace

std::span<const Case> wide_cases() { return cases; }

}  // namespace bench
