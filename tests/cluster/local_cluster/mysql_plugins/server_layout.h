// SPDX-License-Identifier: Apache-2.0
// The private structures of mariadbd that an information_schema table cannot do without.
//
// MariaDB gives plugins a public interface for everything here but the rows of such a table; Debian
// ships no header for those. What is declared below was seen in mariadbd 10.11.19 (Debian 12,
// amd64), in its symbols and in the code of its own tables. `check_layout` looks for the same
// traces in the server that loads the plugin.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

class THD;
struct TABLE;
struct TABLE_LIST;
class Item;
struct charset_info_st;

namespace aurora {

// A column of an information_schema table; an array of them ends with one that is all
// zero. 10.11.19: 0x48 bytes.
struct ColumnDeclaration {
  const void* type_handler;  // one of the server's exported type_handler_*
  unsigned length;           // characters; of a datetime: digits of a second's fraction
  unsigned is_unsigned;
  const void* enum_values;
  const char* name;
  size_t name_length;
  int nullable;
  const char* old_name;
  size_t old_name_length;
  int open_method;
};
static_assert(sizeof(ColumnDeclaration) == 0x48);

using FillTable = int (*)(THD*, TABLE_LIST*, Item*);

// What the server hands to the init function of an information_schema plugin
// (ST_SCHEMA_TABLE). 10.11.19: 0x40 bytes.
struct SchemaTable {
  const char* name;
  const ColumnDeclaration* columns;
  int (*reset)();
  FillTable fill;
  void* unused[4];
};
static_assert(sizeof(SchemaTable) == 0x40);

// "" when the running server is laid out as declared here, else one sentence that says what
// differs.
std::string check_layout();

// Address of a symbol of the server; null when it has none of that name.
void* server_symbol(const char* name);

// One row of the table that the server asked `fill` for.
class RowWriter {
 public:
  explicit RowWriter(const TABLE_LIST* wanted);

  // Columns in order; every type of column takes its text. Returns false when the server refused
  // the row.
  bool write(THD* thd, const std::string* columns, size_t count) const;

 private:
  TABLE* table_;
};

}  // namespace aurora
