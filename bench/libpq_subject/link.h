// SPDX-License-Identifier: Apache-2.0
// Owned libpq handles and the two ways to decode a row of bench_narrow.
// It sets the mark for the drivers, so it is written as fast as libpq allows without tricks.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>

#include "subject/subject.h"
#include "subject/workload.h"

namespace bench {

struct FinishConnection {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ClearResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Link = std::unique_ptr<PGconn, FinishConnection>;
using Result = std::unique_ptr<PGresult, ClearResult>;

/// libpq's resultFormat argument.
enum class Format : int { text = 0, binary = 1 };

/// Connects or throws std::runtime_error with libpq's message.
Link open_link(const std::string& conninfo);

/// Throws the connection's message unless `result` has the status `wanted`.
void require(const Link& link, const Result& result, ExecStatusType wanted);

/// A number as it stands in a binary value, in the machine's order.
template <typename Number>
Number from_wire(const char* bytes) {
  Number raw;
  std::memcpy(&raw, bytes, sizeof raw);
  if constexpr (sizeof raw == 2)
    return static_cast<Number>(__builtin_bswap16(static_cast<std::uint16_t>(raw)));
  if constexpr (sizeof raw == 4)
    return static_cast<Number>(__builtin_bswap32(static_cast<std::uint32_t>(raw)));
  return static_cast<Number>(__builtin_bswap64(static_cast<std::uint64_t>(raw)));
}

/// The same the other way.
template <typename Number>
Number to_wire(Number number) {
  return from_wire<Number>(reinterpret_cast<const char*>(&number));
}

/// Runs a command without parameters that must succeed.
void run(const Link& link, const char* command);

/// Prepares `query` under `name`, or throws.
void prepare(const Link& link, const char* name, const char* query,
             std::span<const Oid> types = {});

/// Copies one row of bench_narrow out of `result` into native variables, as an application needs
/// them, and sums them up.
std::uint64_t decode_narrow(const PGresult* result, int row, Format format);

/// Decodes column 0 as int4.
std::int32_t decode_int(const PGresult* result, int row, Format format);

}  // namespace bench
