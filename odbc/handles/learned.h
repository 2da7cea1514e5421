// SPDX-License-Identifier: Apache-2.0
// What a connection has learned from its database's catalog: types that only the database knows
// (enums, composites, types of extensions), and which routines are procedures. Per connection,
// because numbers and names mean something in one database only.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

namespace odbc {

struct TypeFacts {
  std::string name;
  std::uint32_t described_as = 0;  ///< the server type that says what ODBC has to know of it
  int modifier = -1;
};

/// Any thread: the statements of a connection share it.
template <class Key, class Fact>
class Learned {
 public:
  std::optional<Fact> find(const Key& key) const {
    const std::scoped_lock lock(mutex_);
    const auto found = facts_.find(key);
    return found == facts_.end() ? std::nullopt : std::optional<Fact>(found->second);
  }
  void add(const Key& key, Fact fact) {
    const std::scoped_lock lock(mutex_);
    facts_.insert_or_assign(key, std::move(fact));
  }
  void forget() noexcept {
    const std::scoped_lock lock(mutex_);
    facts_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::map<Key, Fact> facts_;
};

using ForeignTypes = Learned<std::uint32_t, TypeFacts>;  ///< by server type
using Procedures = Learned<std::string, bool>;           ///< by name, as statements write it

}  // namespace odbc
