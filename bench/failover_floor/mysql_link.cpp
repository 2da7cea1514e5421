// SPDX-License-Identifier: Apache-2.0
// The floor on bare libmariadb.
#include <mysql.h>

#include <map>
#include <sstream>

#include "failover_floor/link.h"

namespace bench {
namespace {

std::map<std::string, std::string> words_of(const std::string& conninfo) {
  std::map<std::string, std::string> words;
  std::istringstream parts(conninfo);
  for (std::string part; parts >> part;)
    if (const auto at = part.find('='); at != std::string::npos)
      words[part.substr(0, at)] = part.substr(at + 1);
  return words;
}

class MysqlLink final : public FloorLink {
 public:
  explicit MysqlLink(const std::string& conninfo) : link_(mysql_init(nullptr)) {
    auto words = words_of(conninfo);
    const unsigned int seconds = 2;
    mysql_optionsv(link_, MYSQL_OPT_CONNECT_TIMEOUT, &seconds);
    open_ =
        mysql_real_connect(link_, words["host"].c_str(), words["user"].c_str(),
                           words["password"].c_str(), words["dbname"].c_str(),
                           static_cast<unsigned>(std::stoul(words["port"])), nullptr, 0) != nullptr;
  }
  ~MysqlLink() override { mysql_close(link_); }
  MysqlLink(const MysqlLink&) = delete;
  MysqlLink& operator=(const MysqlLink&) = delete;

  bool is_open() const override { return open_; }
  bool accepts(const char* statement) override {
    return open_ && mysql_query(link_, statement) == 0;
  }
  std::string error() const override { return mysql_error(link_); }

 private:
  MYSQL* link_;
  bool open_ = false;
};

}  // namespace

std::unique_ptr<FloorLink> connect_mysql(const std::string& conninfo) {
  static const int ready = mysql_library_init(0, nullptr, nullptr);
  static_cast<void>(ready);
  return std::make_unique<MysqlLink>(conninfo);
}

}  // namespace bench
