// SPDX-License-Identifier: Apache-2.0
// The process-wide log on one spdlog sink. Masking of foreign texts is in core/log_redaction.cpp.
#include "core/log.h"

#include <pthread.h>
#include <spdlog/details/log_msg.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/sinks/basic_file_sink.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <mutex>

namespace core::log {
namespace {

using Sink = std::unique_ptr<spdlog::sinks::sink>;

struct State {
  std::mutex mutex;
  Sink sink;
  bool file_was_tried = false;
};

/// Leaked: threads may log while static destructors run. A fork waits for the line being written,
/// so that the child never inherits a mutex held by a thread it does not have.
State& state() {
  static State& leaked = []() -> State& {
    pthread_atfork([] { state().mutex.lock(); }, [] { state().mutex.unlock(); },
                   [] { state().mutex.unlock(); });
    return *new State;
  }();
  return leaked;
}

spdlog::level::level_enum spdlog_level(Level level) {
  switch (level) {
    case Level::error: return spdlog::level::err;
    case Level::warn: return spdlog::level::warn;
    case Level::info: return spdlog::level::info;
    case Level::debug: return spdlog::level::debug;
    case Level::trace: return spdlog::level::trace;
    case Level::off: break;
  }
  return spdlog::level::off;
}

void adopt(State& s, Sink sink) {
  sink->set_pattern("%Y-%m-%d %H:%M:%S.%e %P %t %l %n: %v");
  s.sink = std::move(sink);
}

void open_file(State& s, std::string_view file) {
  s.file_was_tried = true;
  try {
    adopt(s, std::make_unique<spdlog::sinks::basic_file_sink_st>(std::string(file)));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "aurodbc: the log file cannot be used, logging to standard error: %s\n",
                 error.what());
  }
}

/// One entry is one line, whatever a server's message contains.
std::string on_one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  for (const char c : text)
    if (c == '\n')
      line += "\\n";
    else
      line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return line;
}

}  // namespace

void configure(Level level, std::string_view file) {
  if (level == Level::off) return;
  State& s = state();
  const std::scoped_lock lock(s.mutex);
  if (!file.empty() && !s.file_was_tried) open_file(s, file);
  if (s.sink == nullptr)
    adopt(s, std::make_unique<spdlog::sinks::ansicolor_stderr_sink_st>(spdlog::color_mode::never));
  most_talkative.store(std::max(most_talkative.load(std::memory_order_relaxed), level),
                       std::memory_order_relaxed);
}

void write(Level level, std::string_view component, std::string_view text) noexcept {
  if (!enabled(level)) return;
  try {
    const std::string line = on_one_line(text);
    State& s = state();
    const std::scoped_lock lock(s.mutex);
    s.sink->log(spdlog::details::log_msg(spdlog::string_view_t(component.data(), component.size()),
                                         spdlog_level(level), line));
    // Someone is watching the file, or the process is about to crash: lines go out at once.
    s.sink->flush();
  } catch (...) {  // a full disk must not fail a statement
  }
}

void flush() noexcept {
  try {
    State& s = state();
    const std::scoped_lock lock(s.mutex);
    if (s.sink != nullptr) s.sink->flush();
  } catch (...) {  // as above
  }
}

}  // namespace core::log
