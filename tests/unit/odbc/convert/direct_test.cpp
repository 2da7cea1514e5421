// SPDX-License-Identifier: Apache-2.0
// A direct reader and the way by a Value must not be told apart: same bytes, length and outcome, at
// every capacity.
#include "odbc/convert/direct.h"

#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cmath>
#include <random>
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
        "1.",
        "1.50",
        "007",
        "00.5",
        "0.0",
        "-0.0001",
        "0.00012",
        "0.00001",
        "123456789012.345",
        "0.10000000000000001"}},
      {real_text,
       core::real_from_text,
       ValueKind::real,
       SqlType::real,
       {"0.25", "-49999.75", "0.1", "123456", "1234567", "999999.9", "0.1000001", "0.10000001",
        "0.100000001", "16777.217", "33554.434", "9.999999", "1e+06", "NaN", "-Infinity"}},
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
        "2026-11-21 12:00:00+01", "2026-11-21 12:00:00.5+01", "2026-11-21 12:00:00.555-08",
        "2026-11-21 12:00:00.1234567", "2026-11-21 12:00:00.25-03:30",
        "2026-11-21 12:00:00.25+05:30", "0044-03-15 00:00:00 BC", "12026-11-21 12:00:00",
        "infinity", "garbage of 19 chars", ""}},
      {utf8,
       core::decode_text,
       ValueKind::text,
       SqlType::varchar,
       {"", "plain", "exactly8", "sixteen of ASCII", "seventeen letters", "thirteen and \xC3\xA9",
        "gr\xC3\xBC\xC3\x9F", "\xF0\x9F\x98\x80 face", "broken \xFF byte"}},
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
  EXPECT_EQ(direct, 31);
}

// Texts of floats: as the server writes them, and with digits more, less or others.
TEST(DirectReader, passes_only_the_text_the_matrix_would_write) {
  std::mt19937 random(7);
  std::uniform_int_distribution<std::uint32_t> digits(0, 999'999'999);
  std::uniform_int_distribution<int> places(0, 9);
  for (const core::SqlType type : {core::SqlType::real, core::SqlType::double_}) {
    core::Column column;
    column.decode = core::real_from_text;
    column.kind = core::ValueKind::real;
    column.type = type;
    const ColumnPlan by_matrix = plan_column(column, Target::char_);
    column.wire = core::WireForm::real_text;
    const ColumnPlan by_reader = plan_column(column, Target::char_);
    for (int i = 0; i < 200'000; ++i) {
      std::string text = std::to_string(digits(random));
      if (const auto point = static_cast<std::size_t>(places(random)); point < text.size())
        text.insert(text.size() - point, ".");
      ASSERT_EQ(write(by_reader, text, type, 40, true), write(by_matrix, text, type, 40, true))
          << text;
    }
    std::uniform_real_distribution<float> spread(-5, 6);
    for (int i = 0; i < 200'000; ++i) {
      const float number = std::pow(10.0F, spread(random));
      char scratch[32];
      const auto end = type == core::SqlType::real
                           ? std::to_chars(scratch, scratch + sizeof scratch, number).ptr
                           : std::to_chars(scratch, scratch + sizeof scratch, double{number}).ptr;
      const std::string text(scratch, end);
      ASSERT_EQ(write(by_reader, text, type, 40, true), write(by_matrix, text, type, 40, true))
          << text;
    }
  }
}

}  // namespace
}  // namespace odbc::convert
