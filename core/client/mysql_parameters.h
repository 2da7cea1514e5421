// SPDX-License-Identifier: Apache-2.0
// Values on their way into libmariadb's MYSQL_BIND. Comes in: mysql_statement, mysql_batch.
#pragma once

#include <mysql.h>

#include <string>

#include "core/value.h"

namespace core {

/// What a MYSQL_BIND points at.
struct MysqlBound {
  std::int64_t integer = 0;
  double real = 0;
  MYSQL_TIME time{};
  std::string text;
  unsigned long length = 0;

  /// Where a value of fixed size lies.
  void* at(enum_field_types form) noexcept {
    if (form == MYSQL_TYPE_LONGLONG) return &integer;
    return form == MYSQL_TYPE_DOUBLE ? static_cast<void*>(&real) : &time;
  }
};

/// The form in which a kind of value travels.
enum_field_types mysql_form(ValueKind kind) noexcept;

/// Points `bind` at the value, which must stay valid, or at `bound`. Throws 07006 and 22008 for
/// values that MySQL has no form for.
void mysql_bind(const Value& value, MysqlBound& bound, MYSQL_BIND& bind);

/// The form in which a value that was declared as `declared` is most likely to come.
enum_field_types mysql_expected_form(SqlType declared) noexcept;

}  // namespace core
