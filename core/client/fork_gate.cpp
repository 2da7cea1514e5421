// SPDX-License-Identifier: Apache-2.0
// A reader-writer lock whose writer is fork().
#include "core/client/fork_gate.h"

#include <pthread.h>

#include <new>

namespace core {
namespace {

class Gate {
 public:
  Gate() noexcept {
    init();
    pthread_atfork(close, open, become_child);
  }
  static Gate& instance() {
    static Gate& leaked = *new Gate();
    return leaked;
  }
  void enter() noexcept { pthread_rwlock_rdlock(&lock_); }
  void leave() noexcept { pthread_rwlock_unlock(&lock_); }

 private:
  // Who connects without a pause must not keep a fork waiting.
  void init() noexcept {
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&lock_, &attributes);
    pthread_rwlockattr_destroy(&attributes);
  }
  static void close() { pthread_rwlock_wrlock(&instance().lock_); }
  static void open() { pthread_rwlock_unlock(&instance().lock_); }
  // The lock knows its writer by a thread number, which is another in the child.
  static void become_child() { instance().init(); }

  pthread_rwlock_t lock_;
};

}  // namespace

ForkGate::ForkGate() noexcept { Gate::instance().enter(); }

ForkGate::~ForkGate() { Gate::instance().leave(); }

}  // namespace core
