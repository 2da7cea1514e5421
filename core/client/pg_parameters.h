// SPDX-License-Identifier: Apache-2.0
// Parameters in the form libpq sends them: type, value, length, format. Buffers are reused from one
// execution to the next, so that the common case allocates nothing.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/value.h"

namespace core {

/// One per link. Sizes: a value of more than 2,147,483,647 bytes is 54000. What the getters give is
/// valid until the next encode, and as long as the encoded parameters' own texts and bytes.
class PgParameters {
 public:
  /// `described`: the types the server expects, or empty. Throws 22021 for text with a zero byte,
  /// which PostgreSQL cannot hold.
  void encode(std::span<const Parameter> parameters, std::span<const std::uint32_t> described);

  /// True when every value goes as exactly the type described, so that a statement prepared with
  /// those types takes them.
  bool as_described() const { return as_described_; }
  int count() const { return static_cast<int>(types_.size()); }
  const std::uint32_t* types() const { return types_.data(); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

 private:
  void encode_one(const Value& value, std::uint32_t type);
  bool encode_binary(const Value& value, std::uint32_t type);
  void add_outside(std::string_view bytes, int format);
  void add_inside(std::size_t offset, int format);
  void clear();

  static constexpr std::size_t outside = static_cast<std::size_t>(-1);
  std::vector<std::uint32_t> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
  std::vector<std::size_t> offsets_;  // into arena_; it may move while it grows
  std::string arena_;
  bool as_described_ = true;
};

/// The OID a parameter goes by when the server has not said what it expects: the declared type,
/// widened when the value needs it; 0 (the server decides) for characters,
/// booleans and NULL.
std::uint32_t inferred_type(const Parameter& parameter) noexcept;

}  // namespace core
