// SPDX-License-Identifier: Apache-2.0
// Any bytes as UTF-8 and as UTF-16: pieces equal the whole, strict and lenient agree on well-formed
// text. Comes in: libFuzzer, with the seeds of corpus/wide. The first byte chooses the size of the
// pieces.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "core/error.h"
#include "odbc/text/wide.h"

namespace {

using namespace odbc::text;

std::u16string in_pieces(std::string_view utf8, std::size_t size) {
  std::u16string together;
  std::vector<char16_t> piece(size);
  while (!utf8.empty()) {
    const Progress done = convert_prefix(utf8, std::span(piece));
    if (done.consumed == 0 || done.written > size) std::abort();
    together.append(piece.data(), done.written);
    utf8.remove_prefix(done.consumed);
  }
  return together;
}

void check_utf8(std::string_view utf8, std::size_t size) {
  const std::u16string pieces = in_pieces(utf8, size);
  if (pieces.size() != utf16_length(utf8) || valid_prefix(pieces) != pieces.size()) std::abort();
  if (valid_prefix(utf8) == utf8.size() && (to_utf16(utf8) != pieces || to_utf8(pieces) != utf8))
    std::abort();
  std::vector<SQLCHAR> narrow(size);
  to_app(utf8, narrow.data(), static_cast<SQLLEN>(size));
  std::vector<SQLWCHAR> wide(size);
  const Written written = to_app(utf8, wide.data(), static_cast<SQLLEN>(size), Unit::characters);
  if (written.length != pieces.size() || written.truncated != (pieces.size() >= size)) std::abort();
}

void check_utf16(const std::u16string& utf16) {
  try {
    if (to_utf16(to_utf8(utf16)) != utf16) std::abort();
  } catch (const core::Error& error) {
    if (error.state() != core::sqlstate::invalid_text || valid_prefix(utf16) == utf16.size())
      std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_utf8(rest, 2 + data[0] % 30U);
  std::u16string units(rest.size() / 2, u'\0');
  std::memcpy(units.data(), rest.data(), units.size() * 2);
  check_utf16(units);
  return 0;
}
