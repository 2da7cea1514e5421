// SPDX-License-Identifier: Apache-2.0
// Slots with generations: lookup without locks, memory that is never unmapped.
#include "odbc/handles/handle_table.h"

#include <pthread.h>

#include "core/error.h"

namespace odbc {
namespace {

std::uint32_t index_of(SQLHANDLE name) {
  return static_cast<std::uint32_t>((reinterpret_cast<std::uint64_t>(name) >> 4) & 0xFFFFFF);
}

}  // namespace

SQLHANDLE HandleTable::make_name(std::uint32_t generation, std::uint32_t index, HandleKind kind) {
  const std::uint64_t bits = (std::uint64_t{generation} << 32) | mark_bit |
                             (std::uint64_t{index} << 4) | static_cast<std::uint64_t>(kind);
  return reinterpret_cast<SQLHANDLE>(bits);  // NOLINT(performance-no-int-to-ptr)
}

HandleTable& HandleTable::instance() {
  static HandleTable& table = []() -> HandleTable& {
    // A child must not inherit the mutex from a thread that it does not have.
    ::pthread_atfork([] { instance().mutex_.lock(); }, [] { instance().mutex_.unlock(); },
                     [] { instance().mutex_.unlock(); });
    return *new HandleTable;
  }();
  return table;
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
    chunks_[chunk].store(new HandleSlot[chunk_size], std::memory_order_release);
    free_.reserve((chunk + 1) * chunk_size);  // so that giving a slot back cannot fail
  }
  return used_++;
}

SQLHANDLE HandleTable::add(std::unique_ptr<Handle> handle) {
  const std::uint32_t index = take_index();
  HandleSlot& slot = *find(index);
  Handle* raw = handle.release();
  slot.kind.store(raw->kind(), std::memory_order_relaxed);
  slot.handle.store(raw, std::memory_order_relaxed);
  // A free slot has no references, and a name of an older generation cannot make any.
  auto generation =
      static_cast<std::uint32_t>(slot.state.load(std::memory_order_relaxed) >> 32) + 1;
  if (generation == 0) generation = 1;
  raw->slot_ = &slot;
  raw->name_ = make_name(generation, index, raw->kind());
  slot.state.store((std::uint64_t{generation} << 32) | 1, std::memory_order_release);
  return raw->name_;
}

bool HandleTable::retire(SQLHANDLE name) noexcept {
  const auto bits = reinterpret_cast<std::uint64_t>(name);
  const std::uint32_t index = index_of(name);
  HandleSlot* slot = find(index);
  if (slot == nullptr) return false;
  std::uint64_t old = slot->state.load(std::memory_order_acquire);
  do {
    if ((old >> 32) != (bits >> 32) || (old & retired_bit) != 0) return false;
  } while (!slot->state.compare_exchange_weak(old, old | retired_bit, std::memory_order_acq_rel));
  drop(*slot, index);
  return true;
}

void HandleTable::destroy(HandleSlot& slot, std::uint32_t index) noexcept {
  delete slot.handle.exchange(nullptr, std::memory_order_acq_rel);
  const std::scoped_lock lock(mutex_);
  free_.push_back(index);
}

}  // namespace odbc
