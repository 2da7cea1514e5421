// SPDX-License-Identifier: Apache-2.0
// The rows of the fetch matrix (ODBC reference, appendix D, "Converting Data from SQL to C Data
// Types"). Comes in: fetch_matrix.h. Goes next: the *_cells.h files.
#include "odbc/convert/fetch_matrix.h"

#include <array>

#include "odbc/convert/datetime_cells.h"
#include "odbc/convert/interval_cells.h"
#include "odbc/convert/number_cells.h"
#include "odbc/convert/text_cells.h"

namespace odbc::convert {
namespace {

using Kind = core::ValueKind;
using namespace cells;

struct Row {
  Kind from;
  Target to;
  Cell cell;
};

constexpr Row rows[] = {
    {Kind::boolean, Target::char_, to_char<render_boolean>},
    {Kind::boolean, Target::wchar, to_wchar<render_boolean>},
    {Kind::boolean, Target::binary, integer_to_binary},
    {Kind::boolean, Target::bit, whole_to_bit<whole_of_integer>},
    {Kind::boolean, Target::stinyint, integer_to<SQLSCHAR>},
    {Kind::boolean, Target::utinyint, integer_to<SQLCHAR>},
    {Kind::boolean, Target::sshort, integer_to<SQLSMALLINT>},
    {Kind::boolean, Target::ushort, integer_to<SQLUSMALLINT>},
    {Kind::boolean, Target::slong, integer_to<SQLINTEGER>},
    {Kind::boolean, Target::ulong, integer_to<SQLUINTEGER>},
    {Kind::boolean, Target::sbigint, integer_to<SQLBIGINT>},
    {Kind::boolean, Target::ubigint, integer_to<SQLUBIGINT>},
    {Kind::boolean, Target::float_, real_to<real_of_integer, SQLREAL>},
    {Kind::boolean, Target::double_, real_to<real_of_integer, SQLDOUBLE>},
    {Kind::boolean, Target::numeric, number_to_numeric<number_of_integer>},

    {Kind::integer, Target::char_, to_char<render_integer>},
    {Kind::integer, Target::wchar, to_wchar<render_integer>},
    {Kind::integer, Target::binary, integer_to_binary},
    {Kind::integer, Target::bit, whole_to_bit<whole_of_integer>},
    {Kind::integer, Target::stinyint, integer_to<SQLSCHAR>},
    {Kind::integer, Target::utinyint, integer_to<SQLCHAR>},
    {Kind::integer, Target::sshort, integer_to<SQLSMALLINT>},
    {Kind::integer, Target::ushort, integer_to<SQLUSMALLINT>},
    {Kind::integer, Target::slong, integer_to<SQLINTEGER>},
    {Kind::integer, Target::ulong, integer_to<SQLUINTEGER>},
    {Kind::integer, Target::sbigint, integer_to<SQLBIGINT>},
    {Kind::integer, Target::ubigint, integer_to<SQLUBIGINT>},
    {Kind::integer, Target::float_, real_to<real_of_integer, SQLREAL>},
    {Kind::integer, Target::double_, real_to<real_of_integer, SQLDOUBLE>},
    {Kind::integer, Target::numeric, number_to_numeric<number_of_integer>},
    {Kind::integer, Target::interval, number_to_interval<number_of_integer>},

    {Kind::unsigned_, Target::char_, to_char<render_unsigned>},
    {Kind::unsigned_, Target::wchar, to_wchar<render_unsigned>},
    {Kind::unsigned_, Target::binary, unsigned_to_binary},
    {Kind::unsigned_, Target::bit, whole_to_bit<whole_of_unsigned>},
    {Kind::unsigned_, Target::stinyint, whole_to<whole_of_unsigned, SQLSCHAR>},
    {Kind::unsigned_, Target::utinyint, whole_to<whole_of_unsigned, SQLCHAR>},
    {Kind::unsigned_, Target::sshort, whole_to<whole_of_unsigned, SQLSMALLINT>},
    {Kind::unsigned_, Target::ushort, whole_to<whole_of_unsigned, SQLUSMALLINT>},
    {Kind::unsigned_, Target::slong, whole_to<whole_of_unsigned, SQLINTEGER>},
    {Kind::unsigned_, Target::ulong, whole_to<whole_of_unsigned, SQLUINTEGER>},
    {Kind::unsigned_, Target::sbigint, whole_to<whole_of_unsigned, SQLBIGINT>},
    {Kind::unsigned_, Target::ubigint, whole_to<whole_of_unsigned, SQLUBIGINT>},
    {Kind::unsigned_, Target::float_, real_to<real_of_unsigned, SQLREAL>},
    {Kind::unsigned_, Target::double_, real_to<real_of_unsigned, SQLDOUBLE>},
    {Kind::unsigned_, Target::numeric, number_to_numeric<number_of_unsigned>},
    {Kind::unsigned_, Target::interval, number_to_interval<number_of_unsigned>},

    {Kind::real, Target::char_, to_char<render_real>},
    {Kind::real, Target::wchar, to_wchar<render_real>},
    {Kind::real, Target::binary, real_to_binary},
    {Kind::real, Target::bit, whole_to_bit<whole_of_real>},
    {Kind::real, Target::stinyint, whole_to<whole_of_real, SQLSCHAR>},
    {Kind::real, Target::utinyint, whole_to<whole_of_real, SQLCHAR>},
    {Kind::real, Target::sshort, whole_to<whole_of_real, SQLSMALLINT>},
    {Kind::real, Target::ushort, whole_to<whole_of_real, SQLUSMALLINT>},
    {Kind::real, Target::slong, whole_to<whole_of_real, SQLINTEGER>},
    {Kind::real, Target::ulong, whole_to<whole_of_real, SQLUINTEGER>},
    {Kind::real, Target::sbigint, whole_to<whole_of_real, SQLBIGINT>},
    {Kind::real, Target::ubigint, whole_to<whole_of_real, SQLUBIGINT>},
    {Kind::real, Target::float_, real_to<real_of_real, SQLREAL>},
    {Kind::real, Target::double_, real_to<real_of_real, SQLDOUBLE>},
    {Kind::real, Target::numeric, number_to_numeric<number_of_real>},

    {Kind::decimal, Target::char_, to_char<render_decimal>},
    {Kind::decimal, Target::wchar, to_wchar<render_decimal>},
    {Kind::decimal, Target::binary, view_to_binary},
    {Kind::decimal, Target::bit, whole_to_bit<whole_by_number<number_of_decimal>>},
    {Kind::decimal, Target::stinyint, whole_to<whole_by_number<number_of_decimal>, SQLSCHAR>},
    {Kind::decimal, Target::utinyint, whole_to<whole_by_number<number_of_decimal>, SQLCHAR>},
    {Kind::decimal, Target::sshort, whole_to<whole_by_number<number_of_decimal>, SQLSMALLINT>},
    {Kind::decimal, Target::ushort, whole_to<whole_by_number<number_of_decimal>, SQLUSMALLINT>},
    {Kind::decimal, Target::slong, whole_to<whole_by_number<number_of_decimal>, SQLINTEGER>},
    {Kind::decimal, Target::ulong, whole_to<whole_by_number<number_of_decimal>, SQLUINTEGER>},
    {Kind::decimal, Target::sbigint, whole_to<whole_by_number<number_of_decimal>, SQLBIGINT>},
    {Kind::decimal, Target::ubigint, whole_to<whole_by_number<number_of_decimal>, SQLUBIGINT>},
    {Kind::decimal, Target::float_, real_to<real_of_decimal, SQLREAL>},
    {Kind::decimal, Target::double_, real_to<real_of_decimal, SQLDOUBLE>},
    {Kind::decimal, Target::numeric, number_to_numeric<number_of_decimal>},
    {Kind::decimal, Target::interval, number_to_interval<number_of_decimal>},

    {Kind::packed, Target::char_, packed_to_char},
    {Kind::packed, Target::wchar, packed_to_wchar},
    {Kind::packed, Target::binary, packed_to_binary},
    {Kind::packed, Target::bit, whole_to_bit<whole_by_number<number_of_packed>>},
    {Kind::packed, Target::stinyint, whole_to<whole_by_number<number_of_packed>, SQLSCHAR>},
    {Kind::packed, Target::utinyint, whole_to<whole_by_number<number_of_packed>, SQLCHAR>},
    {Kind::packed, Target::sshort, whole_to<whole_by_number<number_of_packed>, SQLSMALLINT>},
    {Kind::packed, Target::ushort, whole_to<whole_by_number<number_of_packed>, SQLUSMALLINT>},
    {Kind::packed, Target::slong, whole_to<whole_by_number<number_of_packed>, SQLINTEGER>},
    {Kind::packed, Target::ulong, whole_to<whole_by_number<number_of_packed>, SQLUINTEGER>},
    {Kind::packed, Target::sbigint, whole_to<whole_by_number<number_of_packed>, SQLBIGINT>},
    {Kind::packed, Target::ubigint, whole_to<whole_by_number<number_of_packed>, SQLUBIGINT>},
    {Kind::packed, Target::float_, real_to<real_of_packed, SQLREAL>},
    {Kind::packed, Target::double_, real_to<real_of_packed, SQLDOUBLE>},
    {Kind::packed, Target::numeric, number_to_numeric<number_of_packed>},
    {Kind::packed, Target::interval, number_to_interval<number_of_packed>},

    {Kind::text, Target::char_, text_to_char},
    {Kind::text, Target::wchar, text_to_wchar},
    {Kind::text, Target::binary, view_to_binary},
    {Kind::text, Target::bit, whole_to_bit<whole_by_number<number_of_text>>},
    {Kind::text, Target::stinyint, whole_to<whole_by_number<number_of_text>, SQLSCHAR>},
    {Kind::text, Target::utinyint, whole_to<whole_by_number<number_of_text>, SQLCHAR>},
    {Kind::text, Target::sshort, whole_to<whole_by_number<number_of_text>, SQLSMALLINT>},
    {Kind::text, Target::ushort, whole_to<whole_by_number<number_of_text>, SQLUSMALLINT>},
    {Kind::text, Target::slong, whole_to<whole_by_number<number_of_text>, SQLINTEGER>},
    {Kind::text, Target::ulong, whole_to<whole_by_number<number_of_text>, SQLUINTEGER>},
    {Kind::text, Target::sbigint, whole_to<whole_by_number<number_of_text>, SQLBIGINT>},
    {Kind::text, Target::ubigint, whole_to<whole_by_number<number_of_text>, SQLUBIGINT>},
    {Kind::text, Target::float_, real_to<real_of_text, SQLREAL>},
    {Kind::text, Target::double_, real_to<real_of_text, SQLDOUBLE>},
    {Kind::text, Target::numeric, number_to_numeric<number_of_text>},
    {Kind::text, Target::date, text_to_date},
    {Kind::text, Target::time, text_to_time},
    {Kind::text, Target::timestamp, text_to_timestamp},
    {Kind::text, Target::guid, text_to_guid},
    {Kind::text, Target::interval, text_to_interval},

    {Kind::bytes, Target::char_, bytes_to_char},
    {Kind::bytes, Target::wchar, bytes_to_wchar},
    {Kind::bytes, Target::binary, view_to_binary},

    {Kind::date, Target::char_, to_char<render_date>},
    {Kind::date, Target::wchar, to_wchar<render_date>},
    {Kind::date, Target::binary, datetime_to_binary<SQL_DATE_STRUCT>},
    {Kind::date, Target::date, datetime_to<SQL_DATE_STRUCT>},
    {Kind::date, Target::timestamp, datetime_to<SQL_TIMESTAMP_STRUCT>},

    {Kind::time, Target::char_, to_char<render_time>},
    {Kind::time, Target::wchar, to_wchar<render_time>},
    {Kind::time, Target::binary, datetime_to_binary<SQL_TIME_STRUCT>},
    {Kind::time, Target::time, datetime_to<SQL_TIME_STRUCT>},
    {Kind::time, Target::timestamp, time_to_timestamp},

    {Kind::timestamp, Target::char_, to_char<render_timestamp>},
    {Kind::timestamp, Target::wchar, to_wchar<render_timestamp>},
    {Kind::timestamp, Target::binary, datetime_to_binary<SQL_TIMESTAMP_STRUCT>},
    {Kind::timestamp, Target::date, datetime_to<SQL_DATE_STRUCT>},
    {Kind::timestamp, Target::time, datetime_to<SQL_TIME_STRUCT>},
    {Kind::timestamp, Target::timestamp, datetime_to<SQL_TIMESTAMP_STRUCT>},

    {Kind::interval, Target::char_, to_char<render_interval>},
    {Kind::interval, Target::wchar, to_wchar<render_interval>},
    {Kind::interval, Target::binary, interval_to_binary},
    {Kind::interval, Target::stinyint, interval_to_whole<SQLSCHAR>},
    {Kind::interval, Target::utinyint, interval_to_whole<SQLCHAR>},
    {Kind::interval, Target::sshort, interval_to_whole<SQLSMALLINT>},
    {Kind::interval, Target::ushort, interval_to_whole<SQLUSMALLINT>},
    {Kind::interval, Target::slong, interval_to_whole<SQLINTEGER>},
    {Kind::interval, Target::ulong, interval_to_whole<SQLUINTEGER>},
    {Kind::interval, Target::sbigint, interval_to_whole<SQLBIGINT>},
    {Kind::interval, Target::ubigint, interval_to_whole<SQLUBIGINT>},
    {Kind::interval, Target::numeric, interval_to_numeric},
    {Kind::interval, Target::interval, interval_to_interval},

    {Kind::guid, Target::char_, to_char<render_guid>},
    {Kind::guid, Target::wchar, to_wchar<render_guid>},
    {Kind::guid, Target::binary, view_to_binary},
    {Kind::guid, Target::guid, guid_to_guid},
};

constexpr auto kind_count = static_cast<std::size_t>(Kind::count_);
constexpr auto target_count = static_cast<std::size_t>(Target::count_);

constexpr auto matrix = [] {
  std::array<std::array<Cell, target_count>, kind_count> cells{};
  for (const Row& row : rows) {
    Cell& cell = cells[static_cast<std::size_t>(row.from)][static_cast<std::size_t>(row.to)];
    if (cell != nullptr) throw "conversion named twice";
    cell = row.cell;
  }
  return cells;
}();

}  // namespace

Cell fetch_cell(Kind from, Target to) noexcept {
  if (from >= Kind::count_ || to >= Target::count_) return nullptr;
  return matrix[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
}

}  // namespace odbc::convert
