// SPDX-License-Identifier: Apache-2.0
// libpq's messages of failed connects, as libpq 15 writes them.
#include "core/client/pg_errors.h"

#include <gtest/gtest.h>

namespace {

using namespace core;

const HostPort target{"db.example", 5432};

TEST(PgErrors, AWrongPasswordKeepsTheServersStateAndLosesItsSource) {
  const Error error =
      connect_error(target,
                    "connection to server at \"db.example\" (10.0.0.1), port 5432 failed: FATAL:  "
                    "28P01: password "
                    "authentication failed for user \"app\"\nLOCATION:  auth_failed, auth.c:335\n");
  EXPECT_EQ(error.state(), sqlstate::login_failed);
  EXPECT_EQ(error.main().native, native_of("28P01"));
  EXPECT_STREQ(error.what(),
               "cannot connect to db.example:5432: password authentication failed for user \"app\" "
               "[28P01]");
}

TEST(PgErrors, TheSeverityMayBeTranslated) {
  const ConnectFailure failure = parse_connect_error(
      "connection to server at \"db.example\" (10.0.0.1), port 5432 failed: SCHWERWIEGEND:  3D000: "
      "Datenbank \"x\" existiert nicht\nORT:  InitPostgres, postinit.c:885\n");
  EXPECT_EQ(failure.server_state, "3D000");
}

TEST(PgErrors, TheSameFailureWithAndWithoutTlsIsToldOnce) {
  const ConnectFailure failure = parse_connect_error(
      "connection to server at \"h\" (::1), port 5432 failed: FATAL:  53300: too many "
      "connections\nLOCATION:  a, b.c:1\nconnection to server at \"h\" (::1), port 5432 failed: "
      "FATAL:  53300: too many connections\nLOCATION:  a, b.c:1\n");
  EXPECT_EQ(failure.text, "too many connections");
  EXPECT_EQ(failure.server_state, "53300");
}

TEST(PgErrors, DifferentReasonsNameTheirAddresses) {
  const ConnectFailure failure = parse_connect_error(
      "connection to server at \"h\" (10.0.0.1), port 5432 failed: Connection refused\n\tIs the "
      "server running on that host and accepting TCP/IP connections?\nconnection to server at "
      "\"h\" "
      "(10.0.0.2), port 5432 failed: No route to host\n\tIs the server running on that host and "
      "accepting TCP/IP connections?\n");
  EXPECT_EQ(failure.server_state, "");
  EXPECT_EQ(
      failure.text,
      "at \"h\" (10.0.0.1), port 5432: Connection refused; at \"h\" (10.0.0.2), port 5432: No "
      "route to host");
}

TEST(PgErrors, RefusedEverywhereIsOneReason) {
  const Error error = connect_error(
      target,
      "connection to server at \"h\" (10.0.0.1), port 5432 failed: Connection refused\n\tIs the "
      "server running on that host and accepting TCP/IP connections?\nconnection to server at "
      "\"h\" "
      "(10.0.0.2), port 5432 failed: Connection refused\n\tIs the server running on that host and "
      "accepting TCP/IP connections?\n");
  EXPECT_EQ(error.state(), sqlstate::cannot_connect);
  EXPECT_EQ(error.main().native, native_code::connect_failed);
  EXPECT_STREQ(
      error.what(),
      "cannot connect to db.example:5432: Connection refused. Is the server running there, "
      "and is the port right?");
}

TEST(PgErrors, AnAttemptThatAnsweredDecidesTheState) {
  const Error error = connect_error(
      target,
      "connection to server at \"h\" (10.0.0.1), port 5432 failed: FATAL:  57P03: the database "
      "system is starting up\nconnection to server at \"h\" (10.0.0.2), port 5432 failed: "
      "Connection "
      "refused\n");
  EXPECT_EQ(error.state(), sqlstate::server_rejected);
}

TEST(PgErrors, WordsThatOnlyLookLikeAStateAreNone) {
  EXPECT_EQ(parse_connect_error("could not translate: OTHER: no").server_state, "");
  EXPECT_EQ(parse_connect_error("").text, "");
}

TEST(PgErrors, StatesBecomeThoseOfOdbc) {
  EXPECT_EQ(odbc_state("23505"), Sqlstate("23000"));
  EXPECT_EQ(odbc_state("42P01"), Sqlstate("42S02"));
  EXPECT_EQ(odbc_state("42703"), Sqlstate("42S22"));
  EXPECT_EQ(odbc_state("42P07"), Sqlstate("42S01"));
  EXPECT_EQ(odbc_state("42701"), Sqlstate("42S21"));
  EXPECT_EQ(odbc_state("25006"), Sqlstate("25006"));
  EXPECT_EQ(odbc_state(""), sqlstate::general);
}

TEST(PgErrors, NativeCodesAreTheStateInBase36) {
  EXPECT_EQ(native_of("00000"), 0);
  EXPECT_EQ(native_of("00010"), 36);
  EXPECT_EQ(native_of("42P01"), 4 * 1679616 + 2 * 46656 + 25 * 1296 + 1);
}

TEST(PgErrors, TextsComeOnOneLine) { EXPECT_EQ(one_line("  a\n\tb  c\n"), "a b c"); }

}  // namespace
