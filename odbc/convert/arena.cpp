// SPDX-License-Identifier: Apache-2.0
// Blocks that double up to a limit; `clear` keeps the last, which is the largest. Comes in:
// arena.h.
#include "odbc/convert/arena.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace odbc::convert {

char* Arena::take(std::size_t size) {
  if (blocks_.empty() || blocks_.back().size - used_ < size) {
    const std::size_t next = blocks_.empty() ? first_block : blocks_.back().size * 2;
    const std::size_t room = std::max(size, std::min(next, largest_kept));
    blocks_.push_back({std::unique_ptr<char[]>(new char[room]), room});
    used_ = 0;
  }
  char* const at = blocks_.back().bytes.get() + used_;
  used_ += size;
  return at;
}

std::string_view Arena::keep(std::string_view text) {
  char* const at = take(text.size());
  if (!text.empty()) std::memcpy(at, text.data(), text.size());
  return {at, text.size()};
}

void Arena::clear() noexcept {
  if (blocks_.size() > 1) {
    std::swap(blocks_.front(), blocks_.back());
    blocks_.resize(1);
  }
  if (!blocks_.empty() && blocks_.front().size > largest_kept) blocks_.clear();
  used_ = 0;
}

}  // namespace odbc::convert
