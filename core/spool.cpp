// SPDX-License-Identifier: Apache-2.0
// A queue of blocks, each in memory or in the file. A block is written when it is full and the
// memory is used up, and read back as a whole, so that both cost one system call per block.
#include "core/spool.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "core/error.h"
#include "core/options.h"

namespace core {
namespace {

constexpr std::size_t least_block = std::size_t{4} << 10, most_block = std::size_t{256} << 10;

// Lengths are stored plus one, in groups of seven bits; 0 is NULL.
std::size_t stored_size(std::int32_t length) noexcept {
  std::size_t bytes = 1;
  for (auto rest = static_cast<std::uint32_t>(length + 1) >> 7U; rest != 0; rest >>= 7U) ++bytes;
  return bytes;
}

char* put_length(char* at, std::int32_t length) noexcept {
  auto rest = static_cast<std::uint32_t>(length + 1);
  for (; rest >= 0x80U; rest >>= 7U) *at++ = static_cast<char>(rest | 0x80U);
  *at++ = static_cast<char>(rest);
  return at;
}

const char* take_length(const char* at, std::int32_t& length) noexcept {
  std::uint32_t number = 0;
  unsigned shift = 0;
  for (;; shift += 7) {
    const auto byte = static_cast<unsigned char>(*at++);
    number |= static_cast<std::uint32_t>(byte & 0x7FU) << shift;
    if (byte < 0x80U) break;
  }
  length = static_cast<std::int32_t>(number) - 1;
  return at;
}

// Not strerror: its text depends on the locale.
std::string reason(int error) {
  const char* const text = ::strerrordesc_np(error);
  return text != nullptr ? text : fmt::format("error {}", error);
}

}  // namespace

SpoolSettings SpoolSettings::from(const Options& options) {
  SpoolSettings settings;
  settings.memory = static_cast<std::uint64_t>(options.integer(spool_options::spool_memory));
  settings.limit = static_cast<std::uint64_t>(options.integer(spool_options::spool_limit));
  settings.directory = options.text(spool_options::spool_dir);
  return settings;
}

Spool::Spool(const SpoolSettings& settings)
    : settings_(settings),
      block_size_(static_cast<std::size_t>(
          std::clamp<std::uint64_t>(settings.memory / 8, least_block, most_block))) {}

Spool::~Spool() {
  if (file_ >= 0) ::close(file_);
}

void Spool::refuse(const std::string& why) const {
  throw Error(sqlstate::no_room, "Spool",
              "an open result streams on this connection, and its remaining rows cannot be set "
              "aside: " +
                  why +
                  ". Fetch them or close that result, then repeat this call; nothing was sent and "
                  "no row is lost",
              Reached::not_sent);
}

void Spool::require_room() {
  if (unread_ >= settings_.limit)
    refuse(fmt::format("they exceed spool_limit ({} bytes)", settings_.limit));
  // The first is being read, the last is being filled.
  while (resident_ > settings_.memory && blocks_.size() > 2) {
    Block& last_full = blocks_[blocks_.size() - 2];
    if (last_full.bytes == nullptr) break;
    write_out(last_full);
  }
}

void Spool::start_block(std::size_t least) {
  Block block;
  block.capacity = std::max(block_size_, least);
  block.bytes.reset(new char[block.capacity]);
  blocks_.push_back(std::move(block));
  resident_ += blocks_.back().capacity;
}

void Spool::add(std::span<const RawCell> row) {
  std::size_t size = 0;
  for (const RawCell& cell : row)
    size += stored_size(cell.length) + static_cast<std::size_t>(std::max(cell.length, 0));
  if (blocks_.empty() || blocks_.back().bytes == nullptr ||
      blocks_.back().capacity - blocks_.back().used < size)
    start_block(size);
  Block& block = blocks_.back();
  char* at = block.bytes.get() + block.used;
  for (const RawCell& cell : row) {
    at = put_length(at, cell.length);
    if (cell.length <= 0) continue;
    std::memcpy(at, cell.data, static_cast<std::size_t>(cell.length));
    at += cell.length;
  }
  block.used += size;
  unread_ += size;
  ++added_;
}

bool Spool::next(std::span<RawCell> row) {
  if (empty()) return false;
  while (read_ == blocks_.front().used && blocks_.size() > 1) leave_front();
  Block& front = blocks_.front();
  if (front.bytes == nullptr) read_in(front);
  const char* const begin = front.bytes.get() + read_;
  const char* at = begin;
  for (RawCell& cell : row) {
    at = take_length(at, cell.length);
    cell.data = at;
    at += std::max(cell.length, 0);
  }
  const auto size = static_cast<std::size_t>(at - begin);
  read_ += size;
  unread_ -= size;
  ++taken_;
  return true;
}

void Spool::leave_front() noexcept {
  resident_ -= blocks_.front().capacity;
  blocks_.pop_front();
  read_ = 0;
}

void Spool::open_file() {
  const std::string& directory = settings_.directory;
  file_ = ::open(directory.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file_ < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL)) {
    std::string name = directory + "/aurodbc-XXXXXX";  // a file system without unnamed files
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ >= 0) ::unlink(name.c_str());
  }
  if (file_ < 0)
    refuse(fmt::format("no temporary file can be made in spool_dir '{}': {}", directory,
                       reason(errno)));
  owner_ = ::getpid();
}

void Spool::write_out(Block& block) {
  if (file_ < 0) open_file();
  std::size_t written = 0;
  while (written < block.used) {
    const auto done = ::pwrite(file_, block.bytes.get() + written, block.used - written,
                               static_cast<off_t>(file_end_ + written));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0)
      refuse(fmt::format("writing to a temporary file in spool_dir '{}' failed: {}",
                         settings_.directory, reason(done < 0 ? errno : ENOSPC)));
    written += static_cast<std::size_t>(done);
  }
  block.place = file_end_;
  file_end_ += block.used;
  resident_ -= block.capacity;
  block.bytes.reset();
  block.capacity = 0;
}

void Spool::read_in(Block& block) {
  std::unique_ptr<char[]> bytes(new char[block.used]);
  std::size_t taken = 0;
  while (taken < block.used) {
    const auto done = ::pread(file_, bytes.get() + taken, block.used - taken,
                              static_cast<off_t>(block.place + taken));
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0)
      throw Error(sqlstate::general, "Spool",
                  fmt::format("rows set aside in a temporary file in spool_dir '{}' cannot be read "
                              "back: {}",
                              settings_.directory, reason(done < 0 ? errno : EIO)));
    taken += static_cast<std::size_t>(done);
  }
  block.bytes = std::move(bytes);
  block.capacity = block.used;
  resident_ += block.capacity;
  const bool last_in_file = block.place + block.used == file_end_;
  // A child of fork shares the file with its parent.
  if (last_in_file && owner_ == ::getpid() && ::ftruncate(file_, 0) == 0) file_end_ = 0;
}

namespace spool_options {
namespace {
constexpr std::int64_t most_bytes = std::int64_t{1} << 50;
}  // namespace

constinit const Option spool_memory{
    .name = "spool_memory",
    .type = OptionType::size,
    .default_value = "16M",
    .help =
        "How much of an open result is kept in memory when another statement needs its link; the "
        "rest goes to a file.",
    .maximum = most_bytes};

constinit const Option spool_dir{
    .name = "spool_dir",
    .default_value = "/var/tmp",
    .help =
        "Directory of that file, which has no name and needs no cleaning up. Looked at only when a "
        "file is needed."};

constinit const Option spool_limit{
    .name = "spool_limit",
    .type = OptionType::size,
    .default_value = "16G",
    .help =
        "How much of one result may be set aside, in memory and file together; beyond it the "
        "statement that wants the link fails with HY013 and the open result goes on. 0: nothing, "
        "a second statement has to wait until the first result is read or closed.",
    .maximum = most_bytes};

namespace {
constexpr const Option* all[] = {&spool_memory, &spool_dir, &spool_limit};
constinit const OptionGroup spool_group{"Results", all};
}  // namespace

const OptionGroup& group() { return spool_group; }

}  // namespace spool_options
}  // namespace core
