// SPDX-License-Identifier: Apache-2.0
// The verdict over a host.
#include "core/detection.h"

namespace core {

void FailureStreak::note(CheckResult result, Clock::time_point began, Clock::time_point ended) {
  constexpr milliseconds late{1000};
  if (result == CheckResult::failed && ended - began > rule_.answer_limit + late)
    result = CheckResult::nothing_learned;
  if (result != CheckResult::failed) {
    since_.reset();
    return;
  }
  // Nobody was interested for a while: what was true before counts no more.
  const bool continued = since_ && began - last_end_ <= 2 * rule_.interval + late;
  if (!continued) since_ = began;
  last_end_ = ended;
}

}  // namespace core
