// SPDX-License-Identifier: Apache-2.0
// How often this thread has called operator new, for tests that forbid it. Stays 0 under
// sanitizers, which bring their own. Defined in odbc/cursor/fetch_cost_test.cpp.
#pragma once

#include <cstddef>

std::size_t allocations_of_this_thread() noexcept;
