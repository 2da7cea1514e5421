// SPDX-License-Identifier: Apache-2.0
// The rules of SQLPutData, and UTF-16 that is cut anywhere. Comes in: data_at_execution.h.
#include "odbc/cursor/data_at_execution.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "core/error.h"
#include "odbc/convert/message.h"
#include "odbc/cursor/application_bytes.h"
#include "odbc/text/wide.h"

namespace odbc::cursor {
namespace {

using convert::Outcome;
using convert::Target;

constexpr std::size_t unit_size = sizeof(SQLWCHAR);

[[noreturn]] void refuse(core::Sqlstate state, std::string text) {
  throw core::Error(state, "Parameters", std::move(text), core::Reached::not_sent);
}

bool is_high_surrogate(const char* unit) noexcept {
  SQLWCHAR value = 0;
  std::memcpy(&value, unit, sizeof value);
  return (value & 0xFC00U) == 0xD800U;
}

}  // namespace

void GrowingBytes::reserve(std::size_t size) {
  if (size <= capacity_) return;
  auto* const moved = static_cast<char*>(std::realloc(bytes_.get(), size));
  if (moved == nullptr) throw std::bad_alloc();
  (void)bytes_.release();
  bytes_.reset(moved);
  capacity_ = size;
}

char* GrowingBytes::room(std::size_t size) {
  if (capacity_ - size_ < size) reserve(std::max(size_ + size, capacity_ * 2));
  return bytes_.get() + size_;
}

void GrowingBytes::terminate() { *room(1) = '\0'; }

DataAtExecution::DataAtExecution(std::size_t parameter, Target c_type, SQLLEN length) noexcept
    : parameter_(parameter), c_type_(c_type) {
  // PostgreSQL and MySQL hold at most a gigabyte; beyond, the word is not believed.
  constexpr SQLLEN most = SQLLEN{1} << 30;
  if (length > SQL_LEN_DATA_AT_EXEC_OFFSET) return;
  announced_ = static_cast<std::size_t>(std::min(SQL_LEN_DATA_AT_EXEC_OFFSET - length, most));
}

void DataAtExecution::put(SQLPOINTER data, SQLLEN length) {
  if (given_ && (is_null_ || length == SQL_NULL_DATA))
    refuse({"HY020"}, "Attempt to concatenate a null value");
  if (length == SQL_NULL_DATA) {
    is_null_ = given_ = true;
    return;
  }
  const bool variable = convert::variable_length(c_type_);
  if (variable && length < 0 && (length != SQL_NTS || c_type_ == Target::binary))
    refuse(core::sqlstate::invalid_length,
           "Invalid string or buffer length: " + std::to_string(length));
  if (data == nullptr && (!variable || length != 0))
    refuse(core::sqlstate::null_pointer, "Invalid use of null pointer: no data");
  if (!variable && given_) refuse({"HY019"}, "Non-character and non-binary data sent in pieces");
  given_ = true;
  const std::string_view piece = application_bytes(static_cast<const char*>(data), length, c_type_);
  if (c_type_ == Target::wchar)
    append_wide(piece);
  else
    append(piece);
}

void DataAtExecution::append(std::string_view piece) {
  if (announced_ != 0) bytes_.reserve(announced_ + 1);  // and the NUL
  announced_ = 0;
  if (piece.empty()) return;
  std::memcpy(bytes_.room(piece.size()), piece.data(), piece.size());
  bytes_.commit(piece.size());
}

void DataAtExecution::convert_units(const char* units, std::size_t count) {
  if (announced_ != 0) bytes_.reserve(announced_ / unit_size + 1);  // all of it ASCII
  announced_ = 0;
  // In parts, for the room of the worst case is three times what most text takes.
  constexpr std::size_t part = 4096;
  while (count > 0) {
    std::size_t now = std::min(count, part);
    if (now < count && is_high_surrogate(units + (now - 1) * unit_size)) --now;
    const auto written = text::to_utf8(units, now, bytes_.room(now * text::utf8_per_unit));
    if (!written)
      throw convert::error(Outcome::bad_text, "parameter", static_cast<unsigned>(parameter_ + 1),
                           {});
    bytes_.commit(*written);
    units += now * unit_size;
    count -= now;
  }
}

// A character that the piece before began.
void DataAtExecution::complete_carried(std::string_view& piece) {
  while (carried_size_ > 0 && !piece.empty()) {
    carried_[carried_size_++] = piece.front();
    piece.remove_prefix(1);
    if (carried_size_ % unit_size != 0) continue;
    if (carried_size_ == unit_size && is_high_surrogate(carried_)) continue;
    convert_units(carried_, std::exchange(carried_size_, 0) / unit_size);
  }
}

void DataAtExecution::append_wide(std::string_view piece) {
  complete_carried(piece);
  std::size_t whole = piece.size() / unit_size;
  if (whole > 0 && is_high_surrogate(piece.data() + (whole - 1) * unit_size)) --whole;
  convert_units(piece.data(), whole);
  piece.remove_prefix(whole * unit_size);
  std::copy(piece.begin(), piece.end(), carried_ + carried_size_);
  carried_size_ += piece.size();
}

void DataAtExecution::finish() {
  const auto number = static_cast<unsigned>(parameter_ + 1);
  if (carried_size_ % unit_size != 0)
    throw convert::error(Outcome::bad_length, "parameter", number, {});
  if (carried_size_ != 0) throw convert::error(Outcome::bad_text, "parameter", number, {});
  if (is_null_) return;
  const std::size_t fixed = convert::fixed_size(c_type_);
  if (fixed != 0 && bytes_.view().size() != fixed)
    throw convert::error(Outcome::bad_length, "parameter", number, {});
  bytes_.terminate();
}

}  // namespace odbc::cursor
