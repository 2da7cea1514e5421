// SPDX-License-Identifier: Apache-2.0
// A direct reader and the way by a Value must not be told apart: same bytes, length and outcome, at
// every capacity.
#include "odbc/convert/direct.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "core/client/pg_decode.h"

namespace odbc::convert {
namespace {

struct Form {
  core::WireForm wire;
  core::Decode decode;
  core::ValueKind kind;
  core::SqlType type;
  std::vector<std::string> cells;
};

std::vector<Form> forms() {
  using enum core::WireForm;
  using core::SqlType;
  using core::ValueKind;
  using namespace std::string_literals;
  return {
      {int2,
       core::int2_from_binary,
       ValueKind::integer,
       SqlType::smallint,
       {"\x00\x01"s, "\xFF\xFF"s, "\x80\x00"s, "\x01"s}},
      {int4,
       core::int4_from_binary,
       ValueKind::integer,
       SqlType::integer,
       {"\x00\x01\xE2\x40"s, "\xFF\xFF\xFF\xFF"s, "\x80\x00\x00\x00"s, ""s}},
      {int8,
       core::int8_from_binary,
       ValueKind::integer,
       SqlType::bigint,
       {"\x00\x00\x00\x00\x00\x00\x00\x07"s, "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s,
        "\x00\x00\x00\x01\x00\x00\x00\x00"s}},
      {float8,
       core::float8_from_binary,
       ValueKind::real,
       SqlType::double_,
       {"\x3F\xF8\x00\x00\x00\x00\x00\x00"s, "\x7F\xF0\x00\x00\x00\x00\x00\x00"s, "\x3F"s}},
      {integer_text,
       core::integer_from_text,
       ValueKind::integer,
       SqlType::integer,
       {"0", "-7", "123456", "40000", "2147483648", "-9223372036854775808", "9223372036854775808",
        "12x", "", "x"}},
      {real_text,
       core::real_from_text,
       ValueKind::real,
       SqlType::double_,
       {"0",
        "-0",
        "1.5",
        "0.1",
        "1062499.9375",
        "123456789012345",
        "1234567890123456",
        "0.000000000000001",
        "1e+20",
        "-1.7976931348623157e+308",
        "NaN",
        "Infinity",
        "-Infinity",
        "",
        "-",
        ".",
        "1.2.3",
        "5e-324",
        "9007199254740993",
        ".5",
        "1."}},
      {decimal_text,
       core::decimal_from_text,
       ValueKind::decimal,
       SqlType::decimal,
       {"0", "-1.50", "12345678901234567890.123456789", "NaN", "Infinity", ""}},
      {date_text,
       core::date_from_text,
       ValueKind::date,
       SqlType::date,
       {"2026-11-21", "0044-03-15 BC", "10000-01-01", "infinity", "-infinity", "nonsense", ""}},
      {timestamp_text,
       core::timestamp_from_text,
       ValueKind::timestamp,
       SqlType::timestamp,
       {"2026-11-21 12:00:00", "2026-11-21 12:00:00.5", "2026-11-21 12:00:00.123456",
        "2026-11-21 12:00:00+01", "2026-11-21 12:00:00.25-03:30", "2026-11-21 12:00:00.25+05:30",
        "0044-03-15 00:00:00 BC", "12026-11-21 12:00:00", "infinity", "garbage of 19 chars", ""}},
      {utf8,
       core::decode_text,
       ValueKind::text,
       SqlType::varchar,
       {"", "plain", "gr\xC3\xBC\xC3\x9F", "\xF0\x9F\x98\x80 face", "broken \xFF byte"}},
      {bytes,
       core::decode_bytes,
       ValueKind::bytes,
       SqlType::longvarbinary,
       {"", "\x00\x01\x02"s, "longer than some of the buffers"}},
  };
}

struct Written {
  Outcome outcome;
  SQLLEN length = -77;
  std::array<char, 160> data;
  bool operator==(const Written&) const = default;
};

Written write(const ColumnPlan& plan, const std::string& cell, core::SqlType type, SQLLEN capacity,
              bool with_buffer) {
  Written written{};
  written.length = -77;
  written.data.fill('\x55');
  Destination out;
  out.data = with_buffer ? written.data.data() : nullptr;
  out.capacity = capacity;
  out.length = out.indicator = &written.length;
  out.source = type;
  written.outcome = plan.fetch({cell.data(), static_cast<std::int32_t>(cell.size())}, out);
  // What a refused value leaves in the buffer is nobody's business.
  if (!delivers(written.outcome)) {
    written.data.fill('\x55');
    written.length = -77;
  }
  return written;
}

TEST(DirectReader, gives_what_the_matrix_gives) {
  int direct = 0;
  for (const Form& form : forms()) {
    core::Column column;
    column.decode = form.decode;
    column.kind = form.kind;
    column.type = form.type;
    for (int target = 0; target < static_cast<int>(Target::count_); ++target) {
      const ColumnPlan by_matrix = plan_column(column, static_cast<Target>(target));
      column.wire = form.wire;
      const ColumnPlan by_reader = plan_column(column, static_cast<Target>(target));
      column.wire = core::WireForm::other;
      if (by_reader.read == by_matrix.read) continue;
      ++direct;
      for (const std::string& cell : form.cells)
        for (SQLLEN capacity = 0; capacity <= 150; ++capacity)
          for (const bool buffer : {true, false})
            EXPECT_EQ(write(by_reader, cell, form.type, capacity, buffer),
                      write(by_matrix, cell, form.type, capacity, buffer))
                << "form " << static_cast<int>(form.wire) << ", target " << target << ", cell \""
                << cell << "\", capacity " << capacity;
    }
  }
  EXPECT_EQ(direct, 25);
}

}  // namespace
}  // namespace odbc::convert
