// SPDX-License-Identifier: Apache-2.0
// How the driver starts its own threads: detached, with every signal blocked, so that signals of
// the application are never delivered to a thread it does not know. Used by core/background and
// core/workers only.
#pragma once

#include <functional>

namespace core {

/// Runs `body` on a new thread that nobody joins. `name` has at most 15 characters and is what
/// `top -H` shows. `body` must not throw. Throws Error HY001 when the system refuses a thread.
void start_detached_thread(const char* name, std::function<void()> body);

}  // namespace core
