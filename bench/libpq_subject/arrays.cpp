// SPDX-License-Identifier: Apache-2.0
// 1,000 rows per round trip, by the three ways libpq offers: one statement over arrays, one
// statement over 3,000 parameters, and 1,000 executions in one pipeline.
#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "libpq_subject/array_parameters.h"
#include "libpq_subject/cases.h"
#include "libpq_subject/link.h"
#include "libpq_subject/row_parameters.h"

namespace bench {
namespace {

constexpr const char* insert_one = "INSERT INTO bench_insert (i, d, s) VALUES ($1, $2, $3)";
constexpr const char* insert_unnest =
    "INSERT INTO bench_insert (i, d, s) SELECT * FROM unnest($1, $2, $3)";
constexpr const char* update_one = "UPDATE bench_update SET d = $2, s = $3 WHERE i = $1";
constexpr const char* update_unnest =
    "UPDATE bench_update AS old SET d = new.d, s = new.s FROM unnest($1, $2, $3) AS new (i, d, s) "
    "WHERE old.i = new.i";

std::string multi_row_insert() {
  std::string query = "INSERT INTO bench_insert (i, d, s) VALUES ";
  for (std::size_t row = 0; row < array_rows; ++row) {
    query += row == 0 ? "($" : ", ($";
    query += std::to_string(3 * row + 1) + ", $" + std::to_string(3 * row + 2) + ", $" +
             std::to_string(3 * row + 3) + ")";
  }
  return query;
}

void require_rows(const Link& link, const Result& result, long rows) {
  require(link, result, PGRES_COMMAND_OK);
  if (std::stol(PQcmdTuples(result.get())) != rows) throw std::runtime_error("rows are missing");
}

// One statement that takes the block as three arrays.
class Unnest {
 public:
  Unnest(const Link& link, const char* query) : link_(link) {
    prepare(link, "rows", query, ArrayParameters::types);
  }
  void write(const WrittenRows<array_rows>& rows) {
    parameters_.take(rows);
    const Result result(PQexecPrepared(link_.get(), "rows", 3, parameters_.values.data(),
                                       parameters_.lengths.data(), ArrayParameters::formats.data(),
                                       1));
    require_rows(link_, result, array_rows);
  }

 private:
  const Link& link_;
  ArrayParameters parameters_;
};

// VALUES of 1,000 rows, all parameters binary.
class MultiRow {
 public:
  MultiRow(const Link& link, const char*) : link_(link), rows_(array_rows) {
    std::vector<Oid> types;
    for (std::size_t row = 0; row < array_rows; ++row) {
      types.insert(types.end(), row_types.begin(), row_types.end());
    }
    prepare(link, "rows", multi_row_insert().c_str(), types);
  }
  void write(const WrittenRows<array_rows>& rows) {
    for (std::size_t row = 0; row < array_rows; ++row) {
      rows_[row].take(rows, row);
      for (std::size_t column = 0; column < 3; ++column) {
        values_[3 * row + column] = rows_[row].values[column];
        lengths_[3 * row + column] = rows_[row].lengths[column];
      }
    }
    const Result result(PQexecPrepared(link_.get(), "rows", static_cast<int>(values_.size()),
                                       values_.data(), lengths_.data(), formats_.data(), 1));
    require_rows(link_, result, array_rows);
  }

 private:
  const Link& link_;
  std::vector<RowParameters> rows_;
  std::vector<const char*> values_ = std::vector<const char*>(3 * array_rows);
  std::vector<int> lengths_ = std::vector<int>(3 * array_rows);
  std::vector<int> formats_ = std::vector<int>(3 * array_rows, 1);
};

// Where the transactions of a pipeline end.
enum class Commits {
  once,     ///< one synchronisation behind all rows: one transaction
  by_sync,  ///< a synchronisation behind each row
  chained,  ///< COMMIT AND CHAIN behind each row, one synchronisation behind all
};

// 1,000 executions in one pipeline: a result per row.
template <Commits commits>
class Pipeline {
 public:
  Pipeline(const Link& link, const char* query) : link_(link) {
    prepare(link, "rows", query, row_types);
    if (commits == Commits::chained) {
      prepare(link, "begin", "BEGIN");
      prepare(link, "commit", "COMMIT");
      prepare(link, "chain", "COMMIT AND CHAIN");
    }
    PQenterPipelineMode(link.get());
  }
  void write(const WrittenRows<array_rows>& rows) {
    if (commits == Commits::chained) command("begin");
    for (std::size_t at = 0; at < array_rows; ++at) {
      row_.take(rows, at);
      sent(PQsendQueryPrepared(link_.get(), "rows", 3, row_.values.data(), row_.lengths.data(),
                               row_.formats.data(), 1));
      if (commits == Commits::by_sync) sent(PQpipelineSync(link_.get()));
      if (commits == Commits::chained) command(at + 1 < array_rows ? "chain" : "commit");
    }
    if (commits != Commits::by_sync) sent(PQpipelineSync(link_.get()));
    if (commits == Commits::chained) take_command();
    for (std::size_t at = 0; at < array_rows; ++at) {
      require_rows(link_, Result(PQgetResult(link_.get())), 1);
      PQgetResult(link_.get());
      if (commits == Commits::by_sync) take_sync();
      if (commits == Commits::chained) take_command();
    }
    if (commits != Commits::by_sync) take_sync();
  }

 private:
  void sent(int accepted) {
    if (accepted == 0) throw std::runtime_error(PQerrorMessage(link_.get()));
  }
  void command(const char* name) {
    sent(PQsendQueryPrepared(link_.get(), name, 0, nullptr, nullptr, nullptr, 1));
  }
  void take_command() {
    require(link_, Result(PQgetResult(link_.get())), PGRES_COMMAND_OK);
    PQgetResult(link_.get());
  }
  void take_sync() { require(link_, Result(PQgetResult(link_.get())), PGRES_PIPELINE_SYNC); }

  const Link& link_;
  RowParameters row_;
};

template <typename Way, const char* const* query>
Sample write_arrays(const Settings& settings) {
  const Link link = open_link(settings.connection);
  const auto rows = std::make_unique<WrittenRows<array_rows>>();
  Way way(link, *query);
  Meter meter;
  meter.resume();
  for (long op = 0; op < settings.ops; ++op) {
    for (std::size_t row = 0; row < array_rows; ++row) {
      rows->set(row, op * static_cast<long>(array_rows) + static_cast<long>(row));
    }
    way.write(*rows);
  }
  return meter.finish(static_cast<double>(settings.ops) * array_rows, 0);
}

constexpr std::array cases{
    Case{"insert_array", "unnest1000", write_arrays<Unnest, &insert_unnest>},
    Case{"insert_array", "multirow1000", write_arrays<MultiRow, &insert_one>},
    Case{"insert_array", "pipeline1000", write_arrays<Pipeline<Commits::once>, &insert_one>},
    Case{"insert_array", "pipeline1000_sync",
         write_arrays<Pipeline<Commits::by_sync>, &insert_one>},
    Case{"insert_array", "pipeline1000_chain",
         write_arrays<Pipeline<Commits::chained>, &insert_one>},
    Case{"update_array", "unnest1000", write_arrays<Unnest, &update_unnest>},
    Case{"update_array", "pipeline1000", write_arrays<Pipeline<Commits::once>, &update_one>},
    Case{"update_array", "pipeline1000_sync",
         write_arrays<Pipeline<Commits::by_sync>, &update_one>},
    Case{"update_array", "pipeline1000_chain",
         write_arrays<Pipeline<Commits::chained>, &update_one>},
};

}  // namespace

std::span<const Case> array_cases() { return cases; }

}  // namespace bench
