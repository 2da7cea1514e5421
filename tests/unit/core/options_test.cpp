// SPDX-License-Identifier: Apache-2.0
// The option table: every spelling, every type's checks, prefixes, and the general options.
#include "core/options.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/client/link_options.h"

namespace {

using core::Keyword;
using core::Option;
using core::OptionAlias;
using core::Options;
using core::OptionTable;
using core::OptionType;
using core::OptionWarning;
namespace general = core::general;
namespace link_options = core::link_options;

constexpr OptionAlias failover_aliases[] = {{"FAILOVER_TIMEOUT_MS", true}};
constinit const Option failover_timeout{.name = "failover_timeout_sec",
                                        .type = OptionType::span_seconds,
                                        .default_value = "300",
                                        .help = "Limit of a failover.",
                                        .aliases = failover_aliases};
constinit const Option attempts{.name = "attempts",
                                .type = OptionType::integer,
                                .default_value = "3",
                                .help = "How often | how long.",
                                .minimum = 1,
                                .maximum = 10};
constinit const Option token{
    .name = "token", .type = OptionType::integer, .help = "A secret number.", .secret = true};
constexpr const Option* own_options[] = {&failover_timeout, &attempts, &token};

const OptionTable& table() {
  static const OptionTable all({general::group(), link_options::group(), {"Test", own_options}});
  return all;
}

Options read(std::vector<Keyword> keywords) {
  std::vector<OptionWarning> warnings;
  return table().read(keywords, warnings);
}

std::vector<OptionWarning> warnings_of(std::vector<Keyword> keywords) {
  std::vector<OptionWarning> warnings;
  (void)table().read(keywords, warnings);
  return warnings;
}

std::string refusal(std::string name, std::string value) {
  try {
    (void)read({{std::move(name), std::move(value)}});
  } catch (const core::Error& error) {
    EXPECT_EQ(error.state(), core::sqlstate::invalid_attribute_value);
    EXPECT_EQ(error.main().component, "Options");
    EXPECT_EQ(error.reached(), core::Reached::not_sent);
    return error.what();
  }
  return "accepted";
}

TEST(Normalized, IgnoresCaseUnderscoresDashesAndBlanks) {
  EXPECT_EQ(core::normalized("Failover-Mode"), "failovermode");
  EXPECT_EQ(core::normalized("FAILOVER_MODE"), "failovermode");
  EXPECT_EQ(core::normalized(" failover mode\t"), "failovermode");
  EXPECT_EQ(core::normalized(""), "");
  EXPECT_EQ(core::normalized("\xC3\x84_x"), "\xC3\x84x");
}

TEST(OptionTable, HasNoClashes) { EXPECT_TRUE(table().clashes().empty()); }

TEST(OptionTable, NamesClashesAndKeepsTheFirst) {
  static constinit const Option other{.name = "UID", .help = "x"};
  static constexpr const Option* others[] = {&other};
  const OptionTable both({general::group(), {"Other", others}});
  ASSERT_EQ(both.clashes().size(), 1U);
  EXPECT_EQ(both.clashes()[0], "'UID' of UID is a spelling of user already");
  EXPECT_EQ(both.find("uid"), &general::user);
}

TEST(OptionTable, AcceptsTheSameOptionObjectInTwoGroups) {
  const OptionTable twice({link_options::group(), link_options::group()});
  EXPECT_TRUE(twice.clashes().empty());
}

TEST(OptionTable, FindsEverySpellingOfTheGeneralOptions) {
  const std::pair<const char*, const Option*> spellings[] = {
      {"SERVER", &general::host},
      {"ServerName", &general::host},
      {"host", &general::host},
      {"PORT", &general::port},
      {"DATABASE", &general::database},
      {"DB", &general::database},
      {"dbname", &general::database},
      {"UID", &general::user},
      {"User", &general::user},
      {"USERNAME", &general::user},
      {"user name", &general::user},
      {"PWD", &general::password},
      {"PASSWORD", &general::password},
      {"PASSWORD1", &general::password},
      {"PWD1", &general::password},
      {"ENGINE", &general::engine},
      {"wrapper_driver_dialect", &general::engine},
      {"wrapperDriverDialect", &general::engine},
      {"DATABASE_DIALECT", &general::wrapper_dialect},
      {"wrapperDialect", &general::wrapper_dialect},
      {"wrapper-dialect", &general::wrapper_dialect},
      {"plugins", &general::plugins},
      {"wrapperPlugins", &general::plugins},
      {"wrapper_plugins", &general::plugins},
      {"autoSortWrapperPluginOrder", &general::auto_sort_wrapper_plugin_order},
      {"connectTimeout", &general::connect_timeout},
      {"auxiliaryQueryTimeoutSec", &general::auxiliary_query_timeout_sec},
      {"TOPOLOGY_REFRESH_MS", &general::topology_refresh_ms},
      {"TOPOLOGY_REFRESH_RATE_MS", &general::topology_refresh_ms},
      {"clusterTopologyRefreshRateMs", &general::topology_refresh_ms},
      {"TOPOLOGY_HIGH_REFRESH_RATE_MS", &general::cluster_topology_high_refresh_rate_ms},
      {"clusterTopologyHighRefreshRateMs", &general::cluster_topology_high_refresh_rate_ms},
      {"CLUSTER_ID", &general::cluster_id},
      {"clusterId", &general::cluster_id},
      {"HOST_PATTERN", &general::cluster_instance_host_pattern},
      {"clusterInstanceHostPattern", &general::cluster_instance_host_pattern},
      {"transferSessionStateOnSwitch", &general::transfer_session_state_on_switch},
      {"CANCEL_GRACE_MS", &general::cancel_grace_ms},
      {"DSN_ONLY_OUTPUT", &general::dsn_only_output},
      {"LogLevel", &general::log_level},
      {"LOG_FILE", &general::log_file},
      {"SSLMODE", &link_options::sslmode},
      {"ssl_root_cert", &link_options::sslrootcert},
      {"ApplicationName", &link_options::application_name},
      {"tcpKeepAlive", &link_options::tcp_keepalive},
  };
  for (const auto& [name, option] : spellings) EXPECT_EQ(table().find(name), option) << name;
}

TEST(OptionTable, FindsNothingUnderUnknownNames) {
  for (const char* name : {"", "_", "hos", "hostt", "DSN", "DRIVER", "FILEDSN", "SAVEFILE"})
    EXPECT_EQ(table().find(name), nullptr) << name;
}

TEST(Reading, GivesDefaultsForWhatIsNotGiven) {
  const Options options = read({});
  EXPECT_FALSE(options.given(general::host));
  EXPECT_EQ(options.text(general::host), "localhost");
  EXPECT_EQ(options.integer(general::port), 0);
  EXPECT_EQ(options.span(general::auxiliary_query_timeout_sec), core::milliseconds(5000));
  EXPECT_EQ(options.span(general::cancel_grace_ms), core::milliseconds(1000));
  EXPECT_EQ(options.span(general::connect_timeout), core::milliseconds(0));
  EXPECT_TRUE(options.boolean(general::transfer_session_state_on_switch));
  EXPECT_FALSE(options.boolean(general::dsn_only_output));
  EXPECT_EQ(options.choice(general::log_level), 0U);
  EXPECT_EQ(options.choice(link_options::sslmode),
            static_cast<std::size_t>(link_options::SslMode::prefer));
  EXPECT_TRUE(options.list(general::plugins).empty());
  EXPECT_TRUE(options.secret(general::password).empty());
  EXPECT_TRUE(options.given_values().empty());
}

TEST(Reading, TreatsAKeywordWithoutValueAsNotGiven) {
  const Options options = read({{"UID", ""}, {"PORT", ""}, {"USER", "anna"}});
  EXPECT_EQ(options.text(general::user), "anna");
  EXPECT_FALSE(options.given(general::port));
}

TEST(Reading, LetsTheFirstOccurrenceWinWhateverItsSpelling) {
  EXPECT_EQ(read({{"UID", "anna"}, {"User", "bert"}}).text(general::user), "anna");
  EXPECT_EQ(read({{"topology_monitoring_connect_timeout", "1"}, {"connect_timeout", "2"}})
                .integer(general::connect_timeout),
            2);
}

TEST(Reading, KeepsTextAsItIs) {
  const std::string odd = " p;w}d='\"\\ \xC3\xA4 ";
  EXPECT_EQ(read({{"PWD", odd}}).secret(general::password).reveal(), odd);
  EXPECT_EQ(read({{"PWD", std::string(100000, 'x')}}).secret(general::password).reveal().size(),
            100000U);
}

TEST(Reading, RefusesNulInText) {
  EXPECT_EQ(refusal("SERVER", std::string("a\0b", 3)),
            "SERVER (host): 'a?b' is not allowed; allowed: text without NUL characters");
  EXPECT_EQ(refusal("PWD", std::string("a\0b", 3)),
            "PWD (password): the given value is not allowed; allowed: text without NUL characters");
}

TEST(Reading, ReadsBooleansInAllSpellings) {
  for (const char* yes : {"1", "true", "TRUE", "Yes", "on", " 1 "})
    EXPECT_TRUE(read({{"DSN_ONLY_OUTPUT", yes}}).boolean(general::dsn_only_output)) << yes;
  for (const char* no : {"0", "false", "No", "OFF"})
    EXPECT_FALSE(read({{"transfer_session_state_on_switch", no}})
                     .boolean(general::transfer_session_state_on_switch))
        << no;
  EXPECT_EQ(refusal("transfer_session_state_on_switch", "maybe"),
            "transfer_session_state_on_switch: 'maybe' is not allowed; allowed: true or false "
            "(1/0, yes/no, "
            "on/off)");
  EXPECT_NE(refusal("transfer_session_state_on_switch", "2"), "accepted");
  EXPECT_NE(refusal("transfer_session_state_on_switch", "  "), "accepted");
}

TEST(Reading, ReadsWholeNumbersWithinTheirRange) {
  EXPECT_EQ(read({{"attempts", "10"}}).integer(attempts), 10);
  EXPECT_EQ(read({{"attempts", " +7 "}}).integer(attempts), 7);
  for (const char* bad : {"0", "11", "-1", "1.5", "0x5", "five", " ", "1 2", "+-3", "--3", "3s",
                          "99999999999999999999", "1e1"})
    EXPECT_EQ(refusal("attempts", bad),
              "attempts: '" + std::string(bad) +
                  "' is not allowed; allowed: a whole number from 1 to 10");
}

TEST(Reading, ReadsSpansInTheirUnits) {
  EXPECT_EQ(read({{"connect_timeout", "7"}}).span(general::connect_timeout),
            core::milliseconds(7000));
  EXPECT_EQ(read({{"topology_refresh_ms", "7"}}).span(general::topology_refresh_ms),
            core::milliseconds(7));
  EXPECT_EQ(read({{"connect_timeout", "2147483647"}}).span(general::connect_timeout),
            core::milliseconds(2147483647000));
  EXPECT_EQ(refusal("connect_timeout", "-3"),
            "connect_timeout: '-3' is not allowed; allowed: whole seconds from 0 to 2147483647");
  EXPECT_EQ(refusal("TOPOLOGY_REFRESH_RATE_MS", "0"),
            "TOPOLOGY_REFRESH_RATE_MS (topology_refresh_ms): '0' is not allowed; allowed: whole "
            "milliseconds from 1 to 2147483647");
}

TEST(Reading, RoundsMillisecondAliasesUpToSeconds) {
  const std::pair<const char*, int> cases[] = {{"30000", 30}, {"30001", 31}, {"1", 1}, {"0", 0}};
  for (const auto& [given, seconds] : cases)
    EXPECT_EQ(read({{"FAILOVER_TIMEOUT_MS", given}}).integer(failover_timeout), seconds) << given;
  EXPECT_EQ(read({{"failover_timeout_sec", "30"}}).integer(failover_timeout), 30);
  EXPECT_NE(refusal("FAILOVER_TIMEOUT_MS", "-1").find("whole milliseconds from 0"),
            std::string::npos);
}

TEST(Reading, ReadsPorts) {
  EXPECT_EQ(read({{"PORT", "65535"}}).integer(general::port), 65535);
  for (const char* bad : {"0", "65536", "-1", "http", "5432x"})
    EXPECT_EQ(refusal("PORT", bad),
              "PORT: '" + std::string(bad) + "' is not allowed; allowed: a port from 1 to 65535");
}

TEST(Reading, ReadsChoicesByAnySpelling) {
  const std::pair<const char*, std::size_t> engines[] = {
      {"pg", 0},     {"PostgreSQL", 0}, {"postgres", 0}, {"libpq", 0},
      {"lib-pq", 0}, {"mysql", 1},      {"MariaDB", 1},  {"libmariadb", 1},
  };
  for (const auto& [name, index] : engines) {
    EXPECT_EQ(read({{"engine", name}}).choice(general::engine), index) << name;
    EXPECT_EQ(read({{"engine", name}}).text(general::engine), index == 0 ? "pg" : "mysql");
  }
  EXPECT_EQ(read({{"sslmode", "VERIFY_FULL"}}).choice(link_options::sslmode),
            static_cast<std::size_t>(link_options::SslMode::verify_full));
  EXPECT_EQ(refusal("wrapper_driver_dialect", "oracle"),
            "wrapper_driver_dialect (engine): 'oracle' is not allowed; allowed: pg, mysql");
  EXPECT_NE(refusal("engine", "pg|postgres"), "accepted");
  EXPECT_NE(refusal("engine", "-"), "accepted");
  EXPECT_EQ(refusal("log_level", "loud"),
            "log_level: 'loud' is not allowed; allowed: off, error, warn, info, debug, trace");
}

TEST(Reading, SplitsLists) {
  const std::vector<std::string> expected{"failover_v2", "dev"};
  EXPECT_EQ(read({{"plugins", " failover_v2 ,, dev,"}}).list(general::plugins), expected);
  EXPECT_TRUE(read({{"plugins", " , "}}).list(general::plugins).empty());
  EXPECT_TRUE(read({{"plugins", " , "}}).given(general::plugins));
}

TEST(Reading, TakesAnEmptyListAsNoneAtAll) {
  EXPECT_TRUE(read({{"plugins", ""}}).given(general::plugins));
  EXPECT_TRUE(read({{"wrapper_plugins", ""}}).list(general::plugins).empty());
}

TEST(Reading, NeverEchoesASecret) {
  EXPECT_EQ(refusal("token", "tiger"),
            "token: the given value is not allowed; allowed: a whole number from 0 to 2147483647");
}

TEST(Reading, EchoesLongAndOddValuesShortened) {
  const std::string text = refusal("engine", std::string(10000, 'x'));
  EXPECT_LT(text.size(), 150U);
  EXPECT_NE(text.find("xxx...'"), std::string::npos);
  const std::string umlauts = refusal("engine", std::string(63, 'x') + "\xC3\xA4\xC3\xA4");
  EXPECT_NE(umlauts.find("'" + std::string(63, 'x') + "...'"), std::string::npos);
}

TEST(Reading, WarnsOfUnknownKeywords) {
  const auto warnings = warnings_of({{"Colour", "red"}, {"UID", "a"}});
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings[0].state, core::sqlstate::invalid_connection_attribute);
  EXPECT_EQ(warnings[0].text, "the keyword 'Colour' is not known and was ignored");
}

TEST(Reading, AcceptsAndIgnoresTheKeywordsOfAWrappedDriver) {
  for (const char* name : {"BASE_DRIVER", "base_dsn", "BaseConn"}) {
    const auto warnings = warnings_of({{name, "PWD=tiger"}});
    ASSERT_EQ(warnings.size(), 1U) << name;
    EXPECT_EQ(warnings[0].state, core::sqlstate::invalid_connection_attribute);
    EXPECT_NE(warnings[0].text.find("was ignored: aurodbc"), std::string::npos);
    EXPECT_EQ(warnings[0].text.find("tiger"), std::string::npos);
  }
}

TEST(Prefixes, GiveMonitorsTheirOwnCopy) {
  for (const char* name :
       {"topology-monitoring-connect_timeout", "topology_monitoring_connect_timeout",
        "TopologyMonitoringConnectTimeout"}) {
    const Options options = read({{name, "3"}, {"connect_timeout", "9"}});
    EXPECT_EQ(options.integer(general::connect_timeout), 9) << name;
    const Options copy = options.with_prefix("topology-monitoring-");
    EXPECT_EQ(copy.integer(general::connect_timeout), 3) << name;
    EXPECT_EQ(options.with_prefix("topology_monitoring_").integer(general::connect_timeout), 3);
    EXPECT_EQ(options.with_prefix("other-").integer(general::connect_timeout), 9);
  }
}

TEST(Prefixes, CheckValuesLikeTheBareOption) {
  EXPECT_EQ(refusal("topology-monitoring-connect_timeout", "x"),
            "topology-monitoring-connect_timeout (connect_timeout): 'x' is not allowed; allowed: "
            "whole seconds from 0 to 2147483647");
  EXPECT_EQ(warnings_of({{"topology-monitoring-nonsense", "1"}}).size(), 1U);
  EXPECT_EQ(warnings_of({{"topology-monitoring-", "1"}}).size(), 1U);
  EXPECT_EQ(warnings_of({{"topology-monitoring-BASE_DSN", "1"}}).size(), 1U);
}

TEST(OptionsValues, AreListedInTableOrderWithTheirPrefixes) {
  Options options = read({{"topology-monitoring-connect_timeout", "3"},
                          {"FAILOVER_TIMEOUT_MS", "1500"},
                          {"PWD", "tiger"},
                          {"Server", "db"}});
  options.set(attempts, "4");
  std::string line;
  for (const Options::Given& given : options.given_values())
    line += std::string(given.prefix) + std::string(given.option->name) + "=" + *given.value + ";";
  EXPECT_EQ(line,
            "host=db;password=tiger;failover_timeout_sec=2;topology-monitoring-connect_timeout=3;"
            "attempts=4;");
}

TEST(OptionsValues, CanBeSetAndErased) {
  Options options = read({{"SERVER", "a"}, {"topology-monitoring-host", "m"}});
  options.set(general::host, "b");
  EXPECT_EQ(options.text(general::host), "b");
  const Options copy = options;
  options.erase(general::host);
  EXPECT_FALSE(options.given(general::host));
  EXPECT_EQ(copy.text(general::host), "b");
  EXPECT_EQ(options.with_prefix("topology-monitoring-").text(general::host), "m");
}

TEST(Documentation, HasOneRowPerOptionAndEscapesBars) {
  const std::string page = table().documentation();
  EXPECT_NE(page.find("\n## General\n"), std::string::npos);
  EXPECT_NE(page.find("| `failover_timeout_sec` | `FAILOVER_TIMEOUT_MS` (milliseconds, rounded up "
                      "to whole seconds) | whole seconds from 0 to 2147483647 | `300` |  | Limit "
                      "of a failover. |"),
            std::string::npos);
  EXPECT_NE(page.find("How often \\| how long."), std::string::npos);
  EXPECT_NE(page.find("`pg` (also `postgres`, `postgresql`, `libpq`), `mysql` (also `mariadb`, "
                      "`libmariadb`)"),
            std::string::npos);
  EXPECT_NE(page.find("| `password` | `PWD`, `PASSWORD1`, `PWD1` | text | - | yes |"),
            std::string::npos);
  for (const core::OptionGroup& group : table().groups())
    for (const Option* option : group.options) {
      EXPECT_NE(page.find("| `" + std::string(option->name) + "` |"), std::string::npos);
      EXPECT_FALSE(option->help.empty()) << option->name;
    }
}

TEST(OptionDefaults, AreLegalValuesOfTheirOptions) {
  for (const core::OptionGroup& group : table().groups())
    for (const Option* option : group.options)
      if (!option->default_value.empty()) {
        EXPECT_NO_THROW(
            (void)read({{std::string(option->name), std::string(option->default_value)}}))
            << option->name;
      }
}

TEST(Reading, TakesMicroseconds) {
  const std::vector<Keyword> keywords{{"SERVER", "db.cluster-xyz.us-east-1.rds.amazonaws.com"},
                                      {"PORT", "5432"},
                                      {"DATABASE", "app"},
                                      {"UID", "anna"},
                                      {"PWD", "tiger"},
                                      {"sslmode", "verify-full"},
                                      {"plugins", "failover_v2"},
                                      {"connect_timeout", "10"},
                                      {"topology-monitoring-connect_timeout", "3"},
                                      {"log_level", "info"}};
  std::vector<OptionWarning> warnings;
  const auto start = std::chrono::steady_clock::now();
  constexpr int rounds = 1000;
  for (int i = 0; i < rounds; ++i) (void)table().read(keywords, warnings);
  const std::chrono::duration<double, std::micro> each =
      (std::chrono::steady_clock::now() - start) / rounds;
  RecordProperty("microseconds", std::to_string(each.count()));
  EXPECT_LT(each.count(), 500) << "unoptimised and under sanitizers; about 5 when optimised";
}

}  // namespace
