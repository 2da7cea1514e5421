// SPDX-License-Identifier: Apache-2.0
// Attributes of environments, connections and statements: widths, strings, and where a value goes.
#include <cstring>

#include "odbc/entry.h"
#include "odbc/handles/statement.h"
#include "odbc/text/wide.h"

namespace {

using namespace odbc;

SQLULEN as_number(SQLPOINTER value) { return reinterpret_cast<SQLULEN>(value); }

/// Lengths are stored for numbers too: Microsoft Jet asks for them.
void put_number(AttributeWidth width, SQLULEN value, SQLPOINTER out, SQLINTEGER* length) {
  const std::size_t size = width == AttributeWidth::bits32 ? sizeof(SQLUINTEGER) : sizeof(SQLULEN);
  const auto narrow = static_cast<SQLUINTEGER>(value);
  if (out != nullptr) {
    if (size == sizeof narrow)
      std::memcpy(out, &narrow, sizeof narrow);
    else
      std::memcpy(out, &value, sizeof value);
  }
  text::store_length(size, length);
}

text::Written put(std::string_view value, SQLCHAR* out, SQLLEN capacity) {
  return text::to_app(value, out, capacity);
}
text::Written put(std::string_view value, SQLWCHAR* out, SQLLEN capacity) {
  return text::to_app(value, out, capacity, text::Unit::bytes);
}

/// A text attribute's length counts bytes in both twins.
template <class Char>
std::string text_value(SQLPOINTER value, SQLINTEGER length) {
  const SQLINTEGER units = length < 0 ? length : length / static_cast<SQLINTEGER>(sizeof(Char));
  return text::from_app(static_cast<const Char*>(value), units);
}

template <class Char>
SQLRETURN set_connection(SQLHDBC name, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER length) {
  return entry<Connection>("SQLSetConnectAttr", name, [&](Connection& connection) {
    if (attribute == SQL_ATTR_CURRENT_CATALOG)
      connection.set_catalog(text_value<Char>(value, length));
    else
      connection.set_attribute(attribute, as_number(value));
    return SQL_SUCCESS;
  });
}

template <class Char>
SQLRETURN get_connection(SQLHDBC name, SQLINTEGER attribute, SQLPOINTER out, SQLINTEGER capacity,
                         SQLINTEGER* length) {
  return entry<Connection>("SQLGetConnectAttr", name, [&](Connection& connection) {
    if (attribute != SQL_ATTR_CURRENT_CATALOG) {
      const SQLULEN value = connection.attribute(attribute);
      put_number(connection.attributes().find(attribute)->width, value, out, length);
      return SQL_SUCCESS;
    }
    const text::Written written = put(connection.catalog(), static_cast<Char*>(out), capacity);
    text::store_length(written.length, length);
    if (written.truncated)
      connection.diagnostics().warn(core::sqlstate::string_truncated, "Connection",
                                    "The catalog's name does not fit its buffer");
    return SQL_SUCCESS;
  });
}

SQLRETURN set_statement(SQLHSTMT name, SQLINTEGER attribute, SQLPOINTER value) {
  return entry<Statement>("SQLSetStmtAttr", name, [&](Statement& statement) {
    const bool descriptor =
        attribute >= SQL_ATTR_APP_ROW_DESC && attribute <= SQL_ATTR_IMP_PARAM_DESC;
    if (descriptor) {
      statement.allows(StatementCall::other);
      statement.use_descriptor(attribute, value);
    } else {
      statement.set_attribute(attribute, as_number(value));
    }
    return SQL_SUCCESS;
  });
}

SQLRETURN get_statement(SQLHSTMT name, SQLINTEGER attribute, SQLPOINTER out, SQLINTEGER* length) {
  return entry<Statement>("SQLGetStmtAttr", name, [&](Statement& statement) {
    put_number(AttributeWidth::bits64, statement.attribute(attribute), out, length);
    return SQL_SUCCESS;
  });
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLSetEnvAttr(SQLHENV name, SQLINTEGER attribute, SQLPOINTER value, SQLINTEGER) {
  return entry<Environment>("SQLSetEnvAttr", name, [&](Environment& environment) {
    environment.set_attribute(attribute, as_number(value));
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLGetEnvAttr(SQLHENV name, SQLINTEGER attribute, SQLPOINTER out, SQLINTEGER,
                                SQLINTEGER* length) {
  return entry<Environment>("SQLGetEnvAttr", name, [&](Environment& environment) {
    put_number(AttributeWidth::bits32, environment.attribute(attribute), out, length);
    return SQL_SUCCESS;
  });
}

SQLRETURN SQL_API SQLSetConnectAttr(SQLHDBC name, SQLINTEGER attribute, SQLPOINTER value,
                                    SQLINTEGER length) {
  return set_connection<SQLCHAR>(name, attribute, value, length);
}

SQLRETURN SQL_API SQLSetConnectAttrW(SQLHDBC name, SQLINTEGER attribute, SQLPOINTER value,
                                     SQLINTEGER length) {
  return set_connection<SQLWCHAR>(name, attribute, value, length);
}

SQLRETURN SQL_API SQLGetConnectAttr(SQLHDBC name, SQLINTEGER attribute, SQLPOINTER out,
                                    SQLINTEGER capacity, SQLINTEGER* length) {
  return get_connection<SQLCHAR>(name, attribute, out, capacity, length);
}

SQLRETURN SQL_API SQLGetConnectAttrW(SQLHDBC name, SQLINTEGER attribute, SQLPOINTER out,
                                     SQLINTEGER capacity, SQLINTEGER* length) {
  return get_connection<SQLWCHAR>(name, attribute, out, capacity, length);
}

SQLRETURN SQL_API SQLSetStmtAttr(SQLHSTMT name, SQLINTEGER attribute, SQLPOINTER value,
                                 SQLINTEGER) {
  return set_statement(name, attribute, value);
}

SQLRETURN SQL_API SQLSetStmtAttrW(SQLHSTMT name, SQLINTEGER attribute, SQLPOINTER value,
                                  SQLINTEGER) {
  return set_statement(name, attribute, value);
}

SQLRETURN SQL_API SQLGetStmtAttr(SQLHSTMT name, SQLINTEGER attribute, SQLPOINTER out, SQLINTEGER,
                                 SQLINTEGER* length) {
  return get_statement(name, attribute, out, length);
}

SQLRETURN SQL_API SQLGetStmtAttrW(SQLHSTMT name, SQLINTEGER attribute, SQLPOINTER out, SQLINTEGER,
                                  SQLINTEGER* length) {
  return get_statement(name, attribute, out, length);
}

}  // extern "C"
