// SPDX-License-Identifier: Apache-2.0
// Runs an exchange on an application thread: step, wait, step. The background has its own runner.
#include "core/client/exchange.h"

namespace core {

void run(Exchange& exchange, Deadline deadline, const Interrupt* interrupt, const char* what) {
  for (;;) {
    const Want want = exchange.step();
    if (want == Want::done) return;
    if (want == Want::worker) continue;  // this thread may block
    const Waitable waitable = want == Want::read ? Waitable::readable(exchange.descriptor())
                                                 : Waitable::writable(exchange.descriptor());
    switch (wait(waitable, deadline, interrupt)) {
      case Woken::ready: break;
      case Woken::timed_out:
        throw Error(sqlstate::timeout, "Connection", std::string(what) + " timed out",
                    Reached::sent, native_code::timed_out);
      case Woken::interrupted:
        throw Error(sqlstate::cancelled, "Connection", std::string(what) + " was cancelled",
                    Reached::sent);
    }
  }
}

}  // namespace core
