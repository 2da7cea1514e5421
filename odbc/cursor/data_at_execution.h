// SPDX-License-Identifier: Apache-2.0
// One parameter that comes in pieces (SQLPutData), put together as it arrives: wide text becomes
// UTF-8 piece by piece, so that a large value exists once. Comes in: parameter_set. Goes next:
// odbc/text/wide.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdlib>
#include <memory>
#include <string_view>

#include "odbc/convert/target.h"

namespace odbc::cursor {

/// Bytes that grow at their end without being copied: the allocator moves large blocks by their
/// pages. One thread. Throws std::bad_alloc.
class GrowingBytes {
 public:
  /// Room for `size` bytes without growing.
  void reserve(std::size_t size);
  /// `size` bytes at the end to be written; `commit` says how many of them count.
  char* room(std::size_t size);
  void commit(std::size_t size) noexcept { size_ += size; }
  /// Writes a NUL behind the bytes, which does not count.
  void terminate();
  std::string_view view() const noexcept { return {bytes_.get(), size_}; }

 private:
  struct Free {
    void operator()(char* bytes) const noexcept { std::free(bytes); }
  };
  std::unique_ptr<char, Free> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

/// A parameter between SQLParamData and SQLParamData. One thread; not copyable.
class DataAtExecution {
 public:
  /// `length`: SQL_DATA_AT_EXEC, or SQL_LEN_DATA_AT_EXEC(n): n bytes will come, by the
  /// application's word, and have room from the first piece on.
  DataAtExecution(std::size_t parameter, convert::Target c_type, SQLLEN length) noexcept;

  /// SQLPutData. Throws HY020 (a piece after or before NULL), HY019 (a second piece of a fixed
  /// length type), HY090 (length), HY009 (no data), 22018 (a lone surrogate).
  void put(SQLPOINTER data, SQLLEN length);
  /// No more pieces. Throws HY090 for half a UTF-16 unit at the end and for a fixed-length value
  /// that never came, 22018 for half a surrogate pair.
  void finish();

  std::size_t parameter() const noexcept { return parameter_; }
  bool is_null() const noexcept { return is_null_; }
  /// After finish. Text is in UTF-8, with a NUL behind it; valid as long as this object.
  std::string_view bytes() const noexcept { return bytes_.view(); }
  /// What bytes() is: wide text has become SQL_C_CHAR.
  convert::Target c_type() const noexcept {
    return c_type_ == convert::Target::wchar ? convert::Target::char_ : c_type_;
  }

 private:
  void append(std::string_view piece);
  void append_wide(std::string_view piece);
  void convert_units(const char* units, std::size_t count);
  void complete_carried(std::string_view& piece);

  std::size_t parameter_;
  convert::Target c_type_;
  std::size_t announced_ = 0;
  bool is_null_ = false;
  bool given_ = false;
  GrowingBytes bytes_;
  char carried_[4];  ///< the start of a character whose rest has not come
  std::size_t carried_size_ = 0;
};

}  // namespace odbc::cursor
