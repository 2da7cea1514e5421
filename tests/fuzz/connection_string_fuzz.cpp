// SPDX-License-Identifier: Apache-2.0
// Any text as a connection string: no crash, and what is understood survives being written and read
// again. Comes in: libFuzzer, with the seeds of corpus/connection_string.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "core/error.h"
#include "odbc/text/connection_string.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace odbc::text;
  try {
    const std::vector<Attribute> attributes = parse({reinterpret_cast<const char*>(data), size});
    if (parse(format(attributes)) != attributes) std::abort();
    if (effective(attributes).size() > attributes.size()) std::abort();
  } catch (const core::Error& error) {
    if (error.state() != core::sqlstate::general) std::abort();
  }
  return 0;
}
