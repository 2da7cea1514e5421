// SPDX-License-Identifier: Apache-2.0
#include "innodb_read_only.h"

#include <sys/uio.h>
#include <unistd.h>

#include <string_view>

// Exported by mariadbd, though not part of its plugin interface.
class sys_var;
sys_var* intern_find_sys_var(const char* name, size_t length);
extern bool opt_readonly;

namespace aurora {
namespace {

// How a plugin declares a boolean variable: MYSQL_SYSVAR_BOOL of mysql/plugin.h. InnoDB is a plugin
// too.
struct BoolVariable {
  int flags;
  const char* name;
  const char* comment;
  void* check;
  void* update;
  bool* value;
  bool default_value;
};

// Copies what is at `address`; false when nothing readable is there. The kernel looks, so no guess
// can crash.
bool read_memory(const void* address, void* into, size_t size) {
  const iovec to{into, size};
  const iovec from{const_cast<void*>(address), size};
  return process_vm_readv(getpid(), &to, 1, &from, 1, 0) == static_cast<ssize_t>(size);
}

bool begins_with(const char* address, std::string_view wanted) {
  char found[32];
  return wanted.size() <= sizeof found && read_memory(address, found, wanted.size()) &&
         std::string_view(found, wanted.size()) == wanted;
}

bool is_text(const char* address, std::string_view wanted) {
  return begins_with(address, std::string(wanted) + '\0');
}

// InnoDB declares the name without its prefix; the server puts the prefix before it (10.11.19).
bool declares_read_only(const BoolVariable* declared) {
  BoolVariable found{};
  bool value = true;
  return read_memory(declared, &found, sizeof found) &&
         (is_text(found.name, "read_only") || is_text(found.name, "innodb_read_only")) &&
         begins_with(found.comment, "Start InnoDB in read only mode") &&
         read_memory(found.value, &value, sizeof value) && !value && !found.default_value;
}

}  // namespace

std::string show_read_only_as_innodb_read_only() {
  constexpr std::string_view name = "innodb_read_only";
  constexpr size_t words = 64;  // more than the object that the server keeps per variable
  const sys_var* variable = intern_find_sys_var(name.data(), name.size());
  if (variable == nullptr) return "there is no variable innodb_read_only";
  for (size_t i = 0; i < words; ++i) {
    BoolVariable* declared = nullptr;
    if (!read_memory(reinterpret_cast<const char*>(variable) + i * sizeof declared, &declared,
                     sizeof declared))
      break;
    if (!declares_read_only(declared)) continue;
    declared->value = &opt_readonly;
    return {};
  }
  return "the declaration of innodb_read_only is not where it is expected";
}

}  // namespace aurora
