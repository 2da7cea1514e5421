// SPDX-License-Identifier: Apache-2.0
// Memory for converted parameters of one set: grows in blocks, never moves what it gave, and is
// used again for the next set without asking the allocator.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace odbc::convert {

/// One thread. Everything taken is valid until `clear`.
class Arena {
 public:
  /// `size` bytes, unaligned. Throws std::bad_alloc.
  char* take(std::size_t size);
  std::string_view keep(std::string_view text);
  /// Gives everything back; keeps the largest block, unless one long value needed it.
  void clear() noexcept;

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };
  static constexpr std::size_t first_block = 4096;
  static constexpr std::size_t largest_kept = std::size_t{1} << 20;
  std::vector<Block> blocks_;
  std::size_t used_ = 0;  ///< of the last block
};

}  // namespace odbc::convert
