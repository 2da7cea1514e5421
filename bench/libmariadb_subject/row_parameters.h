// SPDX-License-Identifier: Apache-2.0
// One row of the workload as the parameters of a statement.
#pragma once

#include "libmariadb_subject/link.h"
#include "subject/workload.h"

namespace bench {

/// One row (int, double, varchar), bound once; it must outlive the statement's executions.
class RowParameters {
 public:
  RowParameters() = default;
  RowParameters(const RowParameters&) = delete;
  RowParameters& operator=(const RowParameters&) = delete;

  void bind(const Prepared& statement) {
    std::array binds{place(MYSQL_TYPE_LONG, rows_.i.data()),
                     place(MYSQL_TYPE_DOUBLE, rows_.d.data()),
                     place(MYSQL_TYPE_STRING, rows_.s[0].data(), text_size, &s_length_)};
    require(statement, mysql_stmt_bind_param(statement.get(), binds.data()) != 0);
  }
  void set(long number) {
    rows_.set(0, number);
    s_length_ = static_cast<unsigned long>(rows_.s_length[0]);
  }

 private:
  WrittenRows<1> rows_;
  unsigned long s_length_ = 0;
};

}  // namespace bench
