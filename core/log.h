// SPDX-License-Identifier: Apache-2.0
// The driver's log: levels, one file or stderr, no secrets. spdlog stays inside core/log.cpp.
#pragma once

#include <fmt/format.h>

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace core::log {

enum class Level : std::uint8_t { off, error, warn, info, debug, trace };

/// Process-wide. The most talkative level any connection asked for wins; the first file given is
/// used until the process ends. Any thread. An unwritable file is reported once on stderr and the
/// log goes on without it: a log never fails a connect.
void configure(Level level, std::string_view file);
/// Set by configure().
inline constinit std::atomic<Level> most_talkative{Level::off};
/// Every call asks.
inline bool enabled(Level level) noexcept {
  return level != Level::off && level <= most_talkative.load(std::memory_order_relaxed);
}
/// Writes one line: time, process, thread, level, component, text. Never throws.
void write(Level level, std::string_view component, std::string_view text) noexcept;
void flush() noexcept;

template <class... Args>
void line(Level level, std::string_view component, fmt::format_string<Args...> format,
          Args&&... args) noexcept {
  if (!enabled(level)) return;
  try {
    write(level, component, fmt::format(format, std::forward<Args>(args)...));
  } catch (...) {  // a log line is never worth an exception
  }
}

/// Masks what looks like a secret in a text the driver did not write: password=..., PWD={...},
/// tokens (X-Amz-Signature=...), PASSWORD '...' in SQL.
std::string redacted(std::string_view text);

}  // namespace core::log
