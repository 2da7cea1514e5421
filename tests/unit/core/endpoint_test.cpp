// SPDX-License-Identifier: Apache-2.0
// RDS host names of every shape and partition, names that are none, and host patterns.
#include "core/endpoint.h"

#include <gtest/gtest.h>

#include "core/error.h"

namespace {

using core::Endpoint;
using core::EndpointKind;
using core::HostPattern;
using core::parse_endpoint;

struct Case {
  const char* name;
  EndpointKind kind;
  const char* instance;  // cluster_name or instance_id
  const char* region;
  const char* domain;
};

constexpr Case cases[] = {
    {"db-1.xyz.us-east-2.rds.amazonaws.com", EndpointKind::instance, "db-1", "us-east-2",
     "xyz.us-east-2.rds.amazonaws.com"},
    {"orders.cluster-XYZ1.us-east-2.rds.amazonaws.com", EndpointKind::writer_cluster, "orders",
     "us-east-2", "xyz1.us-east-2.rds.amazonaws.com"},
    {"orders.cluster-ro-xyz.us-east-2.rds.amazonaws.com", EndpointKind::reader_cluster, "orders",
     "us-east-2", "xyz.us-east-2.rds.amazonaws.com"},
    {"reports.cluster-custom-xyz.us-east-2.rds.amazonaws.com", EndpointKind::custom_cluster,
     "reports", "us-east-2", "xyz.us-east-2.rds.amazonaws.com"},
    {"px.proxy-xyz.us-east-2.rds.amazonaws.com", EndpointKind::proxy, "", "us-east-2",
     "xyz.us-east-2.rds.amazonaws.com"},
    {"ro.endpoint.proxy-xyz.us-east-2.rds.amazonaws.com", EndpointKind::proxy, "", "us-east-2",
     "xyz.us-east-2.rds.amazonaws.com"},
    {"lim.shardgrp-xyz.us-east-2.rds.amazonaws.com", EndpointKind::limitless, "lim", "us-east-2",
     "xyz.us-east-2.rds.amazonaws.com"},
    {"world.global-xyz.global.rds.amazonaws.com", EndpointKind::global_writer, "world", "",
     "xyz.global.rds.amazonaws.com"},
    // FIPS endpoints and other top-level domains
    {"db-1.xyz.us-east-2.rds-fips.amazonaws.com", EndpointKind::instance, "db-1", "us-east-2",
     "xyz.us-east-2.rds-fips.amazonaws.com"},
    {"o.cluster-xyz.us-gov-west-1.rds-fips.amazonaws.com", EndpointKind::writer_cluster, "o",
     "us-gov-west-1", "xyz.us-gov-west-1.rds-fips.amazonaws.com"},
    {"o.cluster-xyz.eusc-de-east-1.rds.amazonaws.eu", EndpointKind::writer_cluster, "o",
     "eusc-de-east-1", "xyz.eusc-de-east-1.rds.amazonaws.eu"},
    {"o.cluster-xyz.ap-southeast-2.rds.amazonaws.au", EndpointKind::writer_cluster, "o",
     "ap-southeast-2", "xyz.ap-southeast-2.rds.amazonaws.au"},
    {"o.cluster-xyz.eu-west-2.rds.amazonaws.uk", EndpointKind::writer_cluster, "o", "eu-west-2",
     "xyz.eu-west-2.rds.amazonaws.uk"},
    // China, new and old
    {"o.cluster-xyz.rds.cn-northwest-1.amazonaws.com.cn", EndpointKind::writer_cluster, "o",
     "cn-northwest-1", "xyz.rds.cn-northwest-1.amazonaws.com.cn"},
    {"o.cluster-ro-xyz.cn-north-1.rds.amazonaws.com.cn", EndpointKind::reader_cluster, "o",
     "cn-north-1", "xyz.cn-north-1.rds.amazonaws.com.cn"},
    {"db-1.xyz.rds.cn-north-1.amazonaws.com.cn", EndpointKind::instance, "db-1", "cn-north-1",
     "xyz.rds.cn-north-1.amazonaws.com.cn"},
    {"p.proxy-xyz.rds.cn-north-1.amazonaws.com.cn", EndpointKind::proxy, "", "cn-north-1",
     "xyz.rds.cn-north-1.amazonaws.com.cn"},
    // US government and isolated partitions
    {"o.cluster-xyz.rds.us-gov-east-1.amazonaws.com", EndpointKind::writer_cluster, "o",
     "us-gov-east-1", "xyz.rds.us-gov-east-1.amazonaws.com"},
    {"lim.shardgrp-xyz.rds.us-gov-east-1.amazonaws.com", EndpointKind::limitless, "lim",
     "us-gov-east-1", "xyz.rds.us-gov-east-1.amazonaws.com"},
    {"db-1.xyz.rds.us-iso-east-1.c2s.ic.gov", EndpointKind::instance, "db-1", "us-iso-east-1",
     "xyz.rds.us-iso-east-1.c2s.ic.gov"},
    {"c.cluster-custom-xyz.rds.us-isob-east-1.sc2s.sgov.gov", EndpointKind::custom_cluster, "c",
     "us-isob-east-1", "xyz.rds.us-isob-east-1.sc2s.sgov.gov"},
    {"db-1.xyz.rds.eu-isoe-west-1.cloud.adc-e.uk", EndpointKind::instance, "db-1", "eu-isoe-west-1",
     "xyz.rds.eu-isoe-west-1.cloud.adc-e.uk"},
    {"db-1.xyz.rds.us-isof-south-1.csp.hci.ic.gov", EndpointKind::instance, "db-1",
     "us-isof-south-1", "xyz.rds.us-isof-south-1.csp.hci.ic.gov"},
    // Capitals, ports, trailing dots
    {"DB-1.XYZ.US-EAST-2.RDS.AMAZONAWS.COM", EndpointKind::instance, "db-1", "us-east-2",
     "xyz.us-east-2.rds.amazonaws.com"},
    {"db-1.xyz.us-east-2.rds.amazonaws.com:5432", EndpointKind::instance, "db-1", "us-east-2",
     "xyz.us-east-2.rds.amazonaws.com"},
    {"db-1.xyz.us-east-2.rds.amazonaws.com.", EndpointKind::instance, "db-1", "us-east-2",
     "xyz.us-east-2.rds.amazonaws.com"},
    {"db-1.xyz.us-east-2.rds.amazonaws.com.:5432", EndpointKind::instance, "db-1", "us-east-2",
     "xyz.us-east-2.rds.amazonaws.com"},
};

TEST(ParseEndpoint, ReadsEveryShapeOfName) {
  for (const Case& c : cases) {
    const Endpoint e = parse_endpoint(c.name);
    EXPECT_EQ(e.kind, c.kind) << c.name;
    EXPECT_EQ(e.region, c.region) << c.name;
    EXPECT_EQ(e.domain, c.domain) << c.name;
    EXPECT_TRUE(e.is_rds()) << c.name;
    const bool is_instance = c.kind == EndpointKind::instance;
    EXPECT_EQ(e.instance_id, is_instance ? c.instance : "") << c.name;
    EXPECT_EQ(e.cluster_name, is_instance ? "" : c.instance) << c.name;
    EXPECT_EQ(e.instance_pattern,
              c.kind == EndpointKind::global_writer ? "" : "?." + std::string(c.domain))
        << c.name;
    EXPECT_FALSE(e.host.ends_with('.')) << c.name;
    EXPECT_EQ(e.host.find(':'), std::string::npos) << c.name;
    EXPECT_FALSE(e.is_green || e.is_old_blue) << c.name;
  }
}

TEST(ParseEndpoint, KnowsWhatAClusterIs) {
  for (const Case& c : cases) {
    const bool is_cluster =
        c.kind == EndpointKind::writer_cluster || c.kind == EndpointKind::reader_cluster ||
        c.kind == EndpointKind::custom_cluster || c.kind == EndpointKind::global_writer;
    EXPECT_EQ(parse_endpoint(c.name).is_cluster(), is_cluster) << c.name;
  }
}

TEST(ParseEndpoint, RecognisesAddresses) {
  for (const char* name : {"127.0.0.1", "10.0.0.255:5432", "::1", "[::1]:5432", "[::1]",
                           "2001:db8::7", "2001:0db8:0000:0000:0000:0000:0000:0007", "fe80::1%eth0",
                           "::ffff:10.0.0.1", "[2001:DB8::7]:3306"}) {
    const Endpoint e = parse_endpoint(name);
    EXPECT_EQ(e.kind, EndpointKind::ip) << name;
    EXPECT_FALSE(e.is_rds() || e.is_cluster()) << name;
    EXPECT_EQ(e.region + e.domain + e.instance_pattern, "") << name;
  }
  EXPECT_EQ(parse_endpoint("[2001:DB8::7]:3306").host, "2001:db8::7");
  EXPECT_EQ(parse_endpoint("10.0.0.255:5432").host, "10.0.0.255");
}

TEST(ParseEndpoint, CallsEverythingElseOther) {
  for (const char* name : {"",
                           ".",
                           ":",
                           "[",
                           "[]",
                           "]",
                           ":5432",
                           "localhost",
                           "localhost:5432",
                           "db.example.com",
                           "256.0.0.1",
                           "1.2.3",
                           "rds.amazonaws.com",
                           ".rds.amazonaws.com",
                           "amazonaws.com",
                           "us-east-2.rds.amazonaws.com",
                           "xyz.us-east-2.rds.amazonaws.com",
                           ".xyz.us-east-2.rds.amazonaws.com",
                           "db..us-east-2.rds.amazonaws.com",
                           "db.xyz..rds.amazonaws.com",
                           "db.xyz.nowhere.rds.amazonaws.com",
                           "a.b.xyz.us-east-2.rds.amazonaws.com",
                           "db.cluster-.us-east-2.rds.amazonaws.com",
                           "db.cluster-ro-.us-east-2.rds.amazonaws.com",
                           "db.cluster-x-y.us-east-2.rds.amazonaws.com",
                           "db.what-xyz.us-east-2.rds.amazonaws.com",
                           "db.xyz.global.rds.amazonaws.com",
                           "db.cluster-xyz.global.rds.amazonaws.com",
                           "db.global-xyz.us-east-2.rds.amazonaws.com",
                           "db.xyz.us-east-2.rds.amazonaws.com.evil.org",
                           "db.xyz.us-east-2.rds.amazonaws.comx",
                           "db.xyz.us-east-2.rds.xamazonaws.com",
                           "db.xyz.us-east-2.ec2.amazonaws.com",
                           "ro.endpoints.proxy-xyz.us-east-2.rds.amazonaws.com",
                           "ro.endpoint.cluster-xyz.us-east-2.rds.amazonaws.com",
                           "d b.xyz.us-east-2.rds.amazonaws.com",
                           "db.xyz.us-east-2.rds.amazonaws.com..",
                           "\xC3\xA4.xyz.us-east-2.rds.amazonaws.com"}) {
    const Endpoint e = parse_endpoint(name);
    EXPECT_EQ(e.kind, EndpointKind::other) << name;
    EXPECT_FALSE(e.is_rds() || e.is_cluster()) << name;
    EXPECT_EQ(e.domain + e.instance_pattern + e.instance_id + e.cluster_name, "") << name;
  }
}

TEST(ParseEndpoint, TakesOnlyTheRegionOfLoadBalancers) {
  const Endpoint e = parse_endpoint("nlb-1.elb.us-west-2.amazonaws.com");
  EXPECT_EQ(e.kind, EndpointKind::other);
  EXPECT_EQ(e.region, "us-west-2");
  EXPECT_EQ(parse_endpoint("elb.us-west-2.amazonaws.com").region, "");
}

TEST(ParseEndpoint, ReadsLongNamesQuickly) {
  const std::string many(10000, 'a');
  std::string dots;
  for (int i = 0; i < 5000; ++i) dots += "a.";
  std::string greens;
  for (int i = 0; i < 1200; ++i) greens += "-green-";
  for (const std::string& name :
       {many, many + ".xyz.us-east-2.rds.amazonaws.com", dots, dots + "rds.amazonaws.com", greens,
        std::string(10000, ':'), std::string(10000, '.'), std::string(10000, '[')}) {
    EXPECT_EQ(parse_endpoint(name).kind, EndpointKind::other);
    EXPECT_EQ(core::without_green_infix(name), name);
  }
}

TEST(ParseEndpoint, SeesGreenAndOldBlueHosts) {
  EXPECT_TRUE(parse_endpoint("db-1-green-abc123.xyz.us-east-2.rds.amazonaws.com").is_green);
  EXPECT_TRUE(parse_endpoint("DB-GREEN-ABC123.cluster-xyz.us-east-2.rds.amazonaws.com:1").is_green);
  EXPECT_TRUE(parse_endpoint("db-green-a1b2c3").is_green);
  for (const char* name : {"db-green-abc12.xyz", "db-green-abc1234.xyz", "db-green-abc_12.xyz",
                           "green-abc123.xyz", "db-green-.xyz", "dbgreen-abc123.xyz"})
    EXPECT_FALSE(parse_endpoint(name).is_green) << name;
  EXPECT_TRUE(parse_endpoint("db-1-old1.xyz.us-east-2.rds.amazonaws.com").is_old_blue);
  EXPECT_FALSE(parse_endpoint("db-1-old12.xyz.us-east-2.rds.amazonaws.com").is_old_blue);
}

TEST(WithoutGreenInfix, DropsItFromIdsAndHosts) {
  const std::pair<const char*, const char*> names[] = {
      {"db-1-green-abc123", "db-1"},
      {"DB-GREEN-ABC123", "DB"},
      {"db-1-green-abc123.xyz.us-east-2.rds.amazonaws.com", "db-1.xyz.us-east-2.rds.amazonaws.com"},
      {"db-green-abc123-green-xyz789", "db-green-abc123"},
      {"db-green-abc1234", "db-green-abc1234"},
      {"db", "db"},
      {"", ""},
      {"-green-abc123", ""},
  };
  for (const auto& [name, expected] : names)
    EXPECT_EQ(core::without_green_infix(name), expected) << name;
}

TEST(HostPatterns, SplitHostAndPort) {
  struct Pattern {
    const char* given;
    const char* text;
    int port;
  };
  const Pattern patterns[] = {
      {"?", "?", 0},
      {"?:5433", "?", 5433},
      {"?.xyz.us-east-2.rds.amazonaws.com", "?.xyz.us-east-2.rds.amazonaws.com", 0},
      {"?.xyz.us-east-2.rds.amazonaws.com:65535", "?.xyz.us-east-2.rds.amazonaws.com", 65535},
      {"pre-?.db.example.com.:1", "pre-?.db.example.com", 1},
      {"127.0.0.?", "127.0.0.?", 0},
      {"127.0.0.?:5432", "127.0.0.?", 5432},
      {"[fd00::?]:5432", "[fd00::?]", 5432},
      {"[fd00::?]", "[fd00::?]", 0},
  };
  for (const Pattern& p : patterns) {
    const HostPattern parsed = HostPattern::parse(p.given);
    EXPECT_EQ(parsed.text, p.text) << p.given;
    EXPECT_EQ(parsed.port, p.port) << p.given;
  }
}

TEST(HostPatterns, PutTheIdInPlaceOfTheMark) {
  EXPECT_EQ(HostPattern::parse("pre-?.db.example.com").host_for("one"), "pre-one.db.example.com");
  EXPECT_EQ(HostPattern::parse("?").host_for("10.0.0.1"), "10.0.0.1");
  EXPECT_EQ((HostPattern{"nothing", 0}).host_for("one"), "nothing");
}

TEST(HostPatterns, RefuseWhatCannotNameInstances) {
  for (const char* pattern :
       {"", "db.example.com", "db.example.com:5432", "?.?.example.com", "??", "?:0", "?:65536",
        "?:x", "?:", "?:5432x", "db:?", "?.proxy-xyz.us-east-2.rds.amazonaws.com",
        "?.cluster-custom-xyz.us-east-2.rds.amazonaws.com",
        "?.cluster-xyz.us-east-2.rds.amazonaws.com",
        "?.cluster-ro-xyz.us-east-2.rds.amazonaws.com:5432",
        "?.shardgrp-xyz.us-east-2.rds.amazonaws.com", "?.global-xyz.global.rds.amazonaws.com",
        "?.endpoint.proxy-xyz.us-east-2.rds.amazonaws.com"}) {
    try {
      (void)HostPattern::parse(pattern);
      ADD_FAILURE() << "accepted: " << pattern;
    } catch (const core::Error& error) {
      EXPECT_EQ(error.state(), core::sqlstate::invalid_attribute_value);
      EXPECT_TRUE(std::string(error.what()).starts_with("cluster_instance_host_pattern: '"));
      EXPECT_NE(std::string(error.what()).find(pattern), std::string::npos);
    }
  }
  EXPECT_THROW((void)HostPattern::parse("?." + std::string(10000, 'a')), core::Error);
}

}  // namespace
