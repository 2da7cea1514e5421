// SPDX-License-Identifier: Apache-2.0
// The keywords a link is opened with. Only what a proxy accepts at startup: never `options`, no
// settings but client_encoding and application_name (spec native-layer, design "Results stream").
#pragma once

#include <string>
#include <vector>

#include "core/client.h"

namespace core {

/// libpq's two parallel arrays, zero-terminated. The password stays where it is: the credentials
/// must outlive the keywords.
class PgKeywords {
 public:
  /// Throws HY024 when a TLS file is missing.
  PgKeywords(const LinkTarget& target, const Options& options, const Credentials& credentials);
  const char* const* names() const { return names_.data(); }
  const char* const* values() const { return values_.data(); }

 private:
  void add(const char* name, std::string value);
  void add_tls(const Options& options, const std::string& host);
  void add_keepalive(const Options& options);
  void finish(const Credentials& credentials);

  std::vector<const char*> names_;
  std::vector<std::string> texts_;
  std::vector<const char*> values_;
};

}  // namespace core
