// SPDX-License-Identifier: Apache-2.0
#include "facts.h"

#define MYSQL_DYNAMIC_PLUGIN
#include <mysql/plugin.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace aurora {
namespace {

constexpr const char* facts_file = "../facts.json";  // mariadbd works in its data directory

double now() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string file_text(const std::string& name = facts_file) {
  std::ifstream file(name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// A piece of JSON text, taken apart by the server's own JSON service.
class Json {
 public:
  Json() = default;
  explicit Json(std::string text) : text_(std::move(text)) {}

  bool empty() const { return text_.empty(); }

  Json key(const char* name) const {
    const char* value = nullptr;
    int length = 0;
    const json_types kind = json_get_object_key(begin(), end(), name, &value, &length);
    return taken(kind, value, length);
  }

  Json item(int number) const {
    const char* value = nullptr;
    int length = 0;
    const json_types kind = json_get_array_item(begin(), end(), number, &value, &length);
    return taken(kind, value, length);
  }

  const std::string& text() const { return text_; }
  double number() const { return std::strtod(text_.c_str(), nullptr); }

 private:
  static Json taken(json_types kind, const char* value, int length) {
    if (kind == JSV_BAD_JSON) throw std::runtime_error("facts.json is not JSON");
    if (kind == JSV_NOTHING || kind == JSV_NULL) return {};
    return Json(std::string(value, static_cast<size_t>(length)));
  }

  const char* begin() const { return text_.data(); }
  const char* end() const { return text_.data() + text_.size(); }

  std::string text_;
};

// The override, else the newest topology whose time has come.
Json instances_in(const Json& facts, double time) {
  Json chosen = facts.key("override");
  if (!chosen.empty()) return chosen;
  double newest = -1;
  const Json told = facts.key("told");
  for (int i = 0;; ++i) {
    const Json entry = told.item(i);
    if (entry.empty()) return chosen;
    const double from = entry.key("from").number();
    if (from <= time && from > newest) {
      newest = from;
      chosen = entry.key("instances");
    }
  }
}

// A host that is down was last seen at `seen_at`; a lie may say how old it is.
double update_time(const Json& row, double time) {
  const Json seen = row.key("seen_at");
  if (!seen.empty()) return seen.number();
  return time - row.key("age_s").number();
}

}  // namespace

// mariadb_host.py changes it each time a host becomes a reader, and writes it down.
std::string server_number(const std::string& instance) {
  const std::string number = file_text("../../" + instance + "/server_id");
  return number.empty() ? "4294967295" : number;
}

std::string own_id() { return Json(file_text()).key("self").text(); }

std::vector<ToldInstance> told_now() {
  const double time = now();
  std::vector<ToldInstance> rows;
  const Json instances = instances_in(Json(file_text()), time);
  for (int i = 0;; ++i) {
    const Json row = instances.item(i);
    if (row.empty()) return rows;
    rows.push_back({row.key("server_id").text(), row.key("session_id").text(),
                    row.key("cpu").number(), row.key("lag_ms").number(), update_time(row, time),
                    row.key("endpoint").text(), row.key("port").text()});
  }
}

}  // namespace aurora
