// SPDX-License-Identifier: Apache-2.0
// Names to addresses: one look-up per name at a time, shared by all who ask, its answer kept for a
// few seconds. The blocking call itself runs on core/workers.
#include "core/resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <map>
#include <optional>
#include <utility>

#include "core/background.h"
#include "core/log.h"

namespace core {
namespace {

constexpr std::chrono::seconds keep_failure{1};
constexpr std::chrono::hours keep_last{24};
/// How long DNS may take while the last addresses of a name are known.
constexpr milliseconds patience_with_dns{200};
/// A look-up that takes longer is none of the four workers that others wait for.
constexpr milliseconds usual_lookup{250};
/// A look-up that takes longer is taken for stuck: who asks now starts a new one.
constexpr milliseconds stuck_after{10000};

/// The answer of one look-up; both empty never happens.
struct Answer {
  Addresses addresses;
  std::string error;
};

std::string cannot_resolve(const std::string& host, const char* why) {
  return "cannot resolve host '" + host + "': " + why;
}

Addresses numeric_of(const addrinfo* first) {
  Addresses found;
  for (const addrinfo* a = first; a; a = a->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
      found.numeric.emplace_back(text);
  }
  return found;
}

/// getaddrinfo, whole. Literal addresses do not touch the network.
Addresses look_up(const std::string& host, int flags) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags;
  addrinfo* found = nullptr;
  const int failure = getaddrinfo(host.c_str(), nullptr, &wanted, &found);
  if (failure != 0) {
    if (failure == EAI_NONAME || failure == EAI_NODATA) return {{}, true};
    throw Error(sqlstate::cannot_connect, "Resolver", cannot_resolve(host, gai_strerror(failure)),
                Reached::not_sent, native_code::connect_failed);
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, freeaddrinfo);
  return numeric_of(found);
}

std::optional<Addresses> literal(const std::string& host) {
  if (host.find_first_not_of("0123456789.") != std::string::npos &&
      host.find(':') == std::string::npos)
    return std::nullopt;
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  Addresses own = look_up(bracketed ? host.substr(1, host.size() - 2) : host, AI_NUMERICHOST);
  if (own.numeric.empty()) return std::nullopt;
  return own;
}

/// A look-up under way; shared by its worker and everybody who waits for it.
struct Pending {
  Answer answer;  // written by the worker before the job is finished
  Clock::time_point began = Clock::now();
  std::optional<Job> job;
};

/// What look-ups on workers share with the resolver; outlives it when one is stuck.
struct Book {
  Book(BlockingLookup function, milliseconds keep)
      : lookup(std::move(function)), keep_addresses(keep) {}
  struct Kept {
    Answer answer;
    Clock::time_point until;
  };
  const BlockingLookup lookup;
  const milliseconds keep_addresses;
  std::mutex mutex;
  std::map<std::string, Kept> kept;
  std::map<std::string, Kept> last;  // good answers only
  std::map<std::string, std::shared_ptr<Pending>> pending;

  void note(const std::string& host, const std::shared_ptr<Pending>& by);
  /// `answer`, or the last good one where `answer` is a failure of DNS; absent: that is `answer`.
  std::optional<Answer> instead_of(const std::string& host, const Answer& answer);
};

void Book::note(const std::string& host, const std::shared_ptr<Pending>& by) {
  const std::scoped_lock lock(mutex);
  const auto current = pending.find(host);
  if (current == pending.end() || current->second != by) return;  // late: somebody asked anew
  pending.erase(current);
  const auto now = Clock::now();
  const auto is_old = [now](const auto& entry) { return entry.second.until < now; };
  std::erase_if(kept, is_old);
  std::erase_if(last, is_old);
  const bool failed = by->answer.addresses.numeric.empty();
  kept[host] = {by->answer, now + (failed ? Clock::duration(keep_failure) : keep_addresses)};
  if (!failed)
    last[host] = {by->answer, now + keep_last};
  else if (by->answer.addresses.no_such_name)
    last.erase(host);
}

std::optional<Answer> Book::instead_of(const std::string& host, const Answer& answer) {
  if (!answer.addresses.numeric.empty() || answer.addresses.no_such_name) return std::nullopt;
  std::optional<Answer> known;
  {
    const std::scoped_lock lock(mutex);
    const auto found = last.find(host);
    if (found == last.end()) return std::nullopt;
    known = found->second.answer;
  }
  log::line(log::Level::debug, "Resolver", "{}; going on with its last addresses",
            answer.error.empty() ? "looking up host '" + host + "' takes long" : answer.error);
  return known;
}

Answer answer_of(const BlockingLookup& lookup, const std::string& host) {
  Answer answer;
  try {
    answer.addresses = lookup(host);
    if (answer.addresses.numeric.empty()) answer.error = cannot_resolve(host, "no such name");
  } catch (const std::exception& e) { answer.error = e.what(); }
  return answer;
}

class WorkerResolver final : public Resolver {
 public:
  WorkerResolver(BlockingLookup lookup, milliseconds keep)
      : book_(std::make_shared<Book>(std::move(lookup), keep)) {}

  Addresses resolve(const std::string& host, Deadline deadline,
                    const Interrupt* interrupt) override;
  void resolve_async(const std::string& host, Deadline deadline,
                     std::function<void(Addresses, std::string)> done) override;
  void forget(const std::string& host) override {
    const std::scoped_lock lock(book_->mutex);
    book_->kept.erase(host);
    book_->last.erase(host);
    book_->pending.erase(host);
  }

 private:
  std::optional<Answer> known(const std::string& host);
  bool has_last(const std::string& host);
  std::shared_ptr<Pending> asked(const std::string& host);

  std::shared_ptr<Book> book_;
};

std::optional<Answer> WorkerResolver::known(const std::string& host) {
  if (auto own = literal(host)) return Answer{std::move(*own), {}};
  const std::scoped_lock lock(book_->mutex);
  const auto found = book_->kept.find(host);
  if (found == book_->kept.end() || found->second.until < Clock::now()) return std::nullopt;
  return found->second.answer;
}

bool WorkerResolver::has_last(const std::string& host) {
  const std::scoped_lock lock(book_->mutex);
  return book_->last.contains(host);
}

std::shared_ptr<Pending> WorkerResolver::asked(const std::string& host) {
  const std::scoped_lock lock(book_->mutex);
  auto& current = book_->pending[host];
  if (current && Clock::now() - current->began < stuck_after) return current;
  auto fresh = std::make_shared<Pending>();
  fresh->job = Workers::instance().post(
      [book = book_, fresh, host] {
        fresh->answer = answer_of(book->lookup, host);
        book->note(host, fresh);
      },
      usual_lookup);
  current = fresh;
  return fresh;
}

Addresses WorkerResolver::resolve(const std::string& host, Deadline deadline,
                                  const Interrupt* interrupt) {
  auto answer = known(host);
  if (!answer) {
    const auto pending = asked(host);
    Woken woken = Woken::timed_out;
    if (has_last(host))
      woken = pending->job->wait(earlier(deadline, Deadline::after(patience_with_dns)), interrupt);
    if (woken == Woken::timed_out) answer = book_->instead_of(host, {});
    if (woken == Woken::timed_out && !answer) woken = pending->job->wait(deadline, interrupt);
    switch (woken) {
      case Woken::timed_out:
        if (answer) break;
        throw Error(sqlstate::timeout, "Resolver", "looking up host '" + host + "' timed out",
                    Reached::not_sent, native_code::timed_out);
      case Woken::interrupted:
        throw Error(sqlstate::cancelled, "Resolver", "looking up host '" + host + "' was cancelled",
                    Reached::not_sent);
      case Woken::ready: answer = pending->answer;
    }
  }
  if (auto last = book_->instead_of(host, *answer)) answer = std::move(last);
  if (answer->addresses.numeric.empty())
    throw Error(sqlstate::cannot_connect, "Resolver", answer->error, Reached::not_sent,
                native_code::connect_failed);
  return answer->addresses;
}

/// One answer to one asynchronous question: by the look-up or by its deadline. Knows no timer: a
/// stuck look-up may hold it longer than the background thread lives.
struct Question {
  std::function<void(Addresses, std::string)> done;
  void finish(const Answer& answer) {
    if (done) std::exchange(done, nullptr)(answer.addresses, answer.error);
  }
};

void WorkerResolver::resolve_async(const std::string& host, Deadline deadline,
                                   std::function<void(Addresses, std::string)> done) {
  Background& background = Background::instance();
  if (auto answer = known(host)) {
    if (auto last = book_->instead_of(host, *answer)) answer = std::move(last);
    background.post([answer = std::move(*answer), done = std::move(done)] {
      done(answer.addresses, answer.error);
    });
    return;
  }
  const auto pending = asked(host);
  const auto question = std::make_shared<Question>(Question{std::move(done)});
  if (!deadline.is_never())
    background.post_after(milliseconds(deadline.poll_timeout()), [question, host] {
      question->finish({{}, "looking up host '" + host + "' timed out"});
    });
  const auto answer_instead = [question, host, book = book_](const Answer& answer) {
    const auto last = question->done ? book->instead_of(host, answer) : std::nullopt;
    if (last) question->finish(*last);
  };
  if (has_last(host)) background.post_after(patience_with_dns, [=] { answer_instead({}); });
  pending->job->then([=] {
    answer_instead(pending->answer);
    question->finish(pending->answer);
  });
}

}  // namespace

std::unique_ptr<Resolver> make_resolver(BlockingLookup lookup, milliseconds keep) {
  return std::make_unique<WorkerResolver>(std::move(lookup), keep);
}

Resolver& system_resolver() {
  static Resolver& leaked =
      *make_resolver([](const std::string& host) { return look_up(host, 0); }).release();
  return leaked;
}

}  // namespace core
