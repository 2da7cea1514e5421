// SPDX-License-Identifier: Apache-2.0
// A result without a server: rows of text cells, decoded as the kinds a test asks for.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"

namespace odbc::cursor {

inline core::Column text_column(std::string name) {
  core::Column column;
  column.name = std::move(name);
  column.type = core::SqlType::varchar;
  column.kind = core::ValueKind::text;
  column.decode = [](std::string_view raw, core::Value& out) noexcept {
    out.kind = core::ValueKind::text;
    out.text = raw;
    return true;
  };
  return column;
}

inline core::Column bytes_column(std::string name) {
  core::Column column = text_column(std::move(name));
  column.type = core::SqlType::varbinary;
  column.kind = core::ValueKind::bytes;
  column.decode = [](std::string_view raw, core::Value& out) noexcept {
    out.kind = core::ValueKind::bytes;
    out.text = raw;
    return true;
  };
  return column;
}

inline core::Column integer_column(std::string name) {
  core::Column column;
  column.name = std::move(name);
  column.type = core::SqlType::integer;
  column.kind = core::ValueKind::integer;
  column.decode = [](std::string_view raw, core::Value& out) noexcept {
    out.kind = core::ValueKind::integer;
    const auto result = std::from_chars(raw.data(), raw.data() + raw.size(), out.integer);
    return result.ec == std::errc();
  };
  return column;
}

using Cells = std::vector<std::optional<std::string>>;

/// Call it for the next row.
class FakeRows {
 public:
  explicit FakeRows(std::vector<Cells> rows) : rows_(std::move(rows)) {}
  const core::RawCell* operator()() {
    if (next_ == rows_.size()) return nullptr;
    current_.clear();
    for (const auto& cell : rows_[next_])
      current_.push_back(cell ? core::RawCell{cell->data(), static_cast<int>(cell->size())}
                              : core::RawCell{});
    ++next_;
    return current_.data();
  }

 private:
  std::vector<Cells> rows_;
  std::vector<core::RawCell> current_;
  std::size_t next_ = 0;
};

}  // namespace odbc::cursor
