// SPDX-License-Identifier: Apache-2.0
// Detached threads by pthread_create: std::thread cannot be created detached, and between its
// creation and detach() an exception would terminate the application.
#include "core/detached_thread.h"

#include <pthread.h>

#include <csignal>
#include <memory>
#include <utility>

#include "core/error.h"

namespace core {
namespace {

struct Start {
  const char* name;
  std::function<void()> body;
};

void* enter(void* argument) {
  const std::unique_ptr<Start> start(static_cast<Start*>(argument));
  pthread_setname_np(pthread_self(), start->name);
  start->body();
  return nullptr;
}

}  // namespace

void start_detached_thread(const char* name, std::function<void()> body) {
  auto start = std::make_unique<Start>(Start{name, std::move(body)});
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_t thread;
  const int failure = pthread_create(&thread, &attributes, enter, start.get());
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  pthread_attr_destroy(&attributes);
  if (failure != 0)
    throw Error(sqlstate::no_memory, "Background", "the system refuses a further thread",
                Reached::not_sent);
  static_cast<void>(start.release());
}

}  // namespace core
