// SPDX-License-Identifier: Apache-2.0
// Any bytes of any C type as a parameter of any SQL type, encoded for any type the server may
// describe; and data-at-execution in pieces of any size. Comes in: libFuzzer, with the seeds of
// corpus/parameter. The first bytes choose the types and the size of the pieces.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/client/pg_parameters.h"
#include "core/client/pg_types.h"
#include "core/error.h"
#include "odbc/convert/parameter_matrix.h"
#include "odbc/cursor/data_at_execution.h"
#include "odbc/tables/type_table.h"

namespace {

using namespace odbc::convert;

void require(bool holds) {
  if (!holds) std::abort();
}

// The n-th code that ODBC knows.
template <class Known>
SQLSMALLINT pick(std::uint8_t n, Known known) {
  static const std::vector<SQLSMALLINT> codes = [&] {
    std::vector<SQLSMALLINT> all;
    for (SQLSMALLINT code = -200; code <= 200; ++code)
      if (known(code)) all.push_back(code);
    return all;
  }();
  return codes[n % codes.size()];
}

void check_encoded(const core::Parameter& parameter, std::uint32_t described) {
  core::PgParameters encoded;
  try {
    encoded.encode({&parameter, 1}, {&described, 1});
  } catch (const core::Error& error) {
    require(error.state() == core::Sqlstate("22021"));
    return;
  }
  require(encoded.count() == 1 && encoded.values()[0] != nullptr);
  volatile std::size_t seen = 0;  // every byte that libpq reads can be read
  if (encoded.formats()[0] == 0) {
    seen = std::strlen(encoded.values()[0]);
  } else {
    for (int i = 0; i < encoded.lengths()[0]; ++i)
      seen = seen + static_cast<unsigned char>(encoded.values()[0][i]);
  }
}

std::string in_pieces(std::string_view bytes, Target c_type, std::size_t piece) {
  odbc::cursor::DataAtExecution parameter(0, c_type, SQL_DATA_AT_EXEC);
  try {
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      std::string part(bytes.substr(at, piece));
      parameter.put(part.data(), static_cast<SQLLEN>(part.size()));
    }
    parameter.finish();
  } catch (const core::Error& error) { return std::string(error.state().view()); }
  require(parameter.bytes().data()[parameter.bytes().size()] == '\0');
  return "=" + std::string(parameter.bytes());
}

void check_pieces(std::string_view bytes, std::size_t piece) {
  for (const Target c_type : {Target::char_, Target::binary})
    if (!bytes.empty()) require(in_pieces(bytes, c_type, piece) == "=" + std::string(bytes));
  const std::string whole = in_pieces(bytes, Target::wchar, bytes.size() + 1);
  const std::string pieces = in_pieces(bytes, Target::wchar, piece);
  require(whole == pieces || (whole.front() != '=' && pieces.front() != '='));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4) return 0;
  ParameterTraits traits;
  traits.c_type = pick(data[0], [](SQLSMALLINT c) { return target_of(c) < Target::count_; });
  traits.sql_type =
      pick(data[1], [](SQLSMALLINT c) { return odbc::tables::logical_type(c).has_value(); });
  const auto types = core::all_pg_types();
  const std::uint32_t described = data[2] == 0 ? 0 : types[data[2] % types.size()].oid;
  const Target target = target_of(traits.c_type);
  std::vector<char> bytes(data + 4, data + size);
  check_pieces({bytes.data(), bytes.size()}, 1 + data[3] % 40U);
  if (const std::size_t fixed = fixed_size(target); fixed != 0) bytes.resize(fixed);
  const bool terminated = target == Target::char_ && (data[3] & 128U) != 0;
  const std::size_t length = bytes.size();
  if (terminated) bytes.push_back('\0');
  Arena arena;
  core::Parameter parameter;
  parameter.declared = *odbc::tables::logical_type(traits.sql_type);
  const ParameterPlan plan = plan_parameter(target, parameter.declared, traits);
  const Outcome outcome = plan.read({bytes.data(), length}, arena, parameter.value, terminated);
  if (delivers(outcome)) check_encoded(parameter, described);
  return 0;
}
