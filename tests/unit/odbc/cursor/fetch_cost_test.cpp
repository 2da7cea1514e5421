// SPDX-License-Identifier: Apache-2.0
// What a fetched row costs: no allocation, and a few nanoseconds per cell (printed, not judged:
// machines differ). Rows are made once; the fake source only hands them out.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include "core/client/pg_decode.h"
#include "odbc/cursor/rowset.h"
#include "tests/unit/allocation_count.h"

namespace {
thread_local std::size_t allocations = 0;
}  // namespace

std::size_t allocations_of_this_thread() noexcept { return allocations; }

// Sanitizers bring their own.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace odbc::cursor {
namespace {

constexpr std::size_t row_count = 1'000'000, block = 1000;

core::Column column(core::SqlType type, core::ValueKind kind, core::Decode decode,
                    core::WireForm wire) {
  core::Column column;
  column.wire = wire;
  column.type = type;
  column.kind = kind;
  column.decode = decode;
  return column;
}

// int, double, varchar of 16 bytes into arrays of 1000.
void measure(const char* name, std::span<const core::Column> columns,
             const std::array<core::RawCell, 3>& cells) {
  Descriptor ard, ird;
  std::vector<SQLINTEGER> ids(block);
  std::vector<double> prices(block);
  std::vector<char> names(block * 32);
  std::vector<SQLLEN> lengths(block * 3);
  std::vector<SQLUSMALLINT> status(block);
  ard.bind_column(1, SQL_C_SLONG, ids.data(), 0, &lengths[0]);
  ard.bind_column(2, SQL_C_DOUBLE, prices.data(), 0, &lengths[block]);
  ard.bind_column(3, SQL_C_CHAR, names.data(), 32, &lengths[block * 2]);
  ard.header.array_size = block;
  ird.header.array_status_ptr = status.data();
  ird.describe(columns);
  Diagnostics diagnostics;
  Rowset rowset;
  std::size_t served = 0;
  auto next = [&]() -> const core::RawCell* {
    return served++ < row_count ? cells.data() : nullptr;
  };
  const FetchTarget target = FetchTarget::of(ard, ird);
  ASSERT_EQ(rowset.fetch(next, columns, target, diagnostics), SQL_SUCCESS);

  const std::size_t before = allocations;
  const std::clock_t begin = std::clock();  // processor time: other processes do not count
  while (rowset.fetch(next, columns, target, diagnostics) == SQL_SUCCESS) {}
  const double elapsed = 1e9 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(ids[block - 1], 123456);
  EXPECT_EQ(prices[0], 1.5);
  EXPECT_STREQ(&names[32], "sixteen bytes ok");
  std::printf("%s: %.1f ns per row\n", name, elapsed / (row_count - block));
}

TEST(FetchCost, no_allocation_per_row) {
  using core::SqlType;
  using core::ValueKind;
  const core::RawCell text{"sixteen bytes ok", 16};
  const std::array binary = {
      column(SqlType::integer, ValueKind::integer, core::int4_from_binary, core::WireForm::int4),
      column(SqlType::double_, ValueKind::real, core::float8_from_binary, core::WireForm::float8),
      column(SqlType::varchar, ValueKind::text, core::decode_text, core::WireForm::utf8)};
  measure("binary", binary,
          {{{"\x00\x01\xE2\x40", 4}, {"\x3F\xF8\x00\x00\x00\x00\x00\x00", 8}, text}});
  const std::array as_text = {
      column(SqlType::integer, ValueKind::integer, core::integer_from_text,
             core::WireForm::integer_text),
      column(SqlType::double_, ValueKind::real, core::real_from_text, core::WireForm::real_text),
      column(SqlType::varchar, ValueKind::text, core::decode_text, core::WireForm::utf8)};
  measure("text", as_text, {{{"123456", 6}, {"1.5", 3}, text}});
}

}  // namespace
}  // namespace odbc::cursor
