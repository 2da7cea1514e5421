// SPDX-License-Identifier: Apache-2.0
// Slots with generations: lookup without locks, memory that is never unmapped.
#include "odbc/handles/handle_table.h"

#include <pthread.h>

#include "core/error.h"

namespace odbc {
namespace {

constexpr std::uint64_t retired_bit = 1ULL << 31;
constexpr std::uint64_t reference_mask = retired_bit - 1;

// Bits of a name: 0-3 kind, 4-27 slot, 28 always set (no small number is a handle), 32-63
// generation.
constexpr std::uint64_t mark_bit = 1ULL << 28;

SQLHANDLE make_name(std::uint32_t generation, std::uint32_t index, HandleKind kind) {
  const std::uint64_t bits = (std::uint64_t{generation} << 32) | mark_bit |
                             (std::uint64_t{index} << 4) | static_cast<std::uint64_t>(kind);
  return reinterpret_cast<SQLHANDLE>(bits);  // NOLINT(performance-no-int-to-ptr)
}

std::uint64_t bits_of(SQLHANDLE name) { return reinterpret_cast<std::uint64_t>(name); }
std::uint32_t index_of(std::uint64_t bits) {
  return static_cast<std::uint32_t>((bits >> 4) & 0xFFFFFF);
}

}  // namespace

HandleTable& HandleTable::instance() {
  static HandleTable& table = []() -> HandleTable& {
    // A child must not inherit the mutex from a thread that it does not have.
    ::pthread_atfork([] { instance().mutex_.lock(); }, [] { instance().mutex_.unlock(); },
                     [] { instance().mutex_.unlock(); });
    return *new HandleTable;
  }();
  return table;
}

HandleTable::Slot* HandleTable::find(std::uint32_t index) noexcept {
  const std::size_t chunk = index / chunk_size;
  if (chunk >= chunk_count) return nullptr;
  Slot* slots = chunks_[chunk].load(std::memory_order_acquire);
  return slots == nullptr ? nullptr : &slots[index % chunk_size];
}

std::uint32_t HandleTable::take_index() {
  const std::scoped_lock lock(mutex_);
  if (!free_.empty()) {
    const std::uint32_t index = free_.back();
    free_.pop_back();
    return index;
  }
  const std::size_t chunk = used_ / chunk_size;
  if (chunk >= chunk_count)
    throw core::Error("HY014", "Handles", "Too many handles are open in this process");
  if (used_ % chunk_size == 0) {
    chunks_[chunk].store(new Slot[chunk_size], std::memory_order_release);
    free_.reserve((chunk + 1) * chunk_size);  // so that giving a slot back cannot fail
  }
  return used_++;
}

SQLHANDLE HandleTable::add(std::unique_ptr<Handle> handle) {
  const std::uint32_t index = take_index();
  Slot& slot = *find(index);
  Handle* raw = handle.release();
  slot.kind.store(raw->kind(), std::memory_order_relaxed);
  slot.handle.store(raw, std::memory_order_relaxed);
  // A free slot has no references, and a name of an older generation cannot make any.
  auto generation =
      static_cast<std::uint32_t>(slot.state.load(std::memory_order_relaxed) >> 32) + 1;
  if (generation == 0) generation = 1;
  raw->name_ = make_name(generation, index, raw->kind());
  slot.state.store((std::uint64_t{generation} << 32) | 1, std::memory_order_release);
  return raw->name_;
}

Handle* HandleTable::acquire(SQLHANDLE name, HandleKind kind) noexcept {
  const std::uint64_t bits = bits_of(name);
  if ((bits & 0xF) != static_cast<std::uint64_t>(kind) || (bits & mark_bit) == 0 ||
      (bits & 0xE0000000) != 0)
    return nullptr;
  const std::uint32_t index = index_of(bits);
  Slot* slot = find(index);
  if (slot == nullptr) return nullptr;
  std::uint64_t old = slot->state.load(std::memory_order_acquire);
  do {
    if ((old >> 32) != (bits >> 32) || (old & retired_bit) != 0) return nullptr;
  } while (!slot->state.compare_exchange_weak(old, old + 1, std::memory_order_acq_rel));
  if (slot->kind.load(std::memory_order_relaxed) == kind)
    return slot->handle.load(std::memory_order_relaxed);
  drop(*slot, index);
  return nullptr;
}

void HandleTable::acquire_again(const Handle& handle) noexcept {
  find(index_of(bits_of(handle.name_)))->state.fetch_add(1, std::memory_order_relaxed);
}

bool HandleTable::is_live(const Handle& handle) noexcept {
  const Slot* slot = find(index_of(bits_of(handle.name_)));
  return (slot->state.load(std::memory_order_acquire) & retired_bit) == 0;
}

void HandleTable::drop(const Handle& handle) noexcept {
  const std::uint32_t index = index_of(bits_of(handle.name_));
  drop(*find(index), index);
}

void HandleTable::drop(Slot& slot, std::uint32_t index) noexcept {
  const std::uint64_t before = slot.state.fetch_sub(1, std::memory_order_acq_rel);
  if ((before & reference_mask) == 1) destroy(slot, index);
}

bool HandleTable::retire(SQLHANDLE name) noexcept {
  const std::uint64_t bits = bits_of(name);
  const std::uint32_t index = index_of(bits);
  Slot* slot = find(index);
  if (slot == nullptr) return false;
  std::uint64_t old = slot->state.load(std::memory_order_acquire);
  do {
    if ((old >> 32) != (bits >> 32) || (old & retired_bit) != 0) return false;
  } while (!slot->state.compare_exchange_weak(old, old | retired_bit, std::memory_order_acq_rel));
  drop(*slot, index);
  return true;
}

void HandleTable::destroy(Slot& slot, std::uint32_t index) noexcept {
  delete slot.handle.exchange(nullptr, std::memory_order_acq_rel);
  const std::scoped_lock lock(mutex_);
  free_.push_back(index);
}

}  // namespace odbc
