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
  std::vector<UnpackAt> unpacks;
  bool binary = false;                         ///< the format of the cells this shape is for
  BinaryForm binary_form = BinaryForm::never;  ///< what its columns allow together

  static std::shared_ptr<const PgShape> of(const PGresult& description, bool binary,
                                           const PgTypeRules& rules);
};

/// Names of statements whose Prepared is gone, waiting to be deallocated. Shared by a link and its
/// statements; used under the wire mutex.
struct PgStatementNames {
  std::vector<std::string> dead;
  std::uint64_t last = 0;
};

class PgPrepared final : public Prepared {
 public:
  explicit PgPrepared(std::string_view sql) : sql_(sql) {}
  ~PgPrepared() override { forget_name(); }
  PgPrepared(const PgPrepared&) = delete;
  PgPrepared& operator=(const PgPrepared&) = delete;

  std::span<const Column> columns() const override;
  std::span<const ParameterType> parameters() const override { return parameters_; }
  bool described() const override { return described_; }

  const std::string& sql() const { return sql_; }
  const std::vector<std::uint32_t>& parameter_oids() const { return oids_; }
  const std::shared_ptr<const PgShape>& shape() const { return shape_; }
  /// A result begins; its own description is newer than what was known.
  void learn_shape(std::shared_ptr<const PgShape> shape) { shape_ = std::move(shape); }
  /// The answer to Describe.
  void learn_description(const PGresult& description, const PgTypeRules& rules);
  /// True when rows can be asked for in binary; `in_utc`: the session's TimeZone is UTC.
  bool wants_binary(bool in_utc) const {
    if (!shape_ || shape_->binary_form == BinaryForm::never) return false;
    return in_utc || shape_->binary_form == BinaryForm::always;
  }

  bool is_named_on(std::uint64_t generation) const {
    return generation_ == generation && !name_.empty();
  }
  const std::string& name() const { return name_; }
  void set_name(std::string name, std::uint64_t generation,
                const std::shared_ptr<PgStatementNames>& names);
  void forget_name();
  bool executed_before() const { return executed_; }
  void note_execution() { executed_ = true; }

 private:
  std::string sql_;
  std::shared_ptr<const PgShape> shape_;
  std::vector<ParameterType> parameters_;
  std::vector<std::uint32_t> oids_;
  bool described_ = false;
  bool executed_ = false;
  std::string name_;
  std::uint64_t generation_ = 0;
  std::weak_ptr<PgStatementNames> names_;
};

}  // namespace core
