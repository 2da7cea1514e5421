// SPDX-License-Identifier: Apache-2.0
// core::Result over rows in memory.
#include "odbc/catalog/local_result.h"

#include <algorithm>
#include <charconv>

namespace odbc {
namespace {

bool decode_text(std::string_view raw, core::Value& out) noexcept {
  out.kind = core::ValueKind::text;
  out.text = raw;
  return true;
}

bool decode_integer(std::string_view raw, core::Value& out) noexcept {
  out.kind = core::ValueKind::integer;
  const auto [end, error] = std::from_chars(raw.data(), raw.data() + raw.size(), out.integer);
  return error == std::errc() && end == raw.data() + raw.size();
}

/// Digits of the two number types; SQL_MAX_*_NAME_LEN and more for texts.
std::int64_t size_of(core::SqlType type) {
  constexpr std::int64_t text_size = 128, smallint_digits = 5, integer_digits = 10;
  if (type == core::SqlType::varchar) return text_size;
  return type == core::SqlType::smallint ? smallint_digits : integer_digits;
}

class LocalResult final : public core::Result {
 public:
  LocalResult(Shape shape, std::vector<LocalRow> rows, bool odbc2) : rows_(std::move(rows)) {
    for (const ShapeColumn& column : shape) columns_.push_back(describe(column, odbc2));
    widen_texts();
    cells_.resize(columns_.size());
  }

  std::span<const core::Column> columns() const override { return columns_; }
  core::RowState next_row() override {
    if (next_ >= rows_.size()) return core::RowState::end;
    const LocalRow& row = rows_[next_++];
    for (std::size_t i = 0; i < cells_.size(); ++i)
      cells_[i] = row[i] ? core::RawCell{row[i]->data(), static_cast<std::int32_t>(row[i]->size())}
                         : core::RawCell{};
    return core::RowState::ready;
  }
  void read_network(const core::Limits&) override {}
  std::span<const core::RawCell> row() const override { return cells_; }
  bool next_result(const core::Limits&) override { return false; }
  std::int64_t affected() const override { return -1; }
  void spool(const core::Limits&) override {}
  void close(const core::Limits&) noexcept override {}

 private:
  static core::Column describe(const ShapeColumn& shape, bool odbc2) {
    core::Column column;
    column.name = odbc2 && !shape.odbc2_name.empty() ? shape.odbc2_name : shape.name;
    column.type = shape.type;
    column.size = size_of(shape.type);
    column.nullable = shape.nullable ? core::Nullability::yes : core::Nullability::no;
    const bool text = shape.type == core::SqlType::varchar;
    column.decode = text ? decode_text : decode_integer;
    column.kind = text ? core::ValueKind::text : core::ValueKind::integer;
    return column;
  }

  /// Never promise less than what arrives: remarks and defaults may be long.
  void widen_texts() {
    for (const LocalRow& row : rows_)
      for (std::size_t i = 0; i < columns_.size(); ++i)
        if (row[i] && columns_[i].type == core::SqlType::varchar)
          columns_[i].size = std::max(columns_[i].size, static_cast<std::int64_t>(row[i]->size()));
  }

  std::vector<core::Column> columns_;
  std::vector<LocalRow> rows_;
  std::vector<core::RawCell> cells_;
  std::size_t next_ = 0;
};

}  // namespace

std::unique_ptr<core::Result> make_local_result(Shape shape, std::vector<LocalRow> rows,
                                                bool odbc2) {
  return std::make_unique<LocalResult>(shape, std::move(rows), odbc2);
}

}  // namespace odbc
