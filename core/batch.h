// SPDX-License-Identifier: Apache-2.0
// Parameter sets that are executed by one call. The client reads sets as it sends them and tells
// what became of each. Comes in: odbc/cursor/parameter_array. Goes next: core/client.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "core/error.h"
#include "core/value.h"

namespace core {

/// Implemented by whoever holds the sets; called on the thread that executes, during the call only.
/// Sets are numbered from 0 in the order of execution.
class Batch {
 public:
  Batch() = default;
  virtual ~Batch() = default;
  Batch(const Batch&) = delete;
  Batch& operator=(const Batch&) = delete;

  /// Number of sets to execute.
  virtual std::size_t size() const = 0;
  /// The values of a set, valid until the next read. Any set may be read again. False: this set
  /// cannot be read now, and the batch ends before it. Throws Error for a value that cannot be
  /// converted: the set's own failure, to be told by failed() when its turn comes.
  virtual bool read(std::size_t set, std::span<const Parameter>& values) = 0;
  /// Outcomes, each set once, in ascending order. A set that is in doubt gets none.
  virtual void executed(std::size_t set, std::int64_t affected) = 0;
  /// False: execute no set after this one. What was sent already is still told.
  virtual bool failed(std::size_t set, const Error& error) = 0;
  /// True when no set may be executed after one that failed, whatever the failure is.
  virtual bool ends_at_first_failure() const = 0;
};

}  // namespace core
