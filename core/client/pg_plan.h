// SPDX-License-Identifier: Apache-2.0
// How one execution goes to the server: the protocol of the statement and what travels with it.
#pragma once

#include <cstdint>

namespace core {

class PgPrepared;

/// What takes a failed statement back. The guard of a flight that ends in a failed transaction is
/// repaired before the wire is free again (PgClient::repair).
enum class PgGuard : std::uint8_t {
  none,
  transaction,  ///< the statement opened the transaction: ROLLBACK
  savepoint,    ///< the driver's savepoint stands before it: back to that
};

struct PgPlan {
  enum class Protocol : std::uint8_t { simple, unnamed, parse_named, named };
  Protocol protocol = Protocol::simple;
  PgGuard guard = PgGuard::none;
  bool begin = false;      ///< BEGIN travels ahead
  bool releases = true;    ///< the savepoint is released behind the statement; else that ends it
  bool describes = false;  ///< a description is awaited before the rows are asked for
  bool binary = false;
  bool asked_for = false;          ///< the application prepared the statement and repeats it
  PgPrepared* prepared = nullptr;  ///< what is known of the statement; null: nothing is kept
  PgPrepared* cached = nullptr;    ///< where other statements of the same text find it; may be null

  bool is_simple() const { return protocol == Protocol::simple; }
  bool uses_name() const {
    return protocol == Protocol::parse_named || protocol == Protocol::named;
  }
  /// A savepoint in the statement's own flight.
  bool marks() const { return guard == PgGuard::savepoint && !is_simple(); }
  bool needs_pipeline() const {
    return protocol == Protocol::parse_named || describes || marks() || (begin && !is_simple());
  }
};

}  // namespace core
