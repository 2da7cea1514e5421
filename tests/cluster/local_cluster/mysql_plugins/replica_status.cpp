// SPDX-License-Identifier: Apache-2.0
// The name is a constant of mariadbd, as long as the new one: it is written over in this process's
// copy of the page. 10.11.19 has it once.
#include "replica_status.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace aurora {
namespace {

// With the zero bytes around it, so that no longer name is meant.
constexpr std::string_view old_name("\0Master_Server_Id", 18);
constexpr std::string_view new_name("\0Source_Server_Id", 18);

// Places in the constants of the main program, which dl_iterate_phdr tells first.
int find_in_program(dl_phdr_info* program, size_t, void* found) {
  for (int i = 0; i < program->dlpi_phnum; ++i) {
    const auto& part = program->dlpi_phdr[i];
    if (part.p_type != PT_LOAD || part.p_flags != PF_R) continue;
    const std::string_view text(reinterpret_cast<const char*>(program->dlpi_addr + part.p_vaddr),
                                part.p_memsz);
    for (size_t at = text.find(old_name); at != text.npos; at = text.find(old_name, at + 1))
      static_cast<std::vector<const char*>*>(found)->push_back(text.data() + at);
  }
  return 1;
}

}  // namespace

std::string rename_followed_column() {
  std::vector<const char*> places;
  dl_iterate_phdr(find_in_program, &places);
  if (places.size() != 1)
    return "the name of a column of SHOW REPLICA STATUS is there " + std::to_string(places.size()) +
           " times, not once";
  const auto page = static_cast<uintptr_t>(sysconf(_SC_PAGESIZE));
  const auto begin = reinterpret_cast<uintptr_t>(places[0]) / page * page;
  const auto end = reinterpret_cast<uintptr_t>(places[0]) + new_name.size();
  auto* const pages = reinterpret_cast<void*>(begin);
  if (mprotect(pages, end - begin, PROT_READ | PROT_WRITE) != 0) return "its page stays read-only";
  std::memcpy(const_cast<char*>(places[0]), new_name.data(), new_name.size());
  mprotect(pages, end - begin, PROT_READ);
  return {};
}

}  // namespace aurora
