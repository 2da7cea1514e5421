// SPDX-License-Identifier: Apache-2.0
// Credentials by worker, the login by the client's own connect exchange.
#include "core/monitor_connect.h"

#include <utility>

#include "core/background_exchange.h"
#include "core/monitor_limits.h"

namespace core {
namespace asio = boost::asio;
namespace {

/// A link that was not finished is shut down, so that closing it waits for no answer.
struct AbortUnlessDone {
  explicit AbortUnlessDone(Client& unfinished) : link(unfinished) {}
  AbortUnlessDone(const AbortUnlessDone&) = delete;
  AbortUnlessDone& operator=(const AbortUnlessDone&) = delete;
  ~AbortUnlessDone() {
    if (!done) link.abort();
  }
  Client& link;
  bool done = false;
};

}  // namespace

asio::awaitable<Credentials> monitor_credentials(std::shared_ptr<CredentialSource> source,
                                                 Deadline deadline) {
  if (auto known = source->try_get()) co_return std::move(*known);
  const auto fetched = std::make_shared<Credentials>();
  std::function<void()> work = [source, fetched, deadline] { *fetched = source->get(deadline); };
  co_await run_on_worker(std::move(work), deadline, "fetching credentials");
  co_return *fetched;
}

asio::awaitable<void> connect_monitor(std::shared_ptr<Client> link, LinkTarget target,
                                      const Options& options, Credentials credentials,
                                      Deadline deadline, const char* what) {
  AbortUnlessDone guard(*link);
  std::shared_ptr<Exchange> connecting =
      link->start_connect(std::move(target), options, std::move(credentials));
  co_await drive(link, connecting, deadline, what);
  guard.done = true;
}

milliseconds monitor_connect_limit(const Options& options, std::string_view prefix,
                                   milliseconds otherwise) {
  for (const Options::Given& given : options.given_values())
    if (given.option == &general::connect_timeout && normalized(given.prefix) == normalized(prefix))
      return options.with_prefix(prefix).span(general::connect_timeout);
  return otherwise;
}

}  // namespace core
