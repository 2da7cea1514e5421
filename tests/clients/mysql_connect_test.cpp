// SPDX-License-Identifier: Apache-2.0
// Connecting and logging in over libmariadb: TLS by name, what is refused and how it is told, and
// servers that do not behave.
#include <chrono>
#include <thread>

#include "mysql_link.h"

namespace mysql_test {
namespace {

constexpr milliseconds short_limit(400);

TEST(MysqlConnect, WithoutTlsWhenTlsIsDisabled) {
  const auto client = connect(Target().tls("disable"));
  EXPECT_FALSE(client->encrypted());
  EXPECT_EQ(client->peer_address(), "127.0.0.1:" + environment("AURODBC_TEST_MARIADB_PORT"));
  EXPECT_EQ(client->server_version().substr(0, 3), "10.");
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(MysqlConnect, EncryptsWhenAsked) {
  const auto client = connect(Target().tls("require"));
  EXPECT_TRUE(client->encrypted());
  EXPECT_NE(cell(*client,
                 "SELECT variable_value FROM information_schema.session_status WHERE "
                 "variable_name = 'ssl_cipher'"),
            "");
}

TEST(MysqlConnect, PrefersTls) { EXPECT_TRUE(connect()->encrypted()); }

TEST(MysqlConnect, LogsInUsersThatNeedTls) {
  Target target;
  target.user = "tls_only";
  target.password = "tls";
  EXPECT_TRUE(connect(target)->encrypted());
  EXPECT_EQ(state_of(connect_failure(target.tls("disable"))), "28000");
}

TEST(MysqlConnect, VerifiesTheNameWhileDiallingANumericAddress) {
  const auto client = connect(Target().tls("verify-full", authority()));
  EXPECT_TRUE(client->encrypted());
  EXPECT_EQ(cell(*client, "SELECT 1"), "1");
}

TEST(MysqlConnect, VerifiesANameThatNobodyResolves) {
  // Only a numeric address is dialled: the name need not resolve.
  Target target;
  target.host = "no-such-name.invalid";
  target.tls("verify-full", authority());
  const Error error = connect_failure(target);
  EXPECT_EQ(state_of(error), "08001") << error.what();
  EXPECT_EQ(error.main().native, 2026) << error.what();
  target.host = "localhost";
  EXPECT_TRUE(connect(target)->encrypted());
}

TEST(MysqlConnect, ResolvesTheNameItselfWhenNoAddressIsGiven) {
  Target target;
  target.addresses.clear();
  EXPECT_TRUE(connect(target.tls("verify-full", authority()))->encrypted());
}

TEST(MysqlConnect, RefusesACertificateForAnotherName) {
  Target target;
  target.host = "other.test.aurodbc";
  const Error error = connect_failure(target.tls("verify-full", authority()));
  EXPECT_EQ(state_of(error), "08001");
  EXPECT_EQ(error.main().native, 2026);
  EXPECT_TRUE(connect(target.tls("verify-ca", authority()))->encrypted());
}

TEST(MysqlConnect, RefusesACertificateOfAnotherAuthority) {
  for (const char* mode : {"verify-ca", "verify-full"}) {
    const Error error = connect_failure(Target().tls(mode, "/etc/ssl/certs/ca-certificates.crt"));
    EXPECT_EQ(state_of(error), "08001") << mode;
    EXPECT_EQ(error.main().native, 2026) << mode;
    EXPECT_NE(std::string(error.what()).find("sslrootcert"), std::string::npos) << error.what();
  }
}

TEST(MysqlConnect, FallsBackToPlainOnlyWhenTheServerLacksTlsAndTheModeAllows) {
  const PrivateServer server({"--skip-ssl"});
  EXPECT_FALSE(connect(server.target())->encrypted());
  EXPECT_FALSE(connect(server.target().tls("prefer"))->encrypted());
  for (const char* mode : {"require", "verify-ca", "verify-full"}) {
    const Error error = connect_failure(server.target().tls(mode, authority()));
    EXPECT_EQ(state_of(error), "08001") << mode;
    EXPECT_EQ(error.main().native, 2026) << mode;
  }
}

TEST(MysqlConnect, TellsAWrongPasswordFromAnUnknownDatabase) {
  Target wrong;
  wrong.password = "wrong";
  const Error login = connect_failure(wrong);
  EXPECT_EQ(state_of(login), "28000");
  EXPECT_EQ(login.main().native, 1045);
  Target unknown;
  unknown.user = "tls_only";
  unknown.password = "tls";
  unknown.database = "no_such_database";
  const Error database = connect_failure(unknown);
  EXPECT_EQ(state_of(database), "08004") << database.what();
}

TEST(MysqlConnect, TellsARefusedPort) {
  Target target;
  target.port = 1;
  const Error error = connect_failure(target);
  EXPECT_EQ(state_of(error), "08001");
  EXPECT_TRUE(error.link_lost());
  EXPECT_EQ(std::string(error.what()).find('('), std::string::npos) << error.what();
}

TEST(MysqlConnect, TriesTheNextAddress) {
  Target target;
  target.addresses = {"127.9.9.9", "127.0.0.1"};  // the server listens on 127.0.0.1 only
  EXPECT_EQ(cell(*connect(target), "SELECT 1"), "1");
  EXPECT_TRUE(connect(target.tls("verify-full", authority()))->encrypted());
}

TEST(MysqlConnect, RefusesAServerThatSpeaksSomethingElseOrNothing) {
  for (const char* behaviour : {"garbage", "closing"}) {
    const FakeServer server(behaviour);
    const Error error = connect_failure(server.target());
    EXPECT_EQ(state_of(error), "08001") << behaviour << ": " << error.what();
  }
}

TEST(MysqlConnect, EndsAtTheDeadlineWhereverTheServerFallsSilent) {
  for (const char* behaviour : {"silent", "silent-in-tls", "silent-after-login"}) {
    const FakeServer server(behaviour);
    const auto started = Clock::now();
    const Error error = connect_failure(server.target(short_limit));
    EXPECT_EQ(state_of(error), "HYT00") << behaviour << ": " << error.what();
    EXPECT_LT(elapsed_ms(started), 1500) << behaviour;
  }
}

TEST(MysqlConnect, EndsWhenInterruptedWhereverTheServerFallsSilent) {
  for (const char* behaviour : {"silent", "silent-in-tls", "silent-after-login"}) {
    const FakeServer server(behaviour);
    Interrupt interrupt;
    Target target = server.target(milliseconds(20'000));
    target.interrupt = &interrupt;
    const auto started = Clock::now();
    std::thread canceller([&] {
      (void)pause(milliseconds(150), nullptr);
      interrupt.raise();
    });
    const Error error = connect_failure(target);
    canceller.join();
    EXPECT_EQ(state_of(error), "HY008") << behaviour << ": " << error.what();
    EXPECT_LT(elapsed_ms(started), 1500) << behaviour;
  }
}

TEST(MysqlConnect, SendsNoPasswordInClearTextWithoutTls) {
  for (const char* behaviour : {"clear-password", "dialog"}) {
    for (const char* allowed : {"0", "1"}) {
      FakeServer server(behaviour);
      Target target = server.target();
      target.options.set(mysql_options::enable_cleartext_plugin, allowed);
      const Error error = connect_failure(target.tls("prefer"));
      EXPECT_EQ(state_of(error), "28000") << behaviour << ": " << error.what();
      EXPECT_NE(std::string(error.what()).find("not encrypted"), std::string::npos);
      EXPECT_EQ(server.received(), "") << behaviour;
    }
  }
}

TEST(MysqlConnect, SendsAPasswordInClearTextOverTlsOnlyWhenAllowed) {
  for (const char* behaviour : {"clear-password", "dialog"}) {
    FakeServer server(behaviour, true);
    const Error error = connect_failure(server.target().tls("require"));
    EXPECT_EQ(state_of(error), "28000") << behaviour << ": " << error.what();
    EXPECT_NE(std::string(error.what()).find("enable_cleartext_plugin"), std::string::npos);
    EXPECT_EQ(server.received(), "") << behaviour;
    Target target = server.target().tls("require");
    target.options.set(mysql_options::enable_cleartext_plugin, "1");
    EXPECT_TRUE(connect(target)->encrypted()) << behaviour;
    EXPECT_EQ(server.received(), target.password + '\0') << behaviour;
  }
}

TEST(MysqlConnect, SendsNoLoginAtAllToAServerThatOffersNoTls) {
  FakeServer server("greeting-without-tls");
  EXPECT_EQ(state_of(connect_failure(server.target().tls("require"))), "08001");
  EXPECT_EQ(server.received(), "");
}

TEST(MysqlConnect, NeverSendsAFileThatTheServerAsksFor) {
  FakeServer server("wants-a-file");
  const auto client = connect(server.target().tls("disable"));
  const Error error = failure([&] { execute(*client, "SELECT 1"); });
  EXPECT_NE(state_of(error), "");
  const std::string sent = server.received();
  EXPECT_TRUE(sent.empty() || sent == std::string(3, '\0') + '\2') << sent;  // an empty file
}

TEST(MysqlConnect, LeavesNothingBehindWhenAConnectIsAbandoned) {
  const FakeServer server("silent");
  auto client = mysql_client_descriptor.make(Workers::instance());
  auto exchange = client->start_connect({{"x", server.target().port}, {"127.0.0.1"}}, Options{},
                                        Credentials{"u", Secret("p")});
  EXPECT_NE(exchange->step(), Want::done);
  exchange.reset();
  client.reset();
}

}  // namespace
}  // namespace mysql_test
