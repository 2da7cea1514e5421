// SPDX-License-Identifier: Apache-2.0
// The merged option table and the values of one connection. The C face parses the connection string
// into keyword/value pairs; OptionTable::read turns them into Options or a clear HY024.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/error.h"
#include "core/option.h"
#include "core/secret.h"

namespace core {

/// The values one connection was given. Immutable after reading but for `set`; copyable (monitors
/// take copies). Getters return the option's default when the user gave nothing, and zero, false or
/// the first choice when there is no default either: ask given() where that matters.
class Options {
 public:
  bool given(const Option& option) const;
  /// Whether `<prefix>key=value` was given.
  bool given(const Option& option, std::string_view prefix) const;
  std::string text(const Option& option) const;
  Secret secret(const Option& option) const;
  std::int64_t integer(const Option& option) const;
  bool boolean(const Option& option) const;
  /// Index into option.choices.
  std::size_t choice(const Option& option) const;
  milliseconds span(
      const Option& option) const;  ///< for span_seconds and span_milliseconds options
  /// Items without surrounding blanks; empty items are dropped.
  std::vector<std::string> list(const Option& option) const;

  /// Sets a value as OptionTable::read would keep it (a choice by its first spelling); the caller
  /// knows it is legal.
  void set(const Option& option, std::string value);
  void erase(const Option& option);

  /// The copy a monitor uses: every `<prefix>key=value` given replaces `key`.
  Options with_prefix(std::string_view prefix) const;

  /// What was given, in table order, what `set` added last: for out-strings and logs. The keyword
  /// is `prefix` + option->name. Secrets included: the caller decides. Views into this object.
  struct Given {
    const Option* option;
    const std::string* value;
    std::string_view prefix;  ///< "topology-monitoring-", or empty
  };
  std::vector<Given> given_values() const;

 private:
  friend class OptionTable;
  struct Value {
    const Option* option;
    std::string_view prefix;  // one of OptionTable::prefixes(), or empty
    Secret text;              // any value is wiped: which one is secret does not matter here
  };
  const Value* find(const Option& option, std::string_view prefix) const;
  std::string_view effective(const Option& option) const;
  std::vector<Value> values_;  // a handful: a linear search beats a map
};

/// One keyword of the connection string with its value, as written.
struct Keyword {
  std::string name;
  std::string value;
};

/// What reading found that is worth a warning (01S00).
struct OptionWarning {
  Sqlstate state;
  std::string text;
};

/// All options the driver knows. Built once; read-only afterwards, so any thread may use it.
class OptionTable {
 public:
  /// Of two options with the same spelling the first declared has it; clashes() names them.
  explicit OptionTable(std::vector<OptionGroup> groups);

  /// Finds by name or alias; case, `_`, `-` and blanks do not matter. Null when unknown.
  const Option* find(std::string_view name) const;

  /// Reads keyword/value pairs; the first occurrence of an option wins, and a keyword without a
  /// value counts as not given. Unknown and ignored keywords are reported as 01S00 in `warnings`.
  /// Throws HY024 naming keyword and allowed values (never the value of a secret).
  Options read(std::span<const Keyword> keywords, std::vector<OptionWarning>& warnings) const;

  std::span<const OptionGroup> groups() const { return groups_; }
  /// docs/options.md; a test compares it with the file.
  std::string documentation() const;
  /// Name clashes between options and aliases; empty when the table is sound.
  std::vector<std::string> clashes() const;

  /// Prefixes that make a monitor's own copy of an option ("topology-monitoring-").
  static std::span<const std::string_view> prefixes();

 private:
  bool is_list(std::string_view name) const;
  struct Entry {
    const Option* option;
    bool in_milliseconds;
    std::size_t order;
    std::string_view prefix = {};
  };
  void declare(std::string_view name, Entry entry);
  std::optional<Entry> look_up(std::string_view keyword) const;
  std::optional<Entry> wanted(const Keyword& keyword, std::vector<OptionWarning>& warnings) const;
  static std::string documented_row(const Option& option);
  std::vector<OptionGroup> groups_;
  std::map<std::string, Entry, std::less<>> by_name_;
  std::vector<std::string> clashes_;
};

/// Lower case without `_`, `-` and blanks: how keywords and choices are compared.
std::string normalized(std::string_view name);

/// Options that belong to no plugin, dialect or client (spec core-behaviour 1.1).
namespace general {
extern const Option host, port, database, user, password, engine, wrapper_dialect, plugins,
    auto_sort_wrapper_plugin_order, connect_timeout, auxiliary_query_timeout_sec,
    topology_refresh_ms, cluster_topology_high_refresh_rate_ms, cluster_id,
    cluster_instance_host_pattern, transfer_session_state_on_switch, init_sql, cancel_grace_ms,
    dsn_only_output, log_level, log_file;
const OptionGroup& group();
}  // namespace general

}  // namespace core
