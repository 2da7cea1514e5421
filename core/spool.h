// SPDX-License-Identifier: Apache-2.0
// Rows set aside: what is left of a result when another statement needs its wire. First in memory,
// then in a temporary file without a name. Comes in: pg_result, mysql_result. Knows no protocol.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>

#include "core/option.h"
#include "core/value.h"

namespace core {

class Options;

/// The limits of every result of one connection. Bytes.
struct SpoolSettings {
  std::uint64_t memory = std::uint64_t{16} << 20;  ///< beyond it rows go to the file
  std::uint64_t limit = std::uint64_t{16} << 30;   ///< of rows set aside and not yet read again
  std::string directory = "/var/tmp";              ///< looked at only when a file is needed

  static SpoolSettings from(const Options& options);
};

/// First in, first out. One thread. A row costs its bytes and one or two more per cell. The file
/// is open with close-on-exec, has no name, and goes with this object; a forked child reads its own
/// copy of the position and never shortens the file.
class Spool {
 public:
  /// `settings` must outlive the spool.
  explicit Spool(const SpoolSettings& settings);
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

  /// Throws HY013 (not sent) when no further row may be added: the limit is reached, or the file
  /// could not be made or written. Nothing that was added is lost by it; call before each row.
  void require_room();
  /// Copies a row. Writes nothing, so that it fails only with std::bad_alloc, and then keeps
  /// nothing.
  void add(std::span<const RawCell> row);
  /// The oldest row's cells, as many as were added; valid until the next call of `next`. False when
  /// empty. Throws HY000 when the file cannot be read.
  bool next(std::span<RawCell> row);

  std::uint64_t rows_added() const noexcept { return added_; }
  std::uint64_t rows_taken() const noexcept { return taken_; }
  bool empty() const noexcept { return added_ == taken_; }
  /// Bytes of the rows in the file, read or not; 0: none is open or it is empty.
  std::uint64_t file_bytes() const noexcept { return file_end_; }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;  ///< null: in the file
    std::size_t capacity = 0, used = 0;
    std::uint64_t place = 0;  ///< in the file
  };
  void start_block(std::size_t least);
  void write_out(Block& block);
  void read_in(Block& block);
  void leave_front() noexcept;
  void open_file();
  [[noreturn]] void refuse(const std::string& why) const;

  const SpoolSettings& settings_;
  std::size_t block_size_;
  std::deque<Block> blocks_;  ///< whole rows each; rows are read from the first, added to the last
  std::size_t read_ = 0;      ///< of the first block
  std::uint64_t added_ = 0, taken_ = 0;
  std::uint64_t unread_ = 0;    ///< bytes
  std::uint64_t resident_ = 0;  ///< bytes of blocks in memory
  std::uint64_t file_end_ = 0;
  int file_ = -1;
  pid_t owner_ = 0;
};

namespace spool_options {
extern const Option spool_memory, spool_dir, spool_limit;
const OptionGroup& group();
}  // namespace spool_options

}  // namespace core
