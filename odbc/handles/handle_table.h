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

/// What a name leads to. Never unmapped.
struct HandleSlot {
  /// generation << 32 | retired << 31 | references
  std::atomic<std::uint64_t> state{0};
  std::atomic<Handle*> handle{nullptr};
  std::atomic<HandleKind> kind{};
};

/// Process-wide, leaked; any thread. Taking and dropping a reference is two atomic operations, and
/// stands in this header because every call pays for both. They need no instance().
class HandleTable {
 public:
  static HandleTable& instance();

  /// Takes ownership and gives the handle its name, with one reference that `retire` drops.
  /// Throws core::Error HY014 when the table is full.
  SQLHANDLE add(std::unique_ptr<Handle> handle);
  /// One more reference, or null when `name` is not a live handle of this kind.
  static Handle* acquire(SQLHANDLE name, HandleKind kind) noexcept {
    const auto bits = reinterpret_cast<std::uint64_t>(name);
    if ((bits & 0xF) != static_cast<std::uint64_t>(kind) || (bits & fixed_bits) != mark_bit)
      return nullptr;
    const auto index = static_cast<std::uint32_t>((bits >> 4) & 0xFFFFFF);
    HandleSlot* const slot = find(index);
    if (slot == nullptr) return nullptr;
    std::uint64_t old = slot->state.load(std::memory_order_acquire);
    do {
      if ((old >> 32) != (bits >> 32) || (old & retired_bit) != 0) return nullptr;
    } while (!slot->state.compare_exchange_weak(old, old + 1, std::memory_order_acq_rel));
    if (slot->kind.load(std::memory_order_relaxed) == kind) [[likely]]
      return slot->handle.load(std::memory_order_relaxed);
    drop(*slot, index);
    return nullptr;
  }
  /// One more reference to a handle the caller already holds one of.
  static void acquire_again(const Handle& handle) noexcept {
    handle.slot_->state.fetch_add(1, std::memory_order_relaxed);
  }
  static void drop(const Handle& handle) noexcept {
    HandleSlot& slot = *handle.slot_;  // the handle may be gone behind the subtraction
    const auto name = reinterpret_cast<std::uint64_t>(handle.name_);
    drop(slot, static_cast<std::uint32_t>((name >> 4) & 0xFFFFFF));
  }
  /// No new references from now on. False: it was retired already.
  static bool retire(SQLHANDLE name) noexcept;
  /// Not retired yet. `handle` is one the caller holds a reference of.
  static bool is_live(const Handle& handle) noexcept {
    return (handle.slot_->state.load(std::memory_order_acquire) & retired_bit) == 0;
  }

 private:
  HandleTable() = default;
  static constexpr std::uint64_t retired_bit = 1ULL << 31, reference_mask = retired_bit - 1;
  // Bits of a name: 0-3 kind, 4-27 slot, 28 always set (no small number is a handle), 29-31 never,
  // 32-63 generation.
  static constexpr std::uint64_t mark_bit = 1ULL << 28, fixed_bits = 0xF0000000;
  static constexpr std::size_t chunk_size = 1024, chunk_count = 4096;
  static HandleSlot* find(std::uint32_t index) noexcept {
    const std::size_t chunk = index / chunk_size;
    if (chunk >= chunk_count) return nullptr;
    HandleSlot* const slots = chunks_[chunk].load(std::memory_order_acquire);
    return slots == nullptr ? nullptr : &slots[index % chunk_size];
  }
  static void drop(HandleSlot& slot, std::uint32_t index) noexcept {
    const std::uint64_t before = slot.state.fetch_sub(1, std::memory_order_acq_rel);
    if ((before & reference_mask) == 1) [[unlikely]]
      instance().destroy(slot, index);
  }
  void destroy(HandleSlot& slot, std::uint32_t index) noexcept;
  std::uint32_t take_index();
  static SQLHANDLE make_name(std::uint32_t generation, std::uint32_t index, HandleKind kind);

  static constinit inline std::array<std::atomic<HandleSlot*>, chunk_count> chunks_{};
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
      : handle_(static_cast<H*>(HandleTable::acquire(name, H::kind_code))) {}
  explicit Pinned(H& held) noexcept : handle_(&held) { HandleTable::acquire_again(held); }
  Pinned(Pinned&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Pinned& operator=(Pinned&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Pinned() {
    if (handle_ != nullptr) HandleTable::drop(*handle_);
  }
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  H& operator*() const noexcept { return *handle_; }
  H* operator->() const noexcept { return handle_; }
  H* get() const noexcept { return handle_; }

 private:
  H* handle_ = nullptr;
};

}  // namespace odbc
