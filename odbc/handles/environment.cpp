// SPDX-License-Identifier: Apache-2.0
// Environment attributes and the list of children.
#include "odbc/handles/environment.h"

#include <fmt/format.h>

#include <algorithm>

namespace odbc {

void Children::add(SQLHANDLE child) {
  const std::scoped_lock lock(mutex_);
  names_.push_back(child);
}

void Children::remove(SQLHANDLE child) noexcept {
  const std::scoped_lock lock(mutex_);
  std::erase(names_, child);
}

std::vector<SQLHANDLE> Children::all() const {
  const std::scoped_lock lock(mutex_);
  return names_;
}

SQLHANDLE Children::take() noexcept {
  const std::scoped_lock lock(mutex_);
  if (names_.empty()) return SQL_NULL_HANDLE;
  const SQLHANDLE name = names_.back();
  names_.pop_back();
  return name;
}

bool Children::empty() const noexcept {
  const std::scoped_lock lock(mutex_);
  return names_.empty();
}

void Environment::set_attribute(SQLINTEGER attribute, SQLULEN value) {
  const AttributeRow* row = attributes_.find(attribute);
  if (row == nullptr)
    throw core::Error(core::sqlstate::invalid_attribute, "Environment",
                      fmt::format("There is no environment attribute {}", attribute));
  const CheckedValue checked = check_value(*row, value);
  attributes_.set(attribute, checked.value);
  if (attribute == SQL_ATTR_ODBC_VERSION)
    odbc_version_.store(checked.value, std::memory_order_relaxed);
}

SQLULEN Environment::attribute(SQLINTEGER attribute) const {
  if (attributes_.find(attribute) == nullptr)
    throw core::Error(core::sqlstate::invalid_attribute, "Environment",
                      fmt::format("There is no environment attribute {}", attribute));
  return attributes_.get(attribute);
}

}  // namespace odbc
