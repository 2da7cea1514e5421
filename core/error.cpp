// SPDX-License-Identifier: Apache-2.0
// core::Error: building and chaining.
#include "core/error.h"

#include <utility>

namespace core {

Error::Error(Sqlstate state, std::string component, std::string text, Reached reached, int native)
    : main_{state, native, std::move(component), std::move(text)}, reached_(reached) {}

Error& Error::caused_by(const Error& cause) & {
  causes_.push_back(cause.main_);
  causes_.insert(causes_.end(), cause.causes_.begin(), cause.causes_.end());
  return *this;
}

}  // namespace core
