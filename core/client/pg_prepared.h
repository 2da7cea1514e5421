// SPDX-License-Identifier: Apache-2.0
// What a statement has learned from its server: columns, parameter types, and the name under which
// a link has parsed it. The first execution goes unnamed (most statements run once); the second
// parses under a name in the same flight.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <vector>

#include "core/client.h"
#include "core/client/pg_types.h"

namespace core {

/// Columns of a result and how its cells are made readable. Immutable, shared by the results.
struct PgShape {
  struct UnpackAt {
    int column;
    Unpack unpack;
  };
  std::vector<Column> columns;
  std::vector<int> modifiers;  ///< of the columns' types, as the server sent them
  std::vector<UnpackAt> unpacks;
  bool has_bytes = false;                      ///< a column is of bytea
  std::uint64_t number = 0;                    ///< differs for every shape of the process
  bool binary = false;                         ///< the format of the cells this shape is for
  BinaryForm binary_form = BinaryForm::never;  ///< what its columns allow together

  static std::shared_ptr<const PgShape> of(const PGresult& description, bool binary,
                                           const PgTypeRules& rules);
  /// True when of() would give the same, under the same rules.
  bool is_of(const PGresult& description, bool in_binary) const;
};

/// The types a server expects. Immutable, shared by statements of the same text.
struct PgParameterTypes {
  std::vector<std::uint32_t> oids;
  std::vector<ParameterType> types;
};

/// The names a link has given to its server. Used under the wire mutex.
struct PgStatementNames {
  std::vector<std::string> dead;  ///< no statement has them any more; waiting to be deallocated
  std::string prefix;  ///< differs for every link of every process: links share server sessions
                       ///< behind a transaction-pooling proxy
  std::uint64_t last = 0;
  std::uint64_t epoch = 0;  ///< grows when the application drops all names of its session
  bool unreliable = false;  ///< a name was not there any more: each transaction may meet another
                            ///< server session, so no names are used

  std::string next();
  /// The application has dropped them all.
  void forget_all();
};

/// One name on one link, shared by the statements that use it; deallocated some time after the
/// last of them. Under the wire mutex.
class PgStatementName {
 public:
  PgStatementName(std::uint64_t generation, const std::shared_ptr<PgStatementNames>& names);
  ~PgStatementName();
  PgStatementName(const PgStatementName&) = delete;
  PgStatementName& operator=(const PgStatementName&) = delete;
  const char* text() const { return text_.c_str(); }
  bool lives_on(std::uint64_t generation, const PgStatementNames& names) const {
    return generation_ == generation && epoch_ == names.epoch && !names.unreliable;
  }

 private:
  std::string text_;
  std::uint64_t generation_;
  std::uint64_t epoch_;
  std::weak_ptr<PgStatementNames> names_;
};

class PgPrepared final : public Prepared {
 public:
  explicit PgPrepared(std::string_view sql) : sql_(sql) {}
  /// `reuse` when it is of this text, else a new one.
  static std::shared_ptr<PgPrepared> of(std::string_view sql, std::shared_ptr<Prepared> reuse);

  std::span<const Column> columns() const override;
  std::span<const ParameterType> parameters() const override;
  bool described() const override { return types_ != nullptr; }

  const std::string& sql() const { return sql_; }
  std::span<const std::uint32_t> parameter_oids() const;
  const std::shared_ptr<const PgShape>& shape() const { return shape_; }
  /// A result begins; its own description is newer than what was known.
  void learn_shape(std::shared_ptr<const PgShape> shape) { shape_ = std::move(shape); }
  /// The answer to Describe.
  void learn_description(const PGresult& description, const PgTypeRules& rules);
  /// Takes over what another statement of the same text has learned, its name with it.
  void learn_from(const PgPrepared& other);
  /// True when rows can be asked for in binary; `in_utc`: the session's TimeZone is UTC.
  bool wants_binary(bool in_utc) const {
    if (!shape_ || shape_->binary_form == BinaryForm::never) return false;
    return in_utc || shape_->binary_form == BinaryForm::always;
  }

  /// A column is known to be of bytea.
  bool has_bytes() const { return shape_ && shape_->has_bytes; }

  /// Null: none given, or forgotten.
  const PgStatementName* name() const { return name_.get(); }
  void set_name(std::shared_ptr<PgStatementName> name) { name_ = std::move(name); }
  void forget_name() { name_.reset(); }
  /// Executions of this very statement, and of any statement of its text it has learned from.
  int own_executions() const { return own_executions_; }
  bool executed_before() const { return executed_; }
  void note_execution() {
    executed_ = true;
    ++own_executions_;
  }

 private:
  std::string sql_;
  std::shared_ptr<const PgShape> shape_;
  std::shared_ptr<const PgParameterTypes> types_;
  std::shared_ptr<PgStatementName> name_;
  bool executed_ = false;
  int own_executions_ = 0;
};

}  // namespace core
