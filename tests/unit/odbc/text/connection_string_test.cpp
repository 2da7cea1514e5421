// SPDX-License-Identifier: Apache-2.0
// The grammar of connection strings, by table, by property, and with the passwords that broke other
// drivers.
#include "odbc/text/connection_string.h"

#include <gtest/gtest.h>

#include <random>

#include "core/error.h"

namespace {

using odbc::text::Attribute;
using odbc::text::effective;
using odbc::text::format;
using odbc::text::parse;
using odbc::text::quote_value;
using Attributes = std::vector<Attribute>;

struct ParseCase {
  std::string_view text;
  Attributes expected;
};

TEST(ConnectionString, FollowsTheGrammar) {
  const std::vector<ParseCase> cases{
      {"", {}},
      {" ; ;\r\n;", {}},
      {"DSN=a", {{"DSN", "a"}}},
      {"DSN=a;", {{"DSN", "a"}}},
      {"  DSN =  a b  ; UID= u ;", {{"DSN", "a b"}, {"UID", "u"}}},
      {"PWD=;UID=u", {{"PWD", ""}, {"UID", "u"}}},
      {"PWD={};UID=u", {{"PWD", ""}, {"UID", "u"}}},
      {"PWD=", {{"PWD", ""}}},
      {"DRIVER={My Driver 1};SERVER=h", {{"DRIVER", "My Driver 1"}, {"SERVER", "h"}}},
      {"PWD={a;b=c}", {{"PWD", "a;b=c"}}},
      {"PWD={a}}b}", {{"PWD", "a}b"}}},
      {"PWD={}}}", {{"PWD", "}"}}},
      {"PWD={}}}};}", {{"PWD", "}};"}}},
      {"PWD= { x } ;A=1", {{"PWD", " x "}, {"A", "1"}}},
      {"PWD=a{b}c", {{"PWD", "a{b}c"}}},
      {"PWD=a=b==", {{"PWD", "a=b=="}}},
      {"PWD=%41%3B+x", {{"PWD", "%41%3B+x"}}},
      {"PWD={{}", {{"PWD", "{"}}},
      {"pwd=\xF0\x9F\x98\x80", {{"pwd", "\xF0\x9F\x98\x80"}}},
      {"A=1;a=2;A=3", {{"A", "1"}, {"a", "2"}, {"A", "3"}}},
  };
  for (const ParseCase& c : cases) EXPECT_EQ(parse(c.text), c.expected) << c.text;
}

TEST(ConnectionString, KeepsNulsInsideValues) {
  const std::string text("PWD=a\0b;X={\0}", 13);
  EXPECT_EQ(parse(text),
            (Attributes{{"PWD", std::string("a\0b", 3)}, {"X", std::string("\0", 1)}}));
}

std::string message_of(std::string_view text) {
  try {
    parse(text);
  } catch (const core::Error& error) {
    EXPECT_EQ(error.state(), core::sqlstate::general);
    return error.what();
  }
  return "no error";
}

TEST(ConnectionString, NamesThePositionOfDamageAndNeverTheValue) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases{
      {"PWD={secret", "position 5"},
      {"PWD={secret}}", "position 5"},
      {"PWD={secret}secret", "position 13"},
      {"PWD=se;secret;", "position 8"},
      {"=secret", "position 1"},
      {"\xC3\xA9=1; =secret", "position 6"},
      {"secret", "position 1"},
      {"PWD={secret} {secret}", "position 14"},
  };
  for (const auto& [text, position] : cases) {
    const std::string message = message_of(text);
    EXPECT_NE(message.find(position), std::string::npos) << text << ": " << message;
    EXPECT_EQ(message.find("secret"), std::string::npos) << message;
    EXPECT_EQ(message.find('('), std::string::npos) << message;
  }
}

TEST(ConnectionString, LetsTheFirstOfDoubledAndExclusiveKeywordsWin) {
  const std::vector<ParseCase> cases{
      {"UID=a;uid=b", {{"UID", "a"}}},
      {"DSN=d;DRIVER={x};UID=u", {{"DSN", "d"}, {"UID", "u"}}},
      {"driver={x};dsn=d;UID=u", {{"driver", "x"}, {"UID", "u"}}},
      {"FILEDSN=f;DSN=d", {{"FILEDSN", "f"}}},
      {"DSN=d;FILEDSN=f", {{"DSN", "d"}}},
      {"FILEDSN=f;DRIVER=x", {{"FILEDSN", "f"}, {"DRIVER", "x"}}},
      {"DSN=d;DRIVER=x;FILEDSN=f", {{"DSN", "d"}}},
  };
  for (const ParseCase& c : cases) EXPECT_EQ(effective(parse(c.text)), c.expected) << c.text;
}

TEST(ConnectionString, FindsKeywordsWithoutRegardToCase) {
  const Attributes attributes = parse("Server=a;PORT=1;server=b");
  ASSERT_NE(find(attributes, "SERVER"), nullptr);
  EXPECT_EQ(find(attributes, "SERVER")->value, "a");
  EXPECT_EQ(find(attributes, "SERVERS"), nullptr);
}

TEST(ConnectionString, QuotesOnlyWhatNeedsBraces) {
  EXPECT_EQ(quote_value(""), "");
  EXPECT_EQ(quote_value("plain value%+"), "plain value%+");
  EXPECT_EQ(quote_value(" x"), "{ x}");
  EXPECT_EQ(quote_value("x\t"), "{x\t}");
  EXPECT_EQ(quote_value("}"), "{}}}");
  for (const char c : std::string_view("[]{}(),;?*=!@")) {
    EXPECT_EQ(quote_value(std::string("a") + c).front(), '{') << c;
  }
}

TEST(ConnectionString, CarriesAPasswordOf32000SpecialCharacters) {
  std::string password;
  while (password.size() < 32000) password += "}{;=%+@!*?(),[] \\\"'\xF0\x9F\x98\x80";
  const Attributes attributes = parse("UID=u;PWD=" + quote_value(password) + ";SERVER=h");
  EXPECT_EQ(attributes, (Attributes{{"UID", "u"}, {"PWD", password}, {"SERVER", "h"}}));
}

TEST(ConnectionString, SurvivesARoundTripOfRandomValues) {
  std::mt19937 random(20240607);
  constexpr std::string_view alphabet("{};= a\t%\0\n@", 12);
  for (int round = 0; round < 20000; ++round) {
    Attributes attributes;
    for (unsigned count = random() % 4; count > 0; --count) {
      std::string value;
      for (unsigned length = random() % 12; length > 0; --length)
        value += alphabet[random() % alphabet.size()];
      attributes.push_back({"K" + std::to_string(count), value});
    }
    ASSERT_EQ(parse(format(attributes)), attributes) << format(attributes);
  }
}

TEST(ConnectionString, SurvivesARoundTripOfRandomTexts) {
  std::mt19937 random(42);
  constexpr std::string_view alphabet = "{};=Ab ";
  int accepted = 0;
  for (int round = 0; round < 50000; ++round) {
    std::string text;
    for (unsigned length = random() % 16; length > 0; --length)
      text += alphabet[random() % alphabet.size()];
    try {
      const Attributes attributes = parse(text);
      ASSERT_EQ(parse(format(attributes)), attributes) << text;
      ++accepted;
    } catch (const core::Error&) {}
  }
  EXPECT_GT(accepted, 1000);
}

}  // namespace
