// SPDX-License-Identifier: Apache-2.0
// The fields of a descriptor record as data: identifier, width, reader, writer. Comes in:
// SQLColAttribute, SQLGetDescField, SQLSetDescField. A field without a row answers HY091.
#pragma once

#include <sql.h>
#include <sqlext.h>

#include <cstdint>
#include <string_view>
#include <variant>

#include "odbc/handles/descriptor.h"

namespace odbc {

/// A value in the width SQLGetDescField stores; text is valid as long as the record.
using FieldValue =
    std::variant<std::string_view, SQLSMALLINT, SQLINTEGER, SQLLEN, SQLULEN, SQLPOINTER>;

struct DescriptorFieldRow {
  SQLSMALLINT field;
  FieldValue (*get)(const DescriptorRecord&);
  /// Null: the driver's to fill. `value` as SQLSetDescField passes it: a number or an address.
  void (*set)(DescriptorRecord&, SQLPOINTER value);
  /// Attaches memory; setting any other field detaches it (ODBC reference, SQLSetDescField).
  bool attaches = false;
};

/// Null when there is no such record field.
const DescriptorFieldRow* find_descriptor_field(SQLSMALLINT field) noexcept;

}  // namespace odbc
