// SPDX-License-Identifier: Apache-2.0
// Wiping a secret's memory.
#include "core/secret.h"

#include <openssl/crypto.h>

namespace core {

void Secret::wipe() noexcept {
  // The whole buffer: a moved-from short string keeps its characters behind length zero. Growing to
  // the capacity does not allocate.
  text_.resize(text_.capacity());
  OPENSSL_cleanse(text_.data(), text_.size());
  text_.clear();
}

}  // namespace core
