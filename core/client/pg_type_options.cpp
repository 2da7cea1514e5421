// SPDX-License-Identifier: Apache-2.0
// The rows, each choice in the order of its enumeration in PgTypeRules.
#include "core/client/pg_type_options.h"

namespace core::pg_type_options {

namespace {

constexpr std::string_view int8_choices[] = {"bigint|default|-5", "numeric|decimal|2", "double|8",
                                             "integer|int4|4", "char|varchar|12"};
constexpr std::string_view numeric_choices[] = {"decimal|default|numeric|2", "double|8",
                                                "varchar|char|12", "longvarchar|memo|-1"};
constexpr std::string_view timestamptz_choices[] = {"local", "utc", "char"};
constexpr std::string_view guid_choices[] = {"guid", "char"};
constexpr std::string_view interval_choices[] = {"char", "interval"};

}  // namespace

constinit const Option bools_as_char{
    .name = "bools_as_char",
    .type = OptionType::boolean,
    .default_value = "false",
    .help = "Reports boolean columns as SQL_WVARCHAR(5) with `0` and `1` instead of SQL_BIT."};

constinit const Option int8_as{
    .name = "int8_as",
    .type = OptionType::choice,
    .default_value = "bigint",
    .help = "How bigint columns are reported, for applications that do not know SQL_BIGINT.",
    .choices = int8_choices};

constinit const Option numeric_as{
    .name = "numeric_as",
    .type = OptionType::choice,
    .default_value = "decimal",
    .help =
        "How numeric columns without a precision are reported: SQL_DECIMAL of 38 digits, or "
        "another type. As characters no digit is lost in any case.",
    .choices = numeric_choices};

constinit const Option numeric_scale{
    .name = "numeric_scale",
    .type = OptionType::integer,
    .default_value = "15",
    .help = "The scale that numeric columns without a precision are reported with.",
    .minimum = 0,
    .maximum = 38};

constinit const Option timestamptz_as{
    .name = "timestamptz_as",
    .type = OptionType::choice,
    .default_value = "local",
    .help =
        "What a timestamp with time zone is: `local`, the session's time (characters show its "
        "offset); `utc`, converted to UTC; `char`, reported as characters.",
    .choices = timestamptz_choices};

constinit const Option guid_as{
    .name = "guid_as",
    .type = OptionType::choice,
    .default_value = "guid",
    .help = "Reports uuid columns as SQL_GUID, or as characters for clients without that type.",
    .choices = guid_choices};

constinit const Option interval_as{
    .name = "interval_as",
    .type = OptionType::choice,
    .default_value = "char",
    .help =
        "Reports interval columns as characters, or as SQL_INTERVAL types of the fields they are "
        "declared with (days to seconds without).",
    .choices = interval_choices};

constinit const Option max_long_varchar_size{
    .name = "max_long_varchar_size",
    .type = OptionType::integer,
    .default_value = "0",
    .help =
        "Size reported for text and bytes without a limit, for applications that allocate by it; "
        "0 means unknown. Nothing is cut to it."};

PgTypeRules rules(const Options& options) {
  PgTypeRules rules;
  rules.bools_as_char = options.boolean(bools_as_char);
  rules.int8 = static_cast<PgTypeRules::Int8>(options.choice(int8_as));
  rules.numeric = static_cast<PgTypeRules::Numeric>(options.choice(numeric_as));
  rules.numeric_scale = static_cast<std::int16_t>(options.integer(numeric_scale));
  rules.timestamptz = static_cast<PgTypeRules::TimestampTz>(options.choice(timestamptz_as));
  rules.guid_as_char = options.choice(guid_as) == 1;
  rules.interval_as_interval = options.choice(interval_as) == 1;
  rules.long_size = options.integer(max_long_varchar_size);
  return rules;
}

}  // namespace core::pg_type_options
