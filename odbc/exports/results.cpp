// SPDX-License-Identifier: Apache-2.0
// Results: binding, fetching, describing columns, counts, the next result, cursor names.
#include "odbc/entry.h"
#include "odbc/handles/statement.h"
#include "odbc/tables/descriptor_fields.h"
#include "odbc/tables/type_table.h"
#include "odbc/text/wide.h"

namespace {

using namespace odbc;

template <class T>
void store(T* place, T value) {
  if (place != nullptr) *place = value;
}

text::Written put(std::string_view value, SQLCHAR* out, SQLLEN capacity, text::Unit) {
  return text::to_app(value, out, capacity);
}
text::Written put(std::string_view value, SQLWCHAR* out, SQLLEN capacity, text::Unit unit) {
  return text::to_app(value, out, capacity, unit);
}

void warn_truncated(Statement& statement, const text::Written& written) {
  if (written.truncated)
    statement.diagnostics().warn(core::sqlstate::string_truncated, "Statement",
                                 "The name does not fit its buffer");
}

/// The IRD record of a column of the result, or of the prepared statement's future result. Throws
/// 07005 without a result set and 07009 for a number beyond it.
const DescriptorRecord& column_record(Statement& statement, SQLUSMALLINT number) {
  statement.allows(StatementCall::describe_column);
  const std::size_t count = statement.columns().size();
  if (count == 0)
    throw core::Error(core::sqlstate::not_a_cursor, "Statement",
                      "The statement does not return a result set", core::Reached::not_sent);
  const DescriptorRecord* record = statement.ird().find(number);
  if (number == 0 || number > count || record == nullptr)
    throw core::Error(core::sqlstate::invalid_descriptor_index, "Statement",
                      "The result has no column of this number", core::Reached::not_sent);
  return *record;
}

SQLSMALLINT visible_type(const Statement& statement, SQLSMALLINT type) {
  return statement.speaks_odbc2() ? tables::as_odbc2(type) : type;
}

template <class Char>
SQLRETURN describe_column(SQLHSTMT name, SQLUSMALLINT number, Char* column_name,
                          SQLSMALLINT capacity, SQLSMALLINT* name_length, SQLSMALLINT* type,
                          SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  return entry<Statement>("SQLDescribeCol", name, [&](Statement& statement) {
    const DescriptorRecord& record = column_record(statement, number);
    const auto written = put(record.name, column_name, capacity, text::Unit::characters);
    text::store_length(written.length, name_length);
    store(type, visible_type(statement, record.concise_type));
    store(size, record.length);
    store(digits, record.scale);
    store(nullable, record.nullable);
    warn_truncated(statement, written);
    return SQL_SUCCESS;
  });
}

/// ODBC 2 identifiers that mean a field of ODBC 3. Lengths of ODBC 2 are sizes in bytes.
SQLSMALLINT modern_field(SQLUSMALLINT field) {
  switch (field) {
    case SQL_COLUMN_NAME: return SQL_DESC_NAME;
    case SQL_COLUMN_NULLABLE: return SQL_DESC_NULLABLE;
    case SQL_COLUMN_LENGTH: return SQL_DESC_OCTET_LENGTH;
    case SQL_COLUMN_PRECISION: return SQL_DESC_LENGTH;
    case SQL_COLUMN_SCALE: return SQL_DESC_SCALE;
    default: return static_cast<SQLSMALLINT>(field);
  }
}

SQLLEN as_length(const FieldValue& value) {
  return std::visit(
      [](const auto& held) -> SQLLEN {
        using T = std::decay_t<decltype(held)>;
        if constexpr (std::is_same_v<T, std::string_view> || std::is_same_v<T, SQLPOINTER>)
          return 0;
        else
          return static_cast<SQLLEN>(held);
      },
      value);
}

template <class Char>
SQLRETURN column_attribute(SQLHSTMT name, SQLUSMALLINT number, SQLUSMALLINT field, SQLPOINTER out,
                           SQLSMALLINT capacity, SQLSMALLINT* length, SQLLEN* numeric) {
  return entry<Statement>("SQLColAttribute", name, [&](Statement& statement) {
    const SQLSMALLINT wanted = modern_field(field);
    if (wanted == SQL_DESC_COUNT || field == SQL_COLUMN_COUNT) {
      statement.allows(StatementCall::describe_column);
      store(numeric, static_cast<SQLLEN>(statement.columns().size()));
      return SQL_SUCCESS;
    }
    if (wanted == SQL_DESC_TYPE_NAME || wanted == SQL_DESC_LOCAL_TYPE_NAME)
      statement.learn_type(number);
    const DescriptorRecord& record = column_record(statement, number);
    const DescriptorFieldRow* row = find_descriptor_field(wanted);
    if (row == nullptr)
      throw core::Error(core::sqlstate::invalid_descriptor_field, "Statement",
                        "The column attribute is none of ODBC's");
    const FieldValue value = row->get(record);
    if (const auto* words = std::get_if<std::string_view>(&value)) {
      const auto written = put(*words, static_cast<Char*>(out), capacity, text::Unit::bytes);
      text::store_length(written.length, length);
      warn_truncated(statement, written);
      return SQL_SUCCESS;
    }
    SQLLEN shown = as_length(value);
    if (wanted == SQL_DESC_CONCISE_TYPE)
      shown = visible_type(statement, static_cast<SQLSMALLINT>(shown));
    store(numeric, shown);
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN get_cursor_name(SQLHSTMT name, Char* out, SQLSMALLINT capacity, SQLSMALLINT* length) {
  return entry<Statement>("SQLGetCursorName", name, [&](Statement& statement) {
    statement.allows(StatementCall::other);
    const auto written = put(statement.cursor_name(), out, capacity, text::Unit::characters);
    text::store_length(written.length, length);
    warn_truncated(statement, written);
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN set_cursor_name(SQLHSTMT name, Char* text, SQLSMALLINT length) {
  return entry<Statement>("SQLSetCursorName", name, [&](Statement& statement) {
    statement.set_cursor_name(text::from_app(text, length));
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLBindCol(SQLHSTMT name, SQLUSMALLINT number, SQLSMALLINT c_type,
                             SQLPOINTER data, SQLLEN buffer_length, SQLLEN* indicator) {
  return entry<Statement>("SQLBindCol", name, [&](Statement& statement) {
    statement.allows(StatementCall::bind);
    statement.ard().bind_column(number, c_type, data, buffer_length, indicator);
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLFetch(SQLHSTMT name) {
  return entry<Statement>("SQLFetch", name, [](Statement& statement) { return statement.fetch(); });
}

SQLRETURN SQL_API SQLFetchScroll(SQLHSTMT name, SQLSMALLINT orientation, SQLLEN) {
  return entry<Statement>("SQLFetchScroll", name, [&](Statement& statement) {
    if (orientation != SQL_FETCH_NEXT) {
      statement.allows(StatementCall::fetch);
      throw core::Error(core::sqlstate::fetch_type_invalid, "Statement",
                        "A forward-only cursor fetches the next rows only");
    }
    return statement.fetch();
  });
}

SQLRETURN SQL_API SQLGetData(SQLHSTMT name, SQLUSMALLINT column, SQLSMALLINT c_type,
                             SQLPOINTER data, SQLLEN capacity, SQLLEN* indicator) {
  return entry<Statement>("SQLGetData", name, [&](Statement& statement) {
    return statement.get_data({column, c_type, data, capacity, indicator});
  });
}

SQLRETURN SQL_API SQLSetPos(SQLHSTMT name, SQLSETPOSIROW row, SQLUSMALLINT operation,
                            SQLUSMALLINT lock) {
  return entry<Statement>("SQLSetPos", name, [&](Statement& statement) {
    statement.set_position(row, operation, lock);
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLNumResultCols(SQLHSTMT name, SQLSMALLINT* count) {
  return entry<Statement>("SQLNumResultCols", name, [&](Statement& statement) {
    statement.allows(StatementCall::result_columns);
    store(count, static_cast<SQLSMALLINT>(statement.columns().size()));
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLDescribeCol(SQLHSTMT name, SQLUSMALLINT number, SQLCHAR* column_name,
                                 SQLSMALLINT capacity, SQLSMALLINT* name_length, SQLSMALLINT* type,
                                 SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  return describe_column(name, number, column_name, capacity, name_length, type, size, digits,
                         nullable);
}

SQLRETURN SQL_API SQLDescribeColW(SQLHSTMT name, SQLUSMALLINT number, SQLWCHAR* column_name,
                                  SQLSMALLINT capacity, SQLSMALLINT* name_length, SQLSMALLINT* type,
                                  SQLULEN* size, SQLSMALLINT* digits, SQLSMALLINT* nullable) {
  return describe_column(name, number, column_name, capacity, name_length, type, size, digits,
                         nullable);
}

SQLRETURN SQL_API SQLColAttribute(SQLHSTMT name, SQLUSMALLINT number, SQLUSMALLINT field,
                                  SQLPOINTER out, SQLSMALLINT capacity, SQLSMALLINT* length,
                                  SQLLEN* numeric) {
  return column_attribute<SQLCHAR>(name, number, field, out, capacity, length, numeric);
}

SQLRETURN SQL_API SQLColAttributeW(SQLHSTMT name, SQLUSMALLINT number, SQLUSMALLINT field,
                                   SQLPOINTER out, SQLSMALLINT capacity, SQLSMALLINT* length,
                                   SQLLEN* numeric) {
  return column_attribute<SQLWCHAR>(name, number, field, out, capacity, length, numeric);
}

SQLRETURN SQL_API SQLRowCount(SQLHSTMT name, SQLLEN* count) {
  return entry<Statement>("SQLRowCount", name, [&](Statement& statement) {
    statement.allows(StatementCall::row_count);
    store(count, statement.row_count());
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLMoreResults(SQLHSTMT name) {
  return entry<Statement>("SQLMoreResults", name,
                          [](Statement& statement) { return statement.more_results(); });
}

SQLRETURN SQL_API SQLGetCursorName(SQLHSTMT name, SQLCHAR* out, SQLSMALLINT capacity,
                                   SQLSMALLINT* length) {
  return get_cursor_name(name, out, capacity, length);
}

SQLRETURN SQL_API SQLGetCursorNameW(SQLHSTMT name, SQLWCHAR* out, SQLSMALLINT capacity,
                                    SQLSMALLINT* length) {
  return get_cursor_name(name, out, capacity, length);
}

SQLRETURN SQL_API SQLSetCursorName(SQLHSTMT name, SQLCHAR* text, SQLSMALLINT length) {
  return set_cursor_name(name, text, length);
}

SQLRETURN SQL_API SQLSetCursorNameW(SQLHSTMT name, SQLWCHAR* text, SQLSMALLINT length) {
  return set_cursor_name(name, text, length);
}

}  // extern "C"
