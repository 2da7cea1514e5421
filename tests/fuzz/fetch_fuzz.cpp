// SPDX-License-Identifier: Apache-2.0
// Any bytes as a cell of any server type, text and binary, into any C type and a buffer of any
// size: nothing outside the buffer is written, lengths tell the truth, pieces make the whole. Comes
// in: libFuzzer, with the seeds of corpus/fetch. The first bytes choose type, C type and size.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/pg_types.h"
#include "odbc/convert/interval.h"
#include "odbc/convert/plan.h"

namespace {

using namespace odbc::convert;

constexpr unsigned char guard = 0xA5;
constexpr std::size_t guard_size = 64;

void require(bool holds) {
  if (!holds) std::abort();
}

/// A buffer between two guards; unaligned, as row-wise binding may make it.
class Guarded {
 public:
  explicit Guarded(std::size_t size) : bytes_(2 * guard_size + size + 1, guard), size_(size) {}
  void* data() { return bytes_.data() + guard_size + 1; }
  void check() const {
    for (std::size_t i = 0; i <= guard_size; ++i) require(bytes_[i] == guard);
    for (std::size_t i = guard_size + 1 + size_; i < bytes_.size(); ++i)
      require(bytes_[i] == guard);
  }

 private:
  std::vector<unsigned char> bytes_;
  std::size_t size_;
};

void check_length(Outcome outcome, Target target, SQLLEN length, std::size_t room) {
  const std::size_t fixed = fixed_size(target);
  if (fixed != 0) {
    require(length == static_cast<SQLLEN>(fixed));
    return;
  }
  require(length >= 0);
  const std::size_t terminator = target == Target::char_   ? 1
                                 : target == Target::wchar ? sizeof(SQLWCHAR)
                                                           : 0;
  if (target == Target::wchar) require(length % static_cast<SQLLEN>(sizeof(SQLWCHAR)) == 0);
  if (outcome == Outcome::ok) require(static_cast<std::size_t>(length) + terminator <= room);
}

void fetch(const core::Column& column, const core::RawCell& cell, SQLSMALLINT c_type,
           std::size_t size) {
  const Target target = target_of(c_type);
  const ColumnPlan plan = plan_column(column, target);
  const std::size_t room = fixed_size(target) != 0 ? fixed_size(target) : size;
  Guarded buffer(room);
  SQLLEN length = -77;
  Destination out;
  out.data = buffer.data();
  out.capacity = static_cast<SQLLEN>(room);
  out.length = out.indicator = &length;
  out.source = column.type;
  out.fields = column.fields;
  out.interval = interval_type_of(c_type);
  const Outcome outcome = plan.fetch(cell, out);
  buffer.check();
  if (delivers(outcome)) check_length(outcome, target, length, room);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  const auto types = core::all_pg_types();
  const core::PgType& type = types[data[0] % types.size()];
  const bool binary = (data[1] & 1U) != 0 && type.from_binary != nullptr;
  static constexpr std::array<SQLSMALLINT, 34> c_types = {SQL_C_CHAR,
                                                          SQL_C_WCHAR,
                                                          SQL_C_BINARY,
                                                          SQL_C_BIT,
                                                          SQL_C_STINYINT,
                                                          SQL_C_UTINYINT,
                                                          SQL_C_SSHORT,
                                                          SQL_C_USHORT,
                                                          SQL_C_SLONG,
                                                          SQL_C_ULONG,
                                                          SQL_C_SBIGINT,
                                                          SQL_C_UBIGINT,
                                                          SQL_C_FLOAT,
                                                          SQL_C_DOUBLE,
                                                          SQL_C_NUMERIC,
                                                          SQL_C_TYPE_DATE,
                                                          SQL_C_TYPE_TIME,
                                                          SQL_C_TYPE_TIMESTAMP,
                                                          SQL_C_GUID,
                                                          SQL_C_INTERVAL_YEAR,
                                                          SQL_C_INTERVAL_MONTH,
                                                          SQL_C_INTERVAL_DAY,
                                                          SQL_C_INTERVAL_HOUR,
                                                          SQL_C_INTERVAL_MINUTE,
                                                          SQL_C_INTERVAL_SECOND,
                                                          SQL_C_INTERVAL_YEAR_TO_MONTH,
                                                          SQL_C_INTERVAL_DAY_TO_HOUR,
                                                          SQL_C_INTERVAL_DAY_TO_MINUTE,
                                                          SQL_C_INTERVAL_DAY_TO_SECOND,
                                                          SQL_C_INTERVAL_HOUR_TO_MINUTE,
                                                          SQL_C_INTERVAL_HOUR_TO_SECOND,
                                                          SQL_C_INTERVAL_MINUTE_TO_SECOND,
                                                          SQL_C_DATE,
                                                          SQL_C_TIMESTAMP};
  const SQLSMALLINT c_type = c_types[data[2] % c_types.size()];
  core::Column column;
  core::describe_column(column, type.oid, -1,
                        binary ? core::PgFormat::binary : core::PgFormat::text, {});
  std::string bytes(reinterpret_cast<const char*>(data) + 4, size - 4);
  auto length = static_cast<std::int32_t>(bytes.size());
  // libpq puts a NUL behind every cell; the decoders must not need it.
  if (!binary && type.unpack != nullptr) {
    length = type.unpack(bytes.data(), length);
    if (length < 0) return 0;
    require(static_cast<std::size_t>(length) <= bytes.size());
  }
  const std::vector<char> cell(bytes.begin(), bytes.begin() + length);
  fetch(column, {cell.data(), length}, c_type, data[3] % 70U);
  return 0;
}
