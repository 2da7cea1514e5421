// SPDX-License-Identifier: Apache-2.0
// A text that nobody prints by accident: passwords and tokens. Wiped when it dies.
#pragma once

#include <string>
#include <utility>

namespace core {

/// Holds a secret of any length. Formatting it gives "***"; the content is read by reveal() only.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}
  Secret(const Secret&) = default;
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      text_ = other.text_;
    }
    return *this;
  }
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      text_ = std::move(other.text_);
      other.wipe();
    }
    return *this;
  }
  ~Secret() { wipe(); }

  const std::string& reveal() const noexcept { return text_; }
  bool empty() const noexcept { return text_.empty(); }
  static constexpr const char* printed = "***";

 private:
  void wipe() noexcept;  ///< OPENSSL_cleanse: not optimised away
  std::string text_;
};

}  // namespace core
