// SPDX-License-Identifier: Apache-2.0
// Large results of twelve columns, and what it costs to have them as characters.
#include "odbc_subject/cases.h"
#include "odbc_subject/fetch_shapes.h"
#include "odbc_subject/wide_row.h"

namespace bench {
namespace {

using Read = Received (*)(const Statement&);

template <Read read, Execution execution>
Sample fetch(const Settings& settings) {
  return fetch_all(settings, wide_query, execution, read);
}

constexpr Read char_rows = read_bound_rows<CharRows>, wchar_rows = read_bound_rows<WcharRows>;
constexpr Read char_blocks = read_bound_blocks<CharRows>,
               wchar_blocks = read_bound_blocks<WcharRows>,
               typed_blocks = read_bound_blocks<TypedRows>;
constexpr Read char_cells = read_cells<CharRows>, wchar_cells = read_cells<WcharRows>;

using enum Execution;
constexpr std::array cases{
    Case{"fetch_wide", "bind_row_char", fetch<char_rows, direct>},
    Case{"fetch_wide", "bind_row_wchar", fetch<wchar_rows, direct>},
    Case{"fetch_wide", "bind_array1000_char", fetch<char_blocks, direct>},
    Case{"fetch_wide", "bind_array1000_wchar", fetch<wchar_blocks, direct>},
    Case{"fetch_wide", "bind_array1000_typed", fetch<typed_blocks, direct>},
    Case{"fetch_wide", "getdata_char", fetch<char_cells, direct>},
    Case{"fetch_wide", "getdata_wchar", fetch<wchar_cells, direct>},
    Case{"fetch_wide", "repeated_bind_row_char", fetch<char_rows, repeated>},
    Case{"fetch_wide", "repeated_bind_row_wchar", fetch<wchar_rows, repeated>},
    Case{"fetch_wide", "repeated_bind_array1000_char", fetch<char_blocks, repeated>},
    Case{"fetch_wide", "repeated_bind_array1000_wchar", fetch<wchar_blocks, repeated>},
    Case{"fetch_wide", "repeated_bind_array1000_typed", fetch<typed_blocks, repeated>},
    Case{"fetch_wide", "repeated_getdata_char", fetch<char_cells, repeated>},
    Case{"fetch_wide", "repeated_getdata_wchar", fetch<wchar_cells, repeated>},
    Case{"fetch_wide", "prepared_bind_row_char", fetch<char_rows, prepared>},
    Case{"fetch_wide", "prepared_bind_row_wchar", fetch<wchar_rows, prepared>},
    Case{"fetch_wide", "prepared_bind_array1000_char", fetch<char_blocks, prepared>},
    Case{"fetch_wide", "prepared_bind_array1000_wchar", fetch<wchar_blocks, prepared>},
    Case{"fetch_wide", "prepared_bind_array1000_typed", fetch<typed_blocks, prepared>},
    Case{"fetch_wide", "prepared_getdata_char", fetch<char_cells, prepared>},
    Case{"fetch_wide", "prepared_getdata_wchar", fetch<wchar_cells, prepared>},
};

}  // namespace

std::span<const Case> wide_cases() { return cases; }

}  // namespace bench
