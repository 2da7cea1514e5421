// SPDX-License-Identifier: Apache-2.0
#include "server_layout.h"

#include <dlfcn.h>

#include <cstdint>
#include <cstring>

// Exported by mariadbd, though not part of its plugin interface.
bool schema_table_store_record(THD* thd, TABLE* table);
extern "C" {
extern const charset_info_st* system_charset_info;
extern char type_handler_varchar[];
}

namespace aurora {
namespace {

// Offsets in TABLE_LIST and TABLE, and the place of `int Field::store(const char*, size_t,
// CHARSET_INFO*)` in a Field's table of virtual functions. 10.11.19.
constexpr uint32_t table_in_table_list = 0x108;
constexpr uint32_t fields_in_table = 0xa8;
constexpr size_t store_in_field = 0x60;

using StoreText = int (*)(void* field, const char* text, size_t length,
                          const charset_info_st* charset);

template <typename T>
T at(const void* base, size_t offset) {
  T value;
  std::memcpy(&value, static_cast<const char*>(base) + offset, sizeof value);
  return value;
}

// Does the beginning of a function load 8 bytes from <some register> + offset? (REX.W 8b /r with a
// 32 bit offset)
bool loads_from(const char* function, uint32_t offset) {
  constexpr size_t beginning = 96;
  const auto* code = static_cast<const unsigned char*>(server_symbol(function));
  if (code == nullptr) return false;
  for (size_t i = 0; i < beginning; ++i) {
    const bool load =
        (code[i] & 0xf8) == 0x48 && code[i + 1] == 0x8b && (code[i + 2] & 0xc0) == 0x80;
    if (load && at<uint32_t>(code, i + 3) == offset) return true;
  }
  return false;
}

// The server's own list of tables begins with ALL_PLUGINS: PLUGIN_NAME varchar(64), PLUGIN_VERSION,
// ...
bool tables_are_declared_alike() {
  const auto* first = static_cast<const SchemaTable*>(server_symbol("schema_tables"));
  if (first == nullptr || std::strcmp(first->name, "ALL_PLUGINS") != 0) return false;
  const ColumnDeclaration* columns = first->columns;
  return columns[0].type_handler == type_handler_varchar && columns[0].length == 64 &&
         columns[0].name_length == 11 && std::strcmp(columns[0].name, "PLUGIN_NAME") == 0 &&
         std::strcmp(columns[1].name, "PLUGIN_VERSION") == 0 &&
         std::strcmp(first[1].name, "APPLICABLE_ROLES") == 0;
}

bool text_is_stored_alike() {
  constexpr size_t head =
      2 * sizeof(void*);  // of a table of virtual functions: offset to top, type
  const void* functions = server_symbol("_ZTV15Field_varstring");
  const void* store = server_symbol("_ZN15Field_varstring5storeEPKcmPK15charset_info_st");
  return functions != nullptr && store != nullptr &&
         at<const void*>(functions, head + store_in_field) == store;
}

}  // namespace

void* server_symbol(const char* name) { return dlsym(RTLD_DEFAULT, name); }

std::string check_layout() {
  if (!tables_are_declared_alike())
    return "its information_schema tables are declared in another way";
  if (!loads_from("_Z22fill_i_s_sql_functionsP3THDP10TABLE_LISTP4Item", table_in_table_list))
    return "TABLE_LIST::table is not at offset 0x108";
  if (!loads_from("_Z19add_symbol_to_tablePKcP5TABLE", fields_in_table))
    return "TABLE::field is not at offset 0xa8";
  if (!text_is_stored_alike()) return "Field::store is not the virtual function at 0x60";
  return {};
}

RowWriter::RowWriter(const TABLE_LIST* wanted) : table_(at<TABLE*>(wanted, table_in_table_list)) {}

bool RowWriter::write(THD* thd, const std::string* columns, size_t count) const {
  void* const* fields = at<void* const*>(table_, fields_in_table);
  for (size_t i = 0; i < count; ++i) {
    const auto store = at<StoreText>(at<const void*>(fields[i], 0), store_in_field);
    store(fields[i], columns[i].data(), columns[i].size(), system_charset_info);
  }
  return !schema_table_store_record(thd, table_);
}

}  // namespace aurora
