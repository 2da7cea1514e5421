// SPDX-License-Identifier: Apache-2.0
// The callbacks of libmariadb for LOAD DATA LOCAL.
#include "core/client/mysql_local_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "core/client/mysql_errors.h"
#include "core/sql_text.h"

namespace core {
namespace {

constexpr int refused = 2068;  // MySQL 8's code for a file that the client does not give
constexpr int unreadable = 29;

std::string resolved(const char* path) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(path, nullptr), std::free);
  return real != nullptr ? real.get() : "";
}

bool lies_in(const std::string& file, const std::string& directory) {
  return file.size() > directory.size() && file.starts_with(directory) &&
         (directory == "/" || file[directory.size()] == '/');
}

}  // namespace

/// What libmariadb hands from callback to callback.
struct MysqlLocalFiles::Reading {
  ~Reading() {
    if (fd >= 0) ::close(fd);
  }
  int fd = -1;
  int code = unreadable;
  std::string why = "out of memory";
};

void MysqlLocalFiles::attach(MYSQL* link, std::string directory) {
  directory_ = std::move(directory);
  const unsigned int files = directory_.empty() ? 0 : 1;
  mysql_optionsv(link, MYSQL_OPT_LOCAL_INFILE, &files);
  mysql_set_local_infile_handler(link, &MysqlLocalFiles::open, &MysqlLocalFiles::read,
                                 &MysqlLocalFiles::close, &MysqlLocalFiles::error, this);
}

void MysqlLocalFiles::expect(std::string_view sql) noexcept {
  wanted_ = false;
  if (directory_.empty()) return;
  Tokenizer tokens(sql, mysql_lexis);
  bool at_begin = true;
  for (Token token = tokens.next_significant(); token.kind != TokenKind::end;
       token = tokens.next_significant()) {
    wanted_ |= at_begin && is_word(token, "LOAD");
    at_begin = token.is(';');
  }
}

int MysqlLocalFiles::open(const char* name, Reading& reading) const {
  reading.code = refused;
  if (!wanted_) {
    reading.why = "the server asked for a file although the statement is no LOAD: refused";
    return 1;
  }
  const std::string file = resolved(name);
  if (directory_.empty() || !lies_in(file, directory_)) {
    reading.why = fmt::format("LOAD DATA LOCAL: the file '{}' is not in local_infile_dir", name);
    return 1;
  }
  // Resolved above: a link that has taken the file's place since then is not followed.
  reading.fd = ::open(file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
  struct stat facts {};
  if (reading.fd >= 0 && ::fstat(reading.fd, &facts) == 0 && S_ISREG(facts.st_mode)) return 0;
  reading.code = unreadable;
  reading.why = fmt::format("LOAD DATA LOCAL: the file '{}' cannot be read", name);
  return 1;
}

int MysqlLocalFiles::open(void** place, const char* name, void* self) noexcept {
  auto* const reading = new (std::nothrow) Reading;
  *place = reading;
  if (reading == nullptr) return 1;
  try {
    return static_cast<const MysqlLocalFiles*>(self)->open(name, *reading);
  } catch (const std::bad_alloc&) { return 1; }
}

int MysqlLocalFiles::read(void* place, char* buffer, unsigned int size) noexcept {
  auto& reading = *static_cast<Reading*>(place);
  ssize_t got = -1;
  do got = ::read(reading.fd, buffer, std::min(size, static_cast<unsigned int>(INT_MAX)));
  while (got < 0 && errno == EINTR);
  if (got < 0) reading.code = unreadable;
  return static_cast<int>(got);
}

void MysqlLocalFiles::close(void* place) noexcept { delete static_cast<Reading*>(place); }

int MysqlLocalFiles::error(void* place, char* text, unsigned int size) noexcept {
  const auto* const reading = static_cast<const Reading*>(place);
  const char* const why = reading != nullptr ? reading->why.c_str() : "out of memory";
  if (size > 0) {
    std::strncpy(text, why, size - 1);
    text[size - 1] = '\0';
  }
  return reading != nullptr ? reading->code : unreadable;
}

std::string canonical_directory(const std::string& path, std::string_view keyword) {
  std::string real = resolved(path.c_str());
  struct stat facts {};
  if (real.empty() || ::stat(real.c_str(), &facts) != 0 || !S_ISDIR(facts.st_mode))
    throw Error(sqlstate::invalid_attribute_value, mysql_component,
                fmt::format("{}: there is no directory '{}'", keyword, path), Reached::not_sent);
  return real;
}

}  // namespace core
