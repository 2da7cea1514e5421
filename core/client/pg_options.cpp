// SPDX-License-Identifier: Apache-2.0
// The PostgreSQL client's own rows of the option table.
#include "core/client/pg_options.h"

#include "core/client/pg_type_options.h"

namespace core::pg_options {
namespace {

// In the order of RollbackOnError.
constexpr std::string_view levels[] = {"transaction", "statement"};
constexpr const Option* all[] = {&rollback_on_error,
                                 &pg_type_options::bools_as_char,
                                 &pg_type_options::int8_as,
                                 &pg_type_options::numeric_as,
                                 &pg_type_options::numeric_scale,
                                 &pg_type_options::timestamptz_as,
                                 &pg_type_options::guid_as,
                                 &pg_type_options::interval_as,
                                 &pg_type_options::max_long_varchar_size};

}  // namespace

constexpr Option rollback_on_error{
    .name = "rollback_on_error",
    .type = OptionType::choice,
    .default_value = "transaction",
    .help =
        "What a failed statement takes back while a transaction is open: transaction (the server "
        "refuses everything until the rollback) or statement (only itself; a savepoint of the "
        "driver travels with each statement, and the application's own savepoints are left alone). "
        "MySQL and MariaDB always take back only the statement, whatever is set here.",
    .choices = levels};

constexpr OptionGroup group{"PostgreSQL", all};

}  // namespace core::pg_options
