// SPDX-License-Identifier: Apache-2.0
// A hand-written scanner with one position; every byte is looked at once, values are copied once.
// Comes in: text from the application or the driver manager. Goes next: connection_string.h says
// the rules.
#include "odbc/text/connection_string.h"

#include <algorithm>
#include <cstddef>

#include "core/ascii.h"
#include "core/error.h"

namespace odbc::text {
namespace {

// Line ends count as blanks: connection strings come from Python's triple quotes and from
// configuration files.
constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view special = "[]{}(),;?*=!@";

bool is_blank(char c) { return blanks.find(c) != std::string_view::npos; }

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::vector<Attribute> run() {
    std::vector<Attribute> attributes;
    while (skip_to_attribute()) {
      std::string keyword = read_keyword();
      attributes.push_back({std::move(keyword), read_value()});
    }
    return attributes;
  }

 private:
  [[noreturn]] void fail(std::size_t at, const char* problem) const {
    // Characters, not bytes: this is what an editor shows.
    const auto is_first_byte = [](char c) {
      return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    };
    const auto before = std::count_if(
        text_.begin(), text_.begin() + static_cast<std::ptrdiff_t>(at), is_first_byte);
    throw core::Error(core::sqlstate::general, "Connection string",
                      "The connection string is malformed at position " +
                          std::to_string(before + 1) + ": " + problem,
                      core::Reached::not_sent);
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  bool skip_to_attribute() {
    while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == ';')) ++at_;
    return at_ < text_.size();
  }

  std::string read_keyword() {
    const std::size_t begin = at_;
    const std::size_t end = text_.find_first_of("=;", begin);
    if (end == std::string_view::npos || text_[end] == ';') {
      fail(begin,
           "an attribute without '='. If it belongs to a value with a semicolon, write that value "
           "in braces.");
    }
    const std::string_view keyword = trimmed(text_.substr(begin, end - begin));
    if (keyword.empty()) fail(begin, "a value without a keyword before '='.");
    at_ = end + 1;
    return std::string(keyword);
  }

  std::string read_value() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '{') return read_braced();
    const std::size_t end = std::min(text_.find(';', at_), text_.size());
    const std::string_view value = trimmed(text_.substr(at_, end - at_));
    at_ = end;
    return std::string(value);
  }

  std::string read_braced() {
    const std::size_t open = at_;
    std::string value;
    for (++at_;;) {
      const std::size_t close = text_.find('}', at_);
      if (close == std::string_view::npos) {
        fail(open,
             "the brace opened here is never closed. Close it with '}' and double every '}' inside "
             "the value.");
      }
      value.append(text_, at_, close - at_);
      at_ = close + 1;
      if (at_ == text_.size() || text_[at_] != '}') break;
      value += '}';
      ++at_;
    }
    skip_blanks();
    if (at_ < text_.size() && text_[at_] != ';') {
      fail(at_,
           "text after a closing brace. Put ';' there, or double the '}' if it belongs to the "
           "value.");
    }
    return value;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool is_shadowed(const std::vector<Attribute>& kept, std::string_view keyword) {
  if (find(kept, keyword) != nullptr) return true;
  if (same_keyword(keyword, "DSN"))
    return find(kept, "DRIVER") != nullptr || find(kept, "FILEDSN") != nullptr;
  // FILEDSN and DRIVER live together: the driver given overrules the one in the file.
  return (same_keyword(keyword, "DRIVER") || same_keyword(keyword, "FILEDSN")) &&
         find(kept, "DSN") != nullptr;
}

}  // namespace

std::vector<Attribute> parse(std::string_view text) { return Scanner(text).run(); }

std::vector<Attribute> effective(const std::vector<Attribute>& attributes) {
  std::vector<Attribute> kept;
  for (const Attribute& attribute : attributes) {
    if (!is_shadowed(kept, attribute.keyword)) kept.push_back(attribute);
  }
  return kept;
}

const Attribute* find(const std::vector<Attribute>& attributes, std::string_view keyword) noexcept {
  const auto found = std::find_if(
      attributes.begin(), attributes.end(),
      [keyword](const Attribute& attribute) { return same_keyword(attribute.keyword, keyword); });
  return found == attributes.end() ? nullptr : &*found;
}

bool same_keyword(std::string_view left, std::string_view right) noexcept {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](char a, char b) { return core::lower(a) == core::lower(b); });
}

std::string quote_value(std::string_view value) {
  const bool blank_ends = !value.empty() && (is_blank(value.front()) || is_blank(value.back()));
  if (!blank_ends && value.find_first_of(special) == std::string_view::npos)
    return std::string(value);
  std::string quoted = "{";
  for (const char c : value) {
    quoted += c;
    if (c == '}') quoted += '}';
  }
  return quoted += '}';
}

std::string format(const std::vector<Attribute>& attributes) {
  std::string text;
  for (const Attribute& attribute : attributes) {
    text.append(attribute.keyword).append("=").append(quote_value(attribute.value)).append(";");
  }
  return text;
}

}  // namespace odbc::text
