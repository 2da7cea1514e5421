// SPDX-License-Identifier: Apache-2.0
// The rule, one line per source.
#include "core/engine_choice.h"

namespace core {

Engine choose_engine(const Options& options, const Dialect* named) {
  constexpr int mysql_port = 3306;
  if (options.given(general::engine)) return static_cast<Engine>(options.choice(general::engine));
  if (named != nullptr) return named->engine;
  const EndpointKind kind = parse_endpoint(options.text(general::host)).kind;
  if (kind == EndpointKind::limitless) return Engine::postgres;
  if (options.given(general::port) && options.integer(general::port) == mysql_port)
    return Engine::mysql;
  return Engine::postgres;
}

}  // namespace core
