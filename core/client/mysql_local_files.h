// SPDX-License-Identifier: Apache-2.0
// LOAD DATA LOCAL: which files of this machine a server may have. It may ask for any, in answer to
// any statement; it gets one only in answer to a LOAD, and only from the directory that the user
// opened for it (local_infile_dir).
#pragma once

#include <mysql.h>

#include <string>
#include <string_view>

namespace core {

/// One link's. Must outlive the link.
class MysqlLocalFiles {
 public:
  /// Before connecting. `directory` is canonical; empty: no file at all.
  void attach(MYSQL* link, std::string directory);
  /// What is sent next: only a LOAD may be answered by the wish for a file.
  void expect(std::string_view sql) noexcept;
  void expect_none() noexcept { wanted_ = false; }

 private:
  struct Reading;
  static int open(void** reading, const char* name, void* self) noexcept;
  static int read(void* reading, char* buffer, unsigned int size) noexcept;
  static void close(void* reading) noexcept;
  static int error(void* reading, char* text, unsigned int size) noexcept;
  int open(const char* name, Reading& reading) const;

  std::string directory_;
  bool wanted_ = false;
};

/// `path` with all links resolved; throws HY024 naming `keyword` when it is no directory.
std::string canonical_directory(const std::string& path, std::string_view keyword);

}  // namespace core
