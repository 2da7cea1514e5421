// SPDX-License-Identifier: Apache-2.0
// The rows. Sources: ODBC reference, SQLSetEnvAttr, SQLSetConnectAttr, SQLSetStmtAttr.
#include "odbc/tables/attribute_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.h"

namespace odbc {
namespace {

constexpr std::array<SQLULEN, 2> off_on{0, 1};
constexpr std::array<SQLULEN, 1> only_off{0};
constexpr std::array<SQLULEN, 2> on_off{1, 0};
constexpr std::array<SQLULEN, 3> odbc_versions{SQL_OV_ODBC3, SQL_OV_ODBC3_80, SQL_OV_ODBC2};
constexpr std::array<SQLULEN, 3> pooling{SQL_CP_OFF, SQL_CP_ONE_PER_DRIVER, SQL_CP_ONE_PER_HENV};
constexpr std::array<SQLULEN, 4> isolations{SQL_TXN_READ_UNCOMMITTED, SQL_TXN_READ_COMMITTED,
                                            SQL_TXN_REPEATABLE_READ, SQL_TXN_SERIALIZABLE};
constexpr std::array<SQLULEN, 3> odbc_cursors{SQL_CUR_USE_DRIVER, SQL_CUR_USE_IF_NEEDED,
                                              SQL_CUR_USE_ODBC};
constexpr std::array<SQLULEN, 4> cursor_types{SQL_CURSOR_FORWARD_ONLY, SQL_CURSOR_STATIC,
                                              SQL_CURSOR_KEYSET_DRIVEN, SQL_CURSOR_DYNAMIC};
constexpr std::array<SQLULEN, 4> concurrencies{SQL_CONCUR_READ_ONLY, SQL_CONCUR_LOCK,
                                               SQL_CONCUR_ROWVER, SQL_CONCUR_VALUES};
constexpr std::array<SQLULEN, 3> sensitivities{SQL_UNSPECIFIED, SQL_INSENSITIVE, SQL_SENSITIVE};
constexpr std::array<SQLULEN, 3> bookmarks{SQL_UB_OFF, SQL_UB_ON, SQL_UB_VARIABLE};
constexpr std::array<SQLULEN, 3> simulations{SQL_SC_NON_UNIQUE, SQL_SC_TRY_UNIQUE, SQL_SC_UNIQUE};

using enum AttributeWidth;
using enum Settable;

constexpr std::array environment_rows = {
    AttributeRow{SQL_ATTR_ODBC_VERSION, bits32, always, SQL_OV_ODBC3, odbc_versions},
    AttributeRow{SQL_ATTR_CONNECTION_POOLING, bits32, always, SQL_CP_OFF, pooling},
    AttributeRow{SQL_ATTR_CP_MATCH, bits32, always, SQL_CP_STRICT_MATCH, off_on},
    AttributeRow{SQL_ATTR_OUTPUT_NTS, bits32, always, SQL_TRUE, on_off, 1, Unoffered::refused},
};

// 30002 is set by Microsoft Jet, 115 by the driver manager; both are remembered and change nothing.
constexpr SQLINTEGER jet_attribute = 30002;

constexpr std::array connection_rows = {
    AttributeRow{SQL_ATTR_ACCESS_MODE, bits32, always, SQL_MODE_READ_WRITE, off_on},
    AttributeRow{SQL_ATTR_ASYNC_ENABLE, bits64, always, 0, off_on, 1, Unoffered::refused},
    AttributeRow{SQL_ATTR_AUTO_IPD, bits32, never, SQL_FALSE},
    AttributeRow{SQL_ATTR_AUTOCOMMIT, bits32, always, SQL_AUTOCOMMIT_ON, on_off},
    AttributeRow{SQL_ATTR_CONNECTION_DEAD, bits32, never, SQL_CD_FALSE},
    AttributeRow{SQL_ATTR_CONNECTION_TIMEOUT, bits32},
    AttributeRow{SQL_ATTR_CURRENT_CATALOG, text},
    AttributeRow{SQL_ATTR_LOGIN_TIMEOUT, bits32},
    AttributeRow{SQL_ATTR_METADATA_ID, bits32, always, 0, off_on},
    AttributeRow{SQL_ATTR_ODBC_CURSORS, bits64, before_connect, SQL_CUR_USE_DRIVER, odbc_cursors},
    AttributeRow{SQL_ATTR_PACKET_SIZE, bits32, before_connect},
    AttributeRow{SQL_ATTR_QUIET_MODE, pointer},
    AttributeRow{SQL_ATTR_TRACE, bits32, always, 0, off_on},
    AttributeRow{SQL_ATTR_TXN_ISOLATION, bits32, always, SQL_TXN_READ_COMMITTED, isolations},
    AttributeRow{SQL_ATTR_ANSI_APP, bits32, always, 0, off_on},
    AttributeRow{jet_attribute, bits64},
};

constexpr std::array statement_rows = {
    AttributeRow{SQL_ATTR_QUERY_TIMEOUT},
    AttributeRow{SQL_ATTR_MAX_ROWS},
    AttributeRow{SQL_ATTR_NOSCAN, bits64, always, SQL_NOSCAN_OFF, off_on},
    AttributeRow{SQL_ATTR_MAX_LENGTH, bits64, always, 0, only_off, 1},
    AttributeRow{SQL_ATTR_ASYNC_ENABLE, bits64, always, 0, off_on, 1, Unoffered::refused},
    AttributeRow{SQL_ATTR_CURSOR_TYPE, bits64, not_with_cursor, SQL_CURSOR_FORWARD_ONLY,
                 cursor_types, 1},
    AttributeRow{SQL_ATTR_CONCURRENCY, bits64, not_with_cursor, SQL_CONCUR_READ_ONLY, concurrencies,
                 1},
    AttributeRow{SQL_ATTR_CURSOR_SCROLLABLE, bits64, not_with_cursor, SQL_NONSCROLLABLE, off_on, 1},
    AttributeRow{SQL_ATTR_CURSOR_SENSITIVITY, bits64, not_with_cursor, SQL_UNSPECIFIED,
                 sensitivities, 2},
    AttributeRow{SQL_ATTR_KEYSET_SIZE, bits64, always, 0, only_off, 1},
    AttributeRow{SQL_ATTR_RETRIEVE_DATA, bits64, always, SQL_RD_ON, on_off},
    AttributeRow{SQL_ATTR_SIMULATE_CURSOR, bits64, not_with_cursor, SQL_SC_NON_UNIQUE, simulations,
                 1},
    AttributeRow{SQL_ATTR_USE_BOOKMARKS, bits64, not_with_cursor, SQL_UB_OFF, bookmarks, 1,
                 Unoffered::refused},
    AttributeRow{SQL_ATTR_ENABLE_AUTO_IPD, bits64, always, SQL_FALSE, off_on, 1,
                 Unoffered::refused},
    AttributeRow{SQL_ATTR_METADATA_ID, bits64, always, SQL_FALSE, off_on},
    AttributeRow{SQL_ATTR_FETCH_BOOKMARK_PTR, pointer},
    AttributeRow{SQL_ATTR_ROW_NUMBER, bits64, never},
};

static_assert(environment_rows.size() <= AttributeValues::most_rows);
static_assert(connection_rows.size() <= AttributeValues::most_rows);
static_assert(statement_rows.size() <= AttributeValues::most_rows);

constexpr std::array descriptor_rows = {
    DescriptorAttribute{SQL_ATTR_ROW_BIND_TYPE, SQL_ATTR_APP_ROW_DESC, SQL_DESC_BIND_TYPE},
    DescriptorAttribute{SQL_ATTR_ROW_BIND_OFFSET_PTR, SQL_ATTR_APP_ROW_DESC,
                        SQL_DESC_BIND_OFFSET_PTR},
    DescriptorAttribute{SQL_ATTR_ROW_ARRAY_SIZE, SQL_ATTR_APP_ROW_DESC, SQL_DESC_ARRAY_SIZE},
    DescriptorAttribute{SQL_ROWSET_SIZE, SQL_ATTR_APP_ROW_DESC, SQL_DESC_ARRAY_SIZE},
    DescriptorAttribute{SQL_ATTR_ROW_OPERATION_PTR, SQL_ATTR_APP_ROW_DESC,
                        SQL_DESC_ARRAY_STATUS_PTR},
    DescriptorAttribute{SQL_ATTR_ROW_STATUS_PTR, SQL_ATTR_IMP_ROW_DESC, SQL_DESC_ARRAY_STATUS_PTR},
    DescriptorAttribute{SQL_ATTR_ROWS_FETCHED_PTR, SQL_ATTR_IMP_ROW_DESC,
                        SQL_DESC_ROWS_PROCESSED_PTR},
    DescriptorAttribute{SQL_ATTR_PARAM_BIND_TYPE, SQL_ATTR_APP_PARAM_DESC, SQL_DESC_BIND_TYPE},
    DescriptorAttribute{SQL_ATTR_PARAM_BIND_OFFSET_PTR, SQL_ATTR_APP_PARAM_DESC,
                        SQL_DESC_BIND_OFFSET_PTR},
    DescriptorAttribute{SQL_ATTR_PARAMSET_SIZE, SQL_ATTR_APP_PARAM_DESC, SQL_DESC_ARRAY_SIZE},
    DescriptorAttribute{SQL_ATTR_PARAM_OPERATION_PTR, SQL_ATTR_APP_PARAM_DESC,
                        SQL_DESC_ARRAY_STATUS_PTR},
    DescriptorAttribute{SQL_ATTR_PARAM_STATUS_PTR, SQL_ATTR_IMP_PARAM_DESC,
                        SQL_DESC_ARRAY_STATUS_PTR},
    DescriptorAttribute{SQL_ATTR_PARAMS_PROCESSED_PTR, SQL_ATTR_IMP_PARAM_DESC,
                        SQL_DESC_ROWS_PROCESSED_PTR},
};

}  // namespace

std::span<const AttributeRow> environment_attributes() noexcept { return environment_rows; }
std::span<const AttributeRow> connection_attributes() noexcept { return connection_rows; }
std::span<const AttributeRow> statement_attributes() noexcept { return statement_rows; }
std::span<const DescriptorAttribute> descriptor_attributes() noexcept { return descriptor_rows; }

const DescriptorAttribute* find_descriptor_attribute(SQLINTEGER attribute) noexcept {
  for (const DescriptorAttribute& row : descriptor_rows)
    if (row.attribute == attribute) return &row;
  return nullptr;
}

AttributeValues::AttributeValues(std::span<const AttributeRow> rows) noexcept : rows_(rows) {
  std::transform(rows.begin(), rows.end(), values_.begin(),
                 [](const AttributeRow& row) { return row.initial; });
}

void AttributeValues::set(SQLINTEGER attribute, SQLULEN value) noexcept {
  const AttributeRow* row = find(attribute);
  if (row != nullptr) values_[static_cast<std::size_t>(row - rows_.data())] = value;
}

CheckedValue check_value(const AttributeRow& row, SQLULEN wanted) {
  if (row.width == AttributeWidth::bits32) wanted &= 0xFFFFFFFFU;
  if (row.known.empty()) return {wanted, false};
  const auto found = std::find(row.known.begin(), row.known.end(), wanted);
  const auto index = static_cast<std::size_t>(found - row.known.begin());
  const bool open_ended = row.known.size() == 1;  // any number is known, one is offered
  if (found == row.known.end() && !open_ended)
    throw core::Error(core::sqlstate::invalid_attribute_value, "Attributes",
                      fmt::format("{} is not a value of attribute {}", wanted, row.attribute));
  if (index < row.offered && found != row.known.end()) return {wanted, false};
  if (row.unoffered == Unoffered::refused)
    throw core::Error(
        core::sqlstate::not_implemented, "Attributes",
        fmt::format("The value {} of attribute {} is not supported", wanted, row.attribute));
  return {row.initial, true};
}

}  // namespace odbc
