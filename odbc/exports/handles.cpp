// SPDX-License-Identifier: Apache-2.0
// Making and freeing handles: SQLAllocHandle, SQLFreeHandle, SQLFreeStmt, SQLCloseCursor, and the
// names ODBC 1 gave them.
#include "odbc/entry.h"
#include "odbc/handles/statement.h"

namespace {

using namespace odbc;

SQLRETURN alloc_environment(SQLHANDLE* out) noexcept {
  try {
    *out = HandleTable::instance().add(std::make_unique<Environment>());
    return SQL_SUCCESS;
  } catch (...) {  // there is no handle that could hold a record
    *out = SQL_NULL_HENV;
    return SQL_ERROR;
  }
}

void require_place(const SQLHANDLE* out) {
  if (out == nullptr)
    throw core::Error(core::sqlstate::null_pointer, "Handles",
                      "There is no place to store the new handle");
}

/// The new handle's name once its parent knows it; none of them when memory runs out.
SQLHANDLE adopt(std::unique_ptr<Handle> handle, Children& siblings) {
  const SQLHANDLE name = HandleTable::instance().add(std::move(handle));
  try {
    siblings.add(name);
  } catch (...) {
    HandleTable::retire(name);
    throw;
  }
  return name;
}

SQLRETURN alloc_connection(SQLHANDLE parent, SQLHANDLE* out) {
  return entry<Environment>("SQLAllocHandle(DBC)", parent, [&](Environment& environment) {
    require_place(out);
    *out = SQL_NULL_HDBC;
    *out = adopt(std::make_unique<Connection>(environment), environment.connections());
    return SQL_SUCCESS;
  });
}

SQLRETURN alloc_statement(SQLHANDLE parent, SQLHANDLE* out) {
  return entry<Connection>("SQLAllocHandle(STMT)", parent, [&](Connection& connection) {
    require_place(out);
    *out = SQL_NULL_HSTMT;
    connection.session();  // 08003 before connecting
    *out = adopt(std::make_unique<Statement>(connection), connection.statements());
    return SQL_SUCCESS;
  });
}

SQLRETURN alloc_descriptor(SQLHANDLE parent, SQLHANDLE* out) {
  return entry<Connection>("SQLAllocHandle(DESC)", parent, [&](Connection& connection) {
    require_place(out);
    *out = SQL_NULL_HDESC;
    connection.session();
    *out = adopt(std::make_unique<Descriptor>(), connection.descriptors());
    return SQL_SUCCESS;
  });
}

SQLRETURN free_environment(SQLHANDLE name) {
  return release<Environment>("SQLFreeHandle(ENV)", name, [](Environment& environment) {
    if (!environment.connections().empty())
      throw core::Error(core::sqlstate::sequence_error, "Handles",
                        "Connections of this environment are still allocated");
    return SQL_SUCCESS;
  });
}

SQLRETURN free_connection(SQLHANDLE name) {
  return release<Connection>("SQLFreeHandle(DBC)", name, [&](Connection& connection) {
    if (connection.is_open())
      throw core::Error(core::sqlstate::sequence_error, "Handles",
                        "The connection is still open; disconnect first");
    connection.environment().connections().remove(name);
    return SQL_SUCCESS;
  });
}

SQLRETURN free_statement(SQLHANDLE name) {
  return release<Statement>("SQLFreeHandle(STMT)", name, [&](Statement& statement) {
    statement.close();
    statement.connection().statements().remove(name);
    return SQL_SUCCESS;
  });
}

SQLRETURN free_descriptor(SQLHANDLE name) {
  return release<Descriptor>("SQLFreeHandle(DESC)", name, [](Descriptor& descriptor) {
    if (descriptor.role() != DescriptorRole::application)
      throw core::Error(core::sqlstate::automatic_descriptor, "Handles",
                        "An automatically allocated descriptor is freed with its statement");
    return SQL_SUCCESS;
  });
}

SQLRETURN free_statement_part(Statement& statement, SQLUSMALLINT option) {
  statement.allows(StatementCall::free);
  switch (option) {
    case SQL_CLOSE: statement.close(); break;
    case SQL_UNBIND: statement.ard().clear_records(); break;
    case SQL_RESET_PARAMS:
      statement.apd().clear_records();
      statement.ipd().clear_records();
      break;
    default:
      throw core::Error(core::sqlstate::invalid_attribute, "Handles",
                        "The option of SQLFreeStmt is none of ODBC's");
  }
  return SQL_SUCCESS;
}

}  // namespace

extern "C" {

SQLRETURN SQL_API SQLAllocHandle(SQLSMALLINT type, SQLHANDLE parent, SQLHANDLE* out) {
  switch (type) {
    case SQL_HANDLE_ENV: return out == nullptr ? SQLRETURN{SQL_ERROR} : alloc_environment(out);
    case SQL_HANDLE_DBC: return alloc_connection(parent, out);
    case SQL_HANDLE_STMT: return alloc_statement(parent, out);
    case SQL_HANDLE_DESC: return alloc_descriptor(parent, out);
    default: return SQL_ERROR;
  }
}

SQLRETURN SQL_API SQLFreeHandle(SQLSMALLINT type, SQLHANDLE name) {
  switch (type) {
    case SQL_HANDLE_ENV: return free_environment(name);
    case SQL_HANDLE_DBC: return free_connection(name);
    case SQL_HANDLE_STMT: return free_statement(name);
    case SQL_HANDLE_DESC: return free_descriptor(name);
    default: return SQL_INVALID_HANDLE;
  }
}

SQLRETURN SQL_API SQLFreeStmt(SQLHSTMT name, SQLUSMALLINT option) {
  if (option == SQL_DROP) return free_statement(name);
  return entry<Statement>("SQLFreeStmt", name, [&](Statement& statement) {
    return free_statement_part(statement, option);
  });
}

SQLRETURN SQL_API SQLCloseCursor(SQLHSTMT name) {
  return entry<Statement>("SQLCloseCursor", name, [](Statement& statement) {
    statement.allows(StatementCall::close_cursor);
    statement.close();
    return SQL_SUCCESS;
  });
}

}  // extern "C"
