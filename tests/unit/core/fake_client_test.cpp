// SPDX-License-Identifier: Apache-2.0
// The fake cluster of fake_client.h and a test that it behaves.
#include "fake_client.h"

#include <gtest/gtest.h>

#include "core/client/wait.h"
#include "core/dialect.h"

using core::Error;
using core::Want;

namespace fake {
namespace {

std::string id_of(const std::string& host) { return host.substr(0, host.find('.')); }

Error lost(const std::string& what) {
  return Error(core::sqlstate::link_lost, "Fake", what, core::Reached::sent).with_link_lost();
}

class FakeClient;

}  // namespace

/// Readable at once when the host answers, never when it is silent.
class FakeExchange : public core::TextExchange {
 public:
  FakeExchange(std::string id, std::string sql, std::string password, FakeClient& client)
      : id_(std::move(id)), sql_(std::move(sql)), password_(std::move(password)), client_(client) {}
  ~FakeExchange() override {
    network().with(id_, [this](FakeHost& host) { host.waiting.erase(this); });
  }
  Want step() override;
  int descriptor() const override { return event_.fd(); }
  core::TextRows take_rows() override { return std::move(rows_); }
  std::vector<std::string> column_names() const override { return {}; }
  void wake() const { event_.set(); }

 private:
  void finish(FakeHost& host);
  core::TextRows answer(const FakeHost& host) const;

  std::string id_;
  std::string sql_;  // empty: connecting
  std::string password_;
  FakeClient& client_;
  core::EventDescriptor event_;
  bool started_ = false;
  core::TextRows rows_;
};

namespace {

class FakeClient final : public core::Client {
 public:
  ~FakeClient() override { disconnect(); }
  std::unique_ptr<core::Exchange> start_connect(core::LinkTarget target, const core::Options&,
                                                core::Credentials credentials) override {
    id_ = id_of(target.endpoint.host);
    network().with(id_, [](FakeHost& host) { ++host.connects; });
    return std::make_unique<FakeExchange>(id_, "", credentials.password.reveal(), *this);
  }
  std::unique_ptr<core::TextExchange> start_text_query(std::string sql) override {
    return std::make_unique<FakeExchange>(id_, std::move(sql), "", *this);
  }
  std::unique_ptr<core::Result> execute(const core::Query&, const core::Limits&) override {
    throw lost("no statements here");
  }
  std::shared_ptr<core::Prepared> prepare(std::string_view, int, std::shared_ptr<core::Prepared>,
                                          const core::Limits&) override {
    return nullptr;
  }
  void end_transaction(Completion, const core::Limits&) override {}
  bool usable() const noexcept override { return connected_; }
  bool in_transaction() const noexcept override { return false; }
  bool peer_is_there() noexcept override { return connected_; }
  std::string peer_address() const override { return "10.0.0.1:5432"; }
  std::string server_version() const override { return "1"; }
  std::string server_parameter(std::string_view) const override { return {}; }
  std::optional<core::Lexis> lexis(std::string_view) const override { return core::postgres_lexis; }
  bool encrypted() const noexcept override { return false; }

  void connected(FakeHost& host) {
    ++host.open_links;
    connected_ = true;
  }
  void broken(FakeHost& host) {
    if (std::exchange(connected_, false)) --host.open_links;
  }
  void disconnect() {
    if (!id_.empty()) network().with(id_, [this](FakeHost& host) { broken(host); });
  }

 private:
  std::string id_;
  bool connected_ = false;
};

constexpr core::TopologyQueries queries{.hosts = "SELECT hosts",
                                        .own_id = "SELECT own",
                                        .writer_id = "SELECT writer",
                                        .is_reader = "SELECT reader"};

std::shared_ptr<core::Client> make_client(core::Workers&) { return std::make_shared<FakeClient>(); }

}  // namespace

Want FakeExchange::step() {
  const std::scoped_lock lock(network().mutex);
  FakeHost& host = network().hosts[id_];
  if (!std::exchange(started_, true)) {
    host.waiting.insert(this);
    if (host.mood != Mood::silent) event_.set();
    return Want::read;
  }
  host.waiting.erase(this);
  finish(host);
  return Want::done;
}

void FakeExchange::finish(FakeHost& host) {
  if (host.mood == Mood::crashed) {
    client_.broken(host);
    throw sql_.empty() ? Error(core::sqlstate::cannot_connect, "Fake", "refused by " + id_)
                       : lost(id_ + " has crashed");
  }
  if (sql_.empty()) {
    if (host.mood == Mood::login_refused || !network().accepted_passwords.contains(password_))
      throw Error(core::sqlstate::login_failed, "Fake", "wrong password");
    client_.connected(host);
    return;
  }
  ++host.questions;
  if (host.mood == Mood::drops_links) {
    client_.broken(host);
    throw lost(id_ + " has closed the link");
  }
  if (host.mood == Mood::broken) throw std::runtime_error("thrown on purpose");
  if (host.mood == Mood::out_of_order)
    throw Error(core::Sqlstate::from_server("XX000"), "Fake", "out of order");
  rows_ = answer(host);
}

core::TextRows FakeExchange::answer(const FakeHost& host) const {
  core::TextRows rows;
  if (sql_ == queries.hosts) {
    for (const std::string& id : host.sees)
      rows.push_back({id, id == host.sees_writer ? "t" : "f", "1", "0", std::nullopt});
  } else {
    using Cell = std::optional<std::string>;
    rows.push_back({host.writer ? Cell(id_) : Cell(), host.writer ? "f" : "t", id_});
  }
  return rows;
}

void Network::build(const std::vector<std::string>& ids, const std::string& writer) {
  const std::scoped_lock lock(mutex);
  hosts.clear();
  accepted_passwords = {"first"};
  for (const std::string& id : ids) {
    FakeHost& host = hosts[id];
    host.writer = id == writer;
    host.sees = ids;
    host.sees_writer = writer;
  }
}

void Network::set_mood(const std::string& id, Mood mood) {
  const std::scoped_lock lock(mutex);
  FakeHost& host = hosts[id];
  host.mood = mood;
  if (mood != Mood::silent)
    for (const FakeExchange* exchange : host.waiting) exchange->wake();
}

void Network::promote(const std::string& writer) {
  const std::scoped_lock lock(mutex);
  for (auto& [id, host] : hosts) {
    if (host.mood != Mood::up && id != writer) continue;
    host.writer = id == writer;
    host.sees_writer = writer;
  }
}

int Network::total_connects() {
  const std::scoped_lock lock(mutex);
  int sum = 0;
  for (const auto& [id, host] : hosts) sum += host.connects;
  return sum;
}

int Network::open_links() {
  const std::scoped_lock lock(mutex);
  int sum = 0;
  for (const auto& [id, host] : hosts) sum += host.open_links;
  return sum;
}

Network& network() {
  static Network& leaked = *new Network();
  return leaked;
}

const core::Dialect& dialect() {
  static constexpr core::Dialect fake{.name = "fake",
                                      .aliases = {},
                                      .engine = core::Engine::postgres,
                                      .default_port = 5432,
                                      .probe = {},
                                      .upgrades = {},
                                      .topology = &queries,
                                      .session = {},
                                      .display_name = "Fake"};
  return fake;
}

core::Services& services() {
  static const core::ClientDescriptor descriptor{core::Engine::postgres, "fake", make_client,
                                                 nullptr};
  static const core::ClientDescriptor* const clients[] = {&descriptor};
  static core::Services& leaked = *new core::Services{
      .plugins = core::PluginRegistry({}),
      .dialects = core::DialectRegistry({}),
      .clients = clients,
      .options = core::OptionTable({core::general::group()}),
      .resolver = core::make_resolver([](const std::string& host) -> core::Addresses {
                    if (!host.ends_with(".fake")) return {{}, true};
                    return {{"10.0.0.1"}};
                  }).release()};
  return leaked;
}

core::MonitoringAccess access(const std::string& initial, const std::string& password,
                              const std::string& pattern) {
  core::Options options;
  options.set(core::general::cluster_topology_high_refresh_rate_ms, "20");
  return {options, core::fixed_credentials("app", core::Secret(password)),
          core::HostPattern{pattern, 0}, core::HostPort{initial + ".fake", 5432}};
}

std::vector<core::Host> hosts(const std::vector<std::string>& ids, const std::string& writer) {
  std::vector<core::Host> result;
  for (const std::string& id : ids) {
    core::Host host;
    host.id = id;
    host.endpoint = {id + ".fake", 5432};
    host.role = id == writer ? core::HostRole::writer : core::HostRole::reader;
    result.push_back(host);
  }
  return result;
}

}  // namespace fake

TEST(FakeClientTest, a_host_that_is_up_answers_and_a_crashed_one_refuses) {
  fake::network().build({"a"}, "a");
  const auto client = fake::services().clients[0]->make(core::Workers::instance());
  const auto connect = [&] {
    const auto exchange = client->start_connect({{"a.fake", 5432}, {"10.0.0.1"}}, {},
                                                {"app", core::Secret("first"), false});
    core::run(*exchange, core::Deadline::after(std::chrono::seconds(1)), nullptr, "connecting");
  };
  connect();
  EXPECT_TRUE(client->usable());
  fake::network().set_mood("a", fake::Mood::crashed);
  EXPECT_THROW(connect(), Error);
}
