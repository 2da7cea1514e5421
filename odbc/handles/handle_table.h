// SPDX-License-Identifier: Apache-2.0
// The names of all live handles of the process. A handle value is not an address but a slot, a
// generation and a kind, so that null, foreign, freed and garbage values are refused without
// touching the memory they might point to, and a handle freed by another thread lives on until the
// calls on it are over.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "odbc/handles/handle.h"

namespace odbc {

/// Process-wide, leaked; any thread. Taking and dropping a reference is two atomic operations.
class HandleTable {
 public:
  static HandleTable& instance();

  /// Takes ownership and gives the handle its name, with one reference that `retire` drops.
  /// Throws core::Error HY014 when the table is full.
  SQLHANDLE add(std::unique_ptr<Handle> handle);
  /// One more reference, or null when `name` is not a live handle of this kind.
  Handle* acquire(SQLHANDLE name, HandleKind kind) noexcept;
  /// One more reference to a handle the caller already holds one of.
  void acquire_again(const Handle& handle) noexcept;
  void drop(const Handle& handle) noexcept;
  /// No new references from now on. False: it was retired already.
  bool retire(SQLHANDLE name) noexcept;
  /// Not retired yet. `handle` is one the caller holds a reference of.
  bool is_live(const Handle& handle) noexcept;

 private:
  HandleTable() = default;
  struct Slot {
    /// generation << 32 | retired << 31 | references
    std::atomic<std::uint64_t> state{0};
    std::atomic<Handle*> handle{nullptr};
    std::atomic<HandleKind> kind{};
  };
  static constexpr std::size_t chunk_size = 1024, chunk_count = 4096;
  Slot* find(std::uint32_t index) noexcept;
  void destroy(Slot& slot, std::uint32_t index) noexcept;
  void drop(Slot& slot, std::uint32_t index) noexcept;
  std::uint32_t take_index();

  std::array<std::atomic<Slot*>, chunk_count> chunks_{};
  std::mutex mutex_;  ///< guards what follows
  std::vector<std::uint32_t> free_;
  std::uint32_t used_ = 0;
};

/// A counted reference to a handle of kind H; empty when the name was not valid. Move-only.
template <class H>
class Pinned {
 public:
  Pinned() = default;
  explicit Pinned(SQLHANDLE name) noexcept
      : handle_(static_cast<H*>(HandleTable::instance().acquire(name, H::kind_code))) {}
  explicit Pinned(H& held) noexcept : handle_(&held) {
    HandleTable::instance().acquire_again(held);
  }
  Pinned(Pinned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Pinned& operator=(Pinned&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Pinned() {
    if (handle_ != nullptr) HandleTable::instance().drop(*handle_);
  }
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  H& operator*() const noexcept { return *handle_; }
  H* operator->() const noexcept { return handle_; }
  H* get() const noexcept { return handle_; }

 private:
  H* handle_ = nullptr;
};

}  // namespace odbc
