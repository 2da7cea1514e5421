// SPDX-License-Identifier: Apache-2.0
// Decoding of the two wire formats, and errors.
#include "libpq_subject/link.h"

#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <stdexcept>
#include <string_view>

namespace bench {
namespace {

std::string_view cell(const PGresult* result, int row, int column) {
  return {PQgetvalue(result, row, column),
          static_cast<std::size_t>(PQgetlength(result, row, column))};
}

template <typename Number>
Number from_text(std::string_view text) {
  Number number{};
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Link open_link(const std::string& conninfo) {
  Link link(PQconnectdb(conninfo.c_str()));
  if (PQstatus(link.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(link.get()));
  return link;
}

void require(const Link& link, const Result& result, ExecStatusType wanted) {
  if (PQresultStatus(result.get()) != wanted) throw std::runtime_error(PQerrorMessage(link.get()));
}

void run(const Link& link, const char* command) {
  require(link, Result(PQexec(link.get(), command)), PGRES_COMMAND_OK);
}

void prepare(const Link& link, const char* name, const char* query, std::span<const Oid> types) {
  const Result prepared(
      PQprepare(link.get(), name, query, static_cast<int>(types.size()), types.data()));
  require(link, prepared, PGRES_COMMAND_OK);
}

std::int32_t decode_int(const PGresult* result, int row, Format format) {
  return format == Format::binary ? from_wire<std::int32_t>(PQgetvalue(result, row, 0))
                                  : from_text<std::int32_t>(cell(result, row, 0));
}

std::uint64_t decode_narrow(const PGresult* result, int row, Format format) {
  const std::int32_t i = decode_int(result, row, format);
  const double d = format == Format::binary
                       ? std::bit_cast<double>(from_wire<std::uint64_t>(PQgetvalue(result, row, 1)))
                       : from_text<double>(cell(result, row, 1));
  const std::string_view wire = cell(result, row, 2);
  std::array<char, 64> text;
  std::memcpy(text.data(), wire.data(), wire.size() < text.size() ? wire.size() : text.size());
  return row_check(i, d, std::string_view(text.data(), wire.size()));
}

}  // namespace bench
