// SPDX-License-Identifier: Apache-2.0
// The sets of a parameter array as a core::Batch: read from the application's arrays when the
// client wants them, outcomes written to the status array. Comes in: ParameterSets::run. Goes next:
// core/client executes.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "odbc/cursor/parameter_set.h"

namespace odbc::cursor {

/// Lives during one call of run. Sets that the operation array leaves out have no number here.
class ParameterArray final : public core::Batch {
 public:
  ParameterArray(ParameterSets& sets, Diagnostics& diagnostics);

  std::size_t size() const override { return all_ ? sets_.sets_ - first_ : chosen_.size(); }
  bool read(std::size_t set, std::span<const core::Parameter>& values) override;
  void executed(std::size_t set, std::int64_t affected) override;
  bool failed(std::size_t set, const core::Error& error) override;
  bool ends_at_first_failure() const override;

  /// Writes what is left to write and throws the failure that ended the call, if one did.
  void finish();
  /// The call was thrown out of: the first set without an outcome takes the blame.
  void finish_thrown() noexcept;

 private:
  SQLULEN number(std::size_t set) const { return all_ ? first_ + set : chosen_[set]; }
  void go_to(std::size_t set);
  void keep_warnings(std::size_t set);
  void post_warnings(std::size_t set);
  void note_left_out(SQLULEN up_to) noexcept;

  ParameterSets& sets_;
  Diagnostics& diagnostics_;
  SQLULEN first_;
  bool all_;                     ///< nothing is left out
  std::vector<SQLULEN> chosen_;  ///< else: the sets to execute
  std::size_t told_ = 0;
  Diagnostics read_;  ///< what reading one set said
  /// Of sets that were read and not told yet: a set may be read again, and warns once.
  std::map<std::size_t, std::vector<DiagnosticRecord>> warnings_;
  std::optional<core::Error> last_word_;
};

}  // namespace odbc::cursor
