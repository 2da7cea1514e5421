// SPDX-License-Identifier: Apache-2.0
// When an array of plain INSERTs may become one INSERT over unnested arrays: the text's shape, the
// proof from the catalog that nothing could tell the difference, and the arrays themselves. Comes
// in: pg_batch.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"
#include "core/value.h"

namespace core {

class PgParameters;

/// INSERT INTO table [(columns)] VALUES ($1, $2, ..) and nothing else. Views into the text.
struct PlainInsert {
  std::string_view table;                 ///< as written, with its schema
  std::vector<std::string_view> columns;  ///< as written; empty when none are listed
  std::string_view head;                  ///< up to VALUES
  std::size_t parameters = 0;
};
/// By tokens alone; absent when anything more stands in the text.
std::optional<PlainInsert> plain_insert(std::string_view sql);

/// The INSERT over arrays: parameter n is an array of what parameter n was.
std::string unnested(const PlainInsert& insert);

/// Asks the catalog about the target: $1 the table, $2 the columns as an array (or NULL), $3 the
/// number of parameters. One row: whether sets are alike in transactions of their own and in one
/// transaction, whether they are inside one anyway, and the columns' types. From PostgreSQL 12 on.
extern const char* const rewrite_question;
inline constexpr int rewrite_server_version = 120000;
/// The columns as the text form of an array.
std::string column_array(const PlainInsert& insert);

/// What the catalog said, about one text. A yes holds for a moment and while nothing else is
/// executed on the link: whoever changes the table then changes it between two sets. A no may hold
/// longer, it costs only time.
struct RewriteProof {
  std::string sql;
  bool in_autocommit = false;
  bool in_transaction = false;
  std::vector<std::uint32_t> types;  ///< of the columns, in the order of the parameters
  std::string text;                  ///< to execute instead
  std::uint64_t executions = 0;      ///< of the link when it was asked
  Deadline until;

  bool holds(std::string_view text_now, std::uint64_t executions_now) const {
    const bool yes = in_autocommit || in_transaction;
    return sql == text_now && (!yes || executions == executions_now) && !until.expired();
  }
};

/// The values of many sets as one array per parameter.
class PgArrays {
 public:
  void begin(std::span<const std::uint32_t> types);
  /// Takes a set over as `encoded` for the columns' types. False: the set cannot go in an array
  /// with the others, or would go as another type on its own.
  bool add(std::span<const Parameter> values, const PgParameters& encoded);
  void finish();

  std::size_t sets() const { return sets_; }
  std::size_t bytes() const;
  int count() const { return static_cast<int>(columns_.size()); }
  const std::uint32_t* types() const { return types_.data(); }
  const char* const* values() const { return values_.data(); }
  const int* lengths() const { return lengths_.data(); }
  const int* formats() const { return formats_.data(); }

  /// The OID of the arrays of a type; 0 for types that are not rewritten.
  static std::uint32_t array_of(std::uint32_t type);

 private:
  struct Column {
    std::uint32_t type;
    int format;  ///< of the elements; -1: only NULLs so far
    std::string bytes;
    bool has_null;
  };
  static bool goes_alike(const Parameter& value, std::uint32_t type);
  static void add_value(Column& column, const char* data, std::size_t length);
  static void add_null(Column& column);
  void open(Column& column, int format);
  std::vector<Column> columns_;
  std::size_t sets_ = 0;
  std::vector<std::uint32_t> types_;
  std::vector<const char*> values_;
  std::vector<int> lengths_;
  std::vector<int> formats_;
};

}  // namespace core
