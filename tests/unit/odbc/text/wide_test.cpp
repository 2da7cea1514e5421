// SPDX-License-Identifier: Apache-2.0
// UTF-16 and UTF-8, both ways, in whole and in pieces, and ODBC's rules for string arguments.
#include "odbc/text/wide.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

#include "core/error.h"
#include "odbc/text/widen.h"

namespace {

using namespace odbc::text;
using namespace std::string_view_literals;

const SQLWCHAR* app(const std::u16string& text) {
  return reinterpret_cast<const SQLWCHAR*>(text.data());
}
const SQLCHAR* app(const std::string& text) {
  return reinterpret_cast<const SQLCHAR*>(text.data());
}

std::u16string lenient(std::string_view utf8) {
  std::u16string out(utf16_length(utf8), u'?');
  const Progress done = convert_prefix(utf8, std::span(out));
  EXPECT_EQ(done.consumed, utf8.size());
  EXPECT_EQ(done.written, out.size());
  return out;
}

template <class F>
std::string failure(F&& run) {
  try {
    run();
  } catch (const core::Error& error) {
    return std::string(error.state().view()) + " " + error.what();
  }
  return "";
}

const std::vector<std::pair<std::string, std::u16string>> pairs{
    {"", u""},
    {"a", u"a"},
    {"plain ascii longer than eight", u"plain ascii longer than eight"},
    {"\xC2\x80\xDF\xBF", u"\u0080\u07FF"},
    {"\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF", u"\u0800\uD7FF\uE000\uFFFF"},
    {"\xF0\x90\x80\x80\xF4\x8F\xBF\xBF", u"\U00010000\U0010FFFF"},
    {"12345678\xF0\x9F\x98\x80"
     "12345678",
     u"12345678\U0001F600"
     u"12345678"},
    {std::string("a\0b", 3), std::u16string(u"a\0b", 3)},
};

TEST(Wide, WidensAsciiAlikeOnEveryProcessor) {
  std::mt19937 random(3);
  std::array<unsigned char, 24> in{};
  for (int round = 0; round < 2000; ++round) {
    for (unsigned char& byte : in) byte = static_cast<unsigned char>(random() % 128);
    const bool ascii = round % 3 != 0;
    if (!ascii) in[random() % 8] |= 0x80U;
    std::array<unsigned char, 16> plain{}, fast{};
    EXPECT_EQ(widen_8_portably(in.data(), plain.data()), ascii);
    EXPECT_EQ(widen_8_ascii(in.data(), fast.data()), ascii);
    EXPECT_EQ(plain, fast);
    std::array<unsigned char, 49> out{};
    out.fill(0x55);
    const std::size_t size = random() % in.size();
    unsigned char* const odd = out.data() + 1;
    if (!widen_ascii(in.data(), size, odd)) continue;
    for (std::size_t i = 0; i < size; ++i) EXPECT_EQ(odd[2 * i] + 256 * odd[2 * i + 1], in[i]);
    EXPECT_EQ(odd[2 * size], 0x55);
  }
}

TEST(Wide, ConvertsBothWays) {
  for (const auto& [utf8, utf16] : pairs) {
    EXPECT_EQ(to_utf8(utf16), utf8);
    EXPECT_EQ(to_utf16(utf8), utf16);
    EXPECT_EQ(lenient(utf8), utf16);
    EXPECT_EQ(valid_prefix(utf8), utf8.size());
    EXPECT_EQ(valid_prefix(utf16), utf16.size());
  }
}

TEST(Wide, FindsLoneSurrogatesAndTheirOffset) {
  const std::vector<std::pair<std::u16string, std::size_t>> cases{
      {{0xD800}, 0},
      {{0xDC00}, 0},
      {{'a', 0xDBFF}, 1},
      {{'a', 0xD83D, 'b'}, 1},
      {{0xD83D, 0xDE00, 0xDE00}, 2},
      {{0xD83D, 0xD83D, 0xDE00}, 0},
  };
  for (const auto& [text, offset] : cases) {
    EXPECT_EQ(valid_prefix(text), offset);
    // clang 14 cannot capture a structured binding.
    const std::string message = failure([&given = text] { to_utf8(given); });
    EXPECT_EQ(message.substr(0, 5), "22018");
    EXPECT_NE(message.find("offset " + std::to_string(offset) + "."), std::string::npos) << message;
  }
}

struct BadUtf8 {
  std::string text;
  std::size_t valid;
  std::u16string replaced;  // one U+FFFD per maximal subpart (Unicode 15, section 3.9)
};

TEST(Wide, FindsAndReplacesIllFormedUtf8) {
  const std::vector<BadUtf8> cases{
      {"\x80", 0, u"\uFFFD"},
      {"a\xC0\xAF", 1, u"a\uFFFD\uFFFD"},
      {"\xE0\x80\xAF", 0, u"\uFFFD\uFFFD\uFFFD"},
      {"\xED\xA0\x80", 0, u"\uFFFD\uFFFD\uFFFD"},
      {"\xF4\x90\x80\x80", 0, u"\uFFFD\uFFFD\uFFFD\uFFFD"},
      {"\xF5", 0, u"\uFFFD"},
      {"\xFF", 0, u"\uFFFD"},
      {"ab\xC3", 2, u"ab\uFFFD"},
      {"\xE2\x82", 0, u"\uFFFD"},
      {"\xE2\x82x", 0, u"\uFFFDx"},
      {"\xF0\x9F\x98", 0, u"\uFFFD"},
      {"\xF0\x9F\x98\xC3\xA9", 0, u"\uFFFD\u00E9"},
      {"12345678\xE9"
       "12345678",
       8,
       u"12345678\uFFFD"
       u"12345678"},
  };
  for (const BadUtf8& c : cases) {
    EXPECT_EQ(valid_prefix(c.text), c.valid);
    EXPECT_EQ(lenient(c.text), c.replaced);
    const std::string message = failure([&] { to_utf16(c.text); });
    EXPECT_EQ(message.substr(0, 5), "22018");
    EXPECT_NE(message.find("offset " + std::to_string(c.valid) + "."), std::string::npos)
        << message;
  }
}

std::u16string random_text(std::mt19937& random) {
  std::u16string text;
  for (unsigned length = random() % 40; length > 0; --length) {
    switch (random() % 4) {
      case 0: text += static_cast<char16_t>(0x100 + random() % 0x1000); break;
      case 1:
        text += static_cast<char16_t>(0xD800 + random() % 0x400);
        text += static_cast<char16_t>(0xDC00 + random() % 0x400);
        break;
      default: text += static_cast<char16_t>(random() % 128);
    }
  }
  return text;
}

TEST(Wide, SurvivesARoundTripOfRandomTexts) {
  std::mt19937 random(7);
  for (int round = 0; round < 20000; ++round) {
    const std::u16string text = random_text(random);
    ASSERT_EQ(to_utf16(to_utf8(text)), text);
  }
}

TEST(Wide, GivesTheSameTextInPiecesOfAnySizeAndNeverHalfAPair) {
  std::mt19937 random(8);
  for (int round = 0; round < 5000; ++round) {
    const std::u16string whole = random_text(random);
    const std::string utf8 = to_utf8(whole);
    const std::size_t size = 2 + random() % 9;
    std::u16string together;
    for (std::string_view rest = utf8; !rest.empty();) {
      std::u16string piece(size, u'\0');
      const Progress done = convert_prefix(rest, std::span(piece));
      ASSERT_GT(done.consumed, 0U);
      piece.resize(done.written);
      ASSERT_EQ(valid_prefix(piece), piece.size());
      rest.remove_prefix(done.consumed);
      together += piece;
    }
    ASSERT_EQ(together, whole);
  }
}

TEST(Wide, StopsBeforeAPairThatDoesNotFit) {
  std::array<char16_t, 3> out{};
  EXPECT_EQ(convert_prefix("\xF0\x9F\x98\x80", std::span(out).first(1)).consumed, 0U);
  const Progress done = convert_prefix("ab\xF0\x9F\x98\x80", out);
  EXPECT_EQ(done.consumed, 2U);
  EXPECT_EQ(done.written, 2U);
}

TEST(Wide, ReadsNarrowArguments) {
  const std::string text("a\0b\xFF", 4);
  EXPECT_EQ(from_app(app(text), SQL_NTS), "a");
  EXPECT_EQ(from_app(app(text), 4), text);
  EXPECT_EQ(from_app(app(text), 0), "");
  EXPECT_EQ(from_app(static_cast<const SQLCHAR*>(nullptr), SQL_NTS), "");
  EXPECT_EQ(from_app(static_cast<const SQLCHAR*>(nullptr), 5), "");
  EXPECT_EQ(failure([&] { from_app(app(text), -1); }).substr(0, 5), "HY090");
  EXPECT_EQ(failure([&] { from_app(static_cast<const SQLCHAR*>(nullptr), -5); }).substr(0, 5),
            "HY090");
}

TEST(Wide, ReadsWideArguments) {
  const std::u16string text(u"\U0001F600\0b", 4);
  EXPECT_EQ(from_app(app(text), SQL_NTS), "\xF0\x9F\x98\x80");
  EXPECT_EQ(from_app(app(text), 4), "\xF0\x9F\x98\x80\0b"sv);
  EXPECT_EQ(from_app(app(text), 0), "");
  EXPECT_EQ(from_app(static_cast<const SQLWCHAR*>(nullptr), SQL_NTS), "");
  EXPECT_EQ(failure([&] { from_app(app(text), -2); }).substr(0, 5), "HY090");
  EXPECT_EQ(failure([&] { from_app(app(text), 1); }).substr(0, 5), "22018");
}

TEST(Wide, ReadsA40000CharacterArgumentThatNoSmallintCouldMeasure) {
  const std::u16string text(40000, u'x');
  EXPECT_EQ(from_app(app(text), SQL_NTS).size(), 40000U);
}

struct NarrowCase {
  std::string_view text;
  SQLLEN capacity;
  std::string_view written;  // without the NUL
  bool truncated;
};

TEST(Wide, WritesNarrowResultsBetweenCharacters) {
  const std::vector<NarrowCase> cases{
      {"abc", 4, "abc", false},
      {"abc", 3, "ab", true},
      {"abc", 1, "", true},
      {"", 1, "", false},
      {"a\xC3\xA9", 4, "a\xC3\xA9", false},
      {"a\xC3\xA9", 3, "a", true},
      {"\xF0\x9F\x98\x80", 4, "", true},
      {"\xF0\x9F\x98\x80", 5, "\xF0\x9F\x98\x80", false},
      {"\x80\x80\x80\x80\x80\x80", 6, "\x80\x80\x80\x80\x80", true},
  };
  for (const NarrowCase& c : cases) {
    std::string buffer(static_cast<std::size_t>(c.capacity) + 1, '#');
    const Written written = to_app(c.text, reinterpret_cast<SQLCHAR*>(buffer.data()), c.capacity);
    EXPECT_EQ(written.length, c.text.size());
    EXPECT_EQ(written.truncated, c.truncated) << c.text;
    EXPECT_EQ(buffer.substr(0, c.written.size() + 1), std::string(c.written) + '\0');
    EXPECT_EQ(buffer.back(), '#');
  }
}

struct WideCase {
  std::string_view text;
  SQLLEN characters;
  std::u16string_view written;
  std::size_t length;
  bool truncated;
};

TEST(Wide, WritesWideResultsInCharactersAndInBytes) {
  const std::vector<WideCase> cases{
      {"abc", 4, u"abc", 3, false},
      {"abc", 3, u"ab", 3, true},
      {"abc", 1, u"", 3, true},
      {"", 1, u"", 0, false},
      {"a\xF0\x9F\x98\x80", 3, u"a", 3, true},
      {"a\xF0\x9F\x98\x80", 4, u"a\U0001F600", 3, false},
      {"\xF0\x9F\x98\x80\xF0\x9F\x98\x80", 2, u"", 4, true},
      {"x\xFFy", 4, u"x\uFFFDy", 3, false},
  };
  for (const WideCase& c : cases) {
    for (const Unit unit : {Unit::characters, Unit::bytes}) {
      const SQLLEN scale = unit == Unit::bytes ? 2 : 1;
      std::vector<SQLWCHAR> buffer(static_cast<std::size_t>(c.characters) + 1, 0x2323);
      const Written written = to_app(c.text, buffer.data(), c.characters * scale, unit);
      EXPECT_EQ(written.length, c.length * static_cast<std::size_t>(scale));
      EXPECT_EQ(written.truncated, c.truncated) << c.text;
      for (std::size_t i = 0; i < c.written.size(); ++i) EXPECT_EQ(buffer[i], c.written[i]);
      EXPECT_EQ(buffer[c.written.size()], 0);
      EXPECT_EQ(buffer.back(), 0x2323);
    }
  }
}

TEST(Wide, AcceptsNoBufferAndNoRoom) {
  SQLCHAR narrow = '#';
  SQLWCHAR wide = '#';
  EXPECT_EQ(to_app("abc", static_cast<SQLCHAR*>(nullptr), 0).length, 3U);
  EXPECT_FALSE(to_app("abc", static_cast<SQLCHAR*>(nullptr), 10).truncated);
  EXPECT_FALSE(to_app("abc", static_cast<SQLWCHAR*>(nullptr), 0, Unit::bytes).truncated);
  EXPECT_EQ(to_app("abc", static_cast<SQLWCHAR*>(nullptr), 3, Unit::bytes).length, 6U);
  EXPECT_TRUE(to_app("", &narrow, 0).truncated);
  EXPECT_TRUE(to_app("abc", &wide, 0, Unit::characters).truncated);
  EXPECT_EQ(narrow, '#');
  EXPECT_EQ(wide, '#');
}

TEST(Wide, RefusesNegativeAndOddCapacities) {
  SQLWCHAR wide[4];
  SQLCHAR narrow[4];
  EXPECT_EQ(failure([&] { to_app("a", narrow, -1); }).substr(0, 5), "HY090");
  EXPECT_EQ(failure([&] { to_app("a", wide, -2, Unit::characters); }).substr(0, 5), "HY090");
  EXPECT_EQ(failure([&] { to_app("a", wide, 5, Unit::bytes); }).substr(0, 5), "HY090");
  EXPECT_EQ(failure([&] { to_app("a", wide, 3, Unit::characters); }), "");
}

TEST(Wide, WritesToAnOddAddress) {
  alignas(2) std::array<unsigned char, 32> bytes{};
  auto* const odd = reinterpret_cast<SQLWCHAR*>(bytes.data() + 1);
  EXPECT_EQ(to_app("0123456789", odd, 11, Unit::characters).length, 10U);
  EXPECT_EQ(bytes[1], '0');
  EXPECT_EQ(bytes[19], '9');
  EXPECT_EQ(from_app(const_cast<const SQLWCHAR*>(odd), SQL_NTS), "0123456789");
}

TEST(Wide, StoresLengthsWithoutWrapping) {
  SQLSMALLINT small = 0;
  SQLINTEGER large = 0;
  store_length(40000, &small);
  store_length(40000, &large);
  store_length(1, static_cast<SQLINTEGER*>(nullptr));
  EXPECT_EQ(small, 32767);
  EXPECT_EQ(large, 40000);
}

}  // namespace
