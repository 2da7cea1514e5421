// SPDX-License-Identifier: Apache-2.0
// A kept row is its cells as they were, then their bytes. Comes in: kept_rows.h.
#include "odbc/cursor/kept_rows.h"

#include <algorithm>
#include <cstring>

namespace odbc::cursor {
namespace {

/// Bytes between two cells that are copied along rather than stepped over.
constexpr std::uintptr_t most_between = 64;
constexpr std::size_t worth_giving_back = std::size_t{1} << 20;

std::uintptr_t address(const void* pointer) noexcept {
  return reinterpret_cast<std::uintptr_t>(pointer);
}

}  // namespace

void KeptRows::begin(std::size_t columns) noexcept {
  columns_ = columns;
  used_ = 0;
  rows_.clear();
}

void KeptRows::release() noexcept {
  begin(0);
  if (capacity_ <= worth_giving_back) return;
  bytes_.reset();
  capacity_ = 0;
}

char* KeptRows::take(std::size_t size) {
  if (capacity_ - used_ < size) [[unlikely]] {
    const std::size_t wanted = std::max(capacity_ * 2, used_ + size);
    std::unique_ptr<char[]> larger(new char[wanted]);
    if (used_ > 0) std::memcpy(larger.get(), bytes_.get(), used_);
    bytes_ = std::move(larger);
    capacity_ = wanted;
  }
  char* const place = bytes_.get() + used_;
  used_ += size;
  return place;
}

void KeptRows::add(const core::RawCell* cells) {
  const std::span row(cells, columns_);
  rows_.push_back({used_, 0});
  try {
    if (!add_stretch(row)) add_each(row);
  } catch (...) {
    rows_.pop_back();
    throw;
  }
}

// False when the cells do not lie one close behind the other.
bool KeptRows::add_stretch(std::span<const core::RawCell> cells) {
  const core::RawCell* cell = cells.data();
  const core::RawCell* const behind = cell + cells.size();
  while (cell != behind && cell->length <= 0) ++cell;
  const char* const begin = cell != behind ? cell->data : nullptr;
  std::uintptr_t end = address(begin);
  for (; cell != behind; ++cell) {
    if (cell->length <= 0) continue;
    const std::uintptr_t start = address(cell->data);
    if (start - end > most_between) return false;  // huge for one that lies before
    end = start + static_cast<std::size_t>(cell->length);
  }
  const std::size_t size = end - address(begin);
  char* const at = take(cells.size_bytes() + size);
  std::memcpy(at, cells.data(), cells.size_bytes());
  if (size > 0) std::memcpy(at + cells.size_bytes(), begin, size);
  rows_.back().origin = address(begin);
  return true;
}

void KeptRows::add_each(std::span<const core::RawCell> cells) {
  std::size_t size = 0;
  for (const core::RawCell& cell : cells)
    size += static_cast<std::size_t>(std::max(cell.length, 0));
  char* at = take(cells.size_bytes() + size);
  char* data = at + cells.size_bytes();
  rows_.back().origin = address(data);
  for (core::RawCell cell : cells) {
    if (cell.length > 0) std::memcpy(data, cell.data, static_cast<std::size_t>(cell.length));
    cell.data = data;
    std::memcpy(at, &cell, sizeof cell);
    at += sizeof cell;
    data += std::max(cell.length, 0);
  }
}

std::span<const core::RawCell> KeptRows::row(std::size_t index) {
  const Row& kept = rows_[index];
  const char* const data = bytes_.get() + kept.start + columns_ * sizeof(core::RawCell);
  shown_.resize(columns_);
  if (columns_ > 0)
    std::memcpy(shown_.data(), bytes_.get() + kept.start, data - (bytes_.get() + kept.start));
  for (core::RawCell& cell : shown_)
    cell.data = cell.length > 0 ? data + (address(cell.data) - kept.origin) : data;
  return shown_;
}

}  // namespace odbc::cursor
