// SPDX-License-Identifier: Apache-2.0
// How a statement gets hold of what it shares: the connection's wire and SQL, and a descriptor that
// has a mutex of its own. Comes in: the statement's own sources only.
#pragma once

#include "odbc/handles/statement.h"

namespace odbc {

/// Holds the mutex of an explicitly allocated descriptor; an implicit one shares `held`.
class ForeignLock {
 public:
  ForeignLock(Descriptor& descriptor, std::mutex& held)
      : lock_(descriptor.mutex(), std::defer_lock) {
    if (&descriptor.mutex() != &held) lock_.lock();
  }

 private:
  std::unique_lock<std::mutex> lock_;
};

inline text::MarkerStyle markers_of(core::Engine engine) {
  return engine == core::Engine::postgres ? text::MarkerStyle::numbered
                                          : text::MarkerStyle::question;
}

template <class Speak>
decltype(auto) Statement::on_wire(Speak&& speak) {
  core::Session& session = connection_->session();
  // Armed before the wait for the wire, so that SQLCancel and the timeout count while another
  // statement speaks.
  const core::Limits within = limits();
  const std::scoped_lock wire(connection_->wire());
  return speak(session, within);
}

}  // namespace odbc
