// SPDX-License-Identifier: Apache-2.0
// The composition root: which plugins, dialects and clients this library carries.
#pragma once

#include "core/services.h"

namespace odbc {

/// Built at the first call, never destroyed (threads may outlive static destructors). Any thread.
const core::Services& services();

}  // namespace odbc
