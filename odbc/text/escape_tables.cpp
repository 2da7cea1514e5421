// SPDX-License-Identifier: Apache-2.0
// The rows. CASTs stand where a bare literal or a parameter without a type would make PostgreSQL
// choose another function. Comes in: escape_tables.h.
#include "odbc/text/escape_tables.h"

#include <array>

namespace odbc::text {
namespace {

constexpr std::array postgres_functions{
    FunctionRow{"BIT_LENGTH", 1, "bit_length(%1)"},
    FunctionRow{"CEILING", 1, "ceiling(%1)"},
    FunctionRow{"CHAR", 1, "chr(CAST(%1 AS integer))"},
    FunctionRow{"CHARACTER_LENGTH", 1, "char_length(%1)"},
    FunctionRow{"CHAR_LENGTH", 1, "char_length(%1)"},
    FunctionRow{"CONCAT", 2, "(%1 || %2)"},
    FunctionRow{"CURDATE", 0, "CURRENT_DATE"},
    FunctionRow{"CURRENT_DATE", 0, "CURRENT_DATE"},
    FunctionRow{"CURRENT_TIME", 0, "LOCALTIME"},
    FunctionRow{"CURRENT_TIME", 1, "LOCALTIME(%1)"},
    FunctionRow{"CURRENT_TIMESTAMP", 0, "LOCALTIMESTAMP"},
    FunctionRow{"CURRENT_TIMESTAMP", 1, "LOCALTIMESTAMP(%1)"},
    FunctionRow{"CURTIME", 0, "LOCALTIME"},
    FunctionRow{"DATABASE", 0, "current_database()"},
    FunctionRow{"DAYNAME", 1, "to_char(CAST(%1 AS timestamp), 'FMDay')"},
    FunctionRow{"DAYOFMONTH", 1, "CAST(extract(day FROM CAST(%1 AS timestamp)) AS integer)"},
    FunctionRow{"DAYOFWEEK", 1, "(CAST(extract(dow FROM CAST(%1 AS timestamp)) AS integer) + 1)"},
    FunctionRow{"DAYOFYEAR", 1, "CAST(extract(doy FROM CAST(%1 AS timestamp)) AS integer)"},
    FunctionRow{"HOUR", 1, "CAST(extract(hour FROM %1) AS integer)"},
    FunctionRow{"IFNULL", 2, "coalesce(%1, %2)"},
    FunctionRow{"INSERT", 4,
                "overlay(%1 placing %4 from CAST(%2 AS integer) for CAST(%3 AS integer))"},
    FunctionRow{"LCASE", 1, "lower(%1)"},
    FunctionRow{"LEFT", 2, "left(%1, CAST(%2 AS integer))"},
    // ODBC's LENGTH counts characters without trailing blanks.
    FunctionRow{"LENGTH", 1, "char_length(rtrim(%1))"},
    FunctionRow{"LOCATE", 2, "strpos(%2, %1)"},
    FunctionRow{"LOCATE", 3,
                "(CASE strpos(substr(%2, CAST(%3 AS integer)), %1) WHEN 0 THEN 0 ELSE"
                " strpos(substr(%2, CAST(%3 AS integer)), %1) + CAST(%3 AS integer) - 1 END)"},
    FunctionRow{"LOG", 1, "ln(CAST(%1 AS double precision))"},
    FunctionRow{"LOG10", 1, "log(CAST(%1 AS double precision))"},
    FunctionRow{"MINUTE", 1, "CAST(extract(minute FROM %1) AS integer)"},
    FunctionRow{"MONTH", 1, "CAST(extract(month FROM CAST(%1 AS timestamp)) AS integer)"},
    FunctionRow{"MONTHNAME", 1, "to_char(CAST(%1 AS timestamp), 'FMMonth')"},
    FunctionRow{"NOW", 0, "LOCALTIMESTAMP"},
    FunctionRow{"QUARTER", 1, "CAST(extract(quarter FROM CAST(%1 AS timestamp)) AS integer)"},
    FunctionRow{"RAND", 0, "random()"},
    FunctionRow{"REPEAT", 2, "repeat(%1, CAST(%2 AS integer))"},
    FunctionRow{"RIGHT", 2, "right(%1, CAST(%2 AS integer))"},
    FunctionRow{"ROUND", 2, "round(CAST(%1 AS numeric), CAST(%2 AS integer))"},
    FunctionRow{"SECOND", 1, "CAST(trunc(extract(second FROM %1)) AS integer)"},
    FunctionRow{"SPACE", 1, "repeat(' ', CAST(%1 AS integer))"},
    FunctionRow{"SUBSTRING", 2, "substr(%1, CAST(%2 AS integer))"},
    FunctionRow{"SUBSTRING", 3, "substr(%1, CAST(%2 AS integer), CAST(%3 AS integer))"},
    FunctionRow{"TRUNCATE", 2, "trunc(CAST(%1 AS numeric), CAST(%2 AS integer))"},
    FunctionRow{"UCASE", 1, "upper(%1)"},
    FunctionRow{"USER", 0, "current_user"},
    FunctionRow{"WEEK", 1, "CAST(extract(week FROM CAST(%1 AS timestamp)) AS integer)"},
    FunctionRow{"YEAR", 1, "CAST(extract(year FROM CAST(%1 AS timestamp)) AS integer)"},
};

constexpr std::array postgres_conversions{
    ConvertRow{"BIGINT", "CAST(%1 AS bigint)"},
    ConvertRow{"BINARY", "CAST(%1 AS bytea)"},
    ConvertRow{"BIT", "CAST(%1 AS boolean)"},
    ConvertRow{"CHAR", "CAST(%1 AS varchar)"},
    ConvertRow{"DATE", "CAST(%1 AS date)"},
    ConvertRow{"DECIMAL", "CAST(%1 AS numeric)"},
    ConvertRow{"DOUBLE", "CAST(%1 AS double precision)"},
    ConvertRow{"FLOAT", "CAST(%1 AS double precision)"},
    ConvertRow{"GUID", "CAST(%1 AS uuid)"},
    ConvertRow{"INTEGER", "CAST(%1 AS integer)"},
    ConvertRow{"LONGVARBINARY", "CAST(%1 AS bytea)"},
    ConvertRow{"LONGVARCHAR", "CAST(%1 AS text)"},
    ConvertRow{"NUMERIC", "CAST(%1 AS numeric)"},
    ConvertRow{"REAL", "CAST(%1 AS real)"},
    ConvertRow{"SMALLINT", "CAST(%1 AS smallint)"},
    ConvertRow{"TIME", "CAST(%1 AS time)"},
    ConvertRow{"TIMESTAMP", "CAST(%1 AS timestamp)"},
    ConvertRow{"TINYINT", "CAST(%1 AS smallint)"},
    ConvertRow{"TYPE_DATE", "CAST(%1 AS date)"},
    ConvertRow{"TYPE_TIME", "CAST(%1 AS time)"},
    ConvertRow{"TYPE_TIMESTAMP", "CAST(%1 AS timestamp)"},
    ConvertRow{"VARBINARY", "CAST(%1 AS bytea)"},
    ConvertRow{"VARCHAR", "CAST(%1 AS varchar)"},
    ConvertRow{"WCHAR", "CAST(%1 AS varchar)"},
    ConvertRow{"WLONGVARCHAR", "CAST(%1 AS text)"},
    ConvertRow{"WVARCHAR", "CAST(%1 AS varchar)"},
    ConvertRow{"INTERVAL_YEAR", "CAST(%1 AS interval year)"},
    ConvertRow{"INTERVAL_MONTH", "CAST(%1 AS interval month)"},
    ConvertRow{"INTERVAL_DAY", "CAST(%1 AS interval day)"},
    ConvertRow{"INTERVAL_HOUR", "CAST(%1 AS interval hour)"},
    ConvertRow{"INTERVAL_MINUTE", "CAST(%1 AS interval minute)"},
    ConvertRow{"INTERVAL_SECOND", "CAST(%1 AS interval second)"},
    ConvertRow{"INTERVAL_YEAR_TO_MONTH", "CAST(%1 AS interval year to month)"},
    ConvertRow{"INTERVAL_DAY_TO_HOUR", "CAST(%1 AS interval day to hour)"},
    ConvertRow{"INTERVAL_DAY_TO_MINUTE", "CAST(%1 AS interval day to minute)"},
    ConvertRow{"INTERVAL_DAY_TO_SECOND", "CAST(%1 AS interval day to second)"},
    ConvertRow{"INTERVAL_HOUR_TO_MINUTE", "CAST(%1 AS interval hour to minute)"},
    ConvertRow{"INTERVAL_HOUR_TO_SECOND", "CAST(%1 AS interval hour to second)"},
    ConvertRow{"INTERVAL_MINUTE_TO_SECOND", "CAST(%1 AS interval minute to second)"},
};

#define POSTGRES_ADD(unit) "(CAST(%2 AS timestamp) + CAST(%1 AS bigint) * INTERVAL '" unit "')"
#define POSTGRES_ELAPSED(per)                                                                  \
  "CAST(trunc(extract(epoch FROM CAST(%2 AS timestamp) - CAST(%1 AS timestamp))::numeric " per \
  ") AS bigint)"
#define POSTGRES_AGE "age(CAST(%2 AS timestamp), CAST(%1 AS timestamp))"
#define POSTGRES_MONTHS \
  "extract(year FROM " POSTGRES_AGE ") * 12 + extract(month FROM " POSTGRES_AGE ")"

constexpr std::array postgres_units{
    UnitRow{"FRAC_SECOND",
            "(CAST(%2 AS timestamp) + CAST(%1 AS bigint) * INTERVAL '1 second' / 1000000000)",
            POSTGRES_ELAPSED("* 1000000000")},
    UnitRow{"SECOND", POSTGRES_ADD("1 second"), POSTGRES_ELAPSED("")},
    UnitRow{"MINUTE", POSTGRES_ADD("1 minute"), POSTGRES_ELAPSED("/ 60")},
    UnitRow{"HOUR", POSTGRES_ADD("1 hour"), POSTGRES_ELAPSED("/ 3600")},
    UnitRow{"DAY", POSTGRES_ADD("1 day"), POSTGRES_ELAPSED("/ 86400")},
    UnitRow{"WEEK", POSTGRES_ADD("7 days"), POSTGRES_ELAPSED("/ 604800")},
    UnitRow{"MONTH", POSTGRES_ADD("1 month"), "CAST(" POSTGRES_MONTHS " AS bigint)"},
    UnitRow{"QUARTER", POSTGRES_ADD("3 months"),
            "CAST(trunc((" POSTGRES_MONTHS ") / 3) AS bigint)"},
    UnitRow{"YEAR", POSTGRES_ADD("1 year"), "CAST(extract(year FROM " POSTGRES_AGE ") AS bigint)"},
};

#undef POSTGRES_ADD
#undef POSTGRES_ELAPSED
#undef POSTGRES_AGE
#undef POSTGRES_MONTHS

// MySQL has nearly all of appendix E under ODBC's names; only what means something else is here.
constexpr std::array mysql_functions{
    FunctionRow{"CURRENT_TIME", 0, "CURRENT_TIME(6)"},
    FunctionRow{"CURRENT_TIMESTAMP", 0, "CURRENT_TIMESTAMP(6)"},
    FunctionRow{"LENGTH", 1, "CHAR_LENGTH(RTRIM(%1))"},
    FunctionRow{"LOG", 1, "LN(%1)"},
    FunctionRow{"NOW", 0, "NOW(6)"},
    // ODBC's weeks are 1 to 53; mode 3 counts as ISO 8601 and PostgreSQL do.
    FunctionRow{"WEEK", 1, "WEEK(%1, 3)"},
};

constexpr std::array mysql_conversions{
    ConvertRow{"BIGINT", "CAST(%1 AS SIGNED)"},
    ConvertRow{"BINARY", "CAST(%1 AS BINARY)"},
    ConvertRow{"BIT", "CAST(%1 AS UNSIGNED)"},
    ConvertRow{"CHAR", "CAST(%1 AS CHAR)"},
    ConvertRow{"DATE", "CAST(%1 AS DATE)"},
    // CAST AS DECIMAL alone has no digits after the point; the widest type loses none.
    ConvertRow{"DECIMAL", "CAST(%1 AS DECIMAL(65,30))"},
    // CAST AS DOUBLE is MySQL 8.0.17 and later.
    ConvertRow{"DOUBLE", "(%1 + 0e0)"},
    ConvertRow{"FLOAT", "(%1 + 0e0)"},
    ConvertRow{"GUID", "CAST(%1 AS CHAR(36))"},
    ConvertRow{"INTEGER", "CAST(%1 AS SIGNED)"},
    ConvertRow{"LONGVARBINARY", "CAST(%1 AS BINARY)"},
    ConvertRow{"LONGVARCHAR", "CAST(%1 AS CHAR)"},
    ConvertRow{"NUMERIC", "CAST(%1 AS DECIMAL(65,30))"},
    ConvertRow{"REAL", "(%1 + 0e0)"},
    ConvertRow{"SMALLINT", "CAST(%1 AS SIGNED)"},
    ConvertRow{"TIME", "CAST(%1 AS TIME(6))"},
    ConvertRow{"TIMESTAMP", "CAST(%1 AS DATETIME(6))"},
    ConvertRow{"TINYINT", "CAST(%1 AS SIGNED)"},
    ConvertRow{"TYPE_DATE", "CAST(%1 AS DATE)"},
    ConvertRow{"TYPE_TIME", "CAST(%1 AS TIME(6))"},
    ConvertRow{"TYPE_TIMESTAMP", "CAST(%1 AS DATETIME(6))"},
    ConvertRow{"VARBINARY", "CAST(%1 AS BINARY)"},
    ConvertRow{"VARCHAR", "CAST(%1 AS CHAR)"},
    ConvertRow{"WCHAR", "CAST(%1 AS CHAR)"},
    ConvertRow{"WLONGVARCHAR", "CAST(%1 AS CHAR)"},
    ConvertRow{"WVARCHAR", "CAST(%1 AS CHAR)"},
};

constexpr std::array mysql_units{
    UnitRow{"FRAC_SECOND", "TIMESTAMPADD(MICROSECOND, %1 DIV 1000, %2)",
            "(TIMESTAMPDIFF(MICROSECOND, %1, %2) * 1000)"},
    UnitRow{"SECOND", "TIMESTAMPADD(SECOND, %1, %2)", "TIMESTAMPDIFF(SECOND, %1, %2)"},
    UnitRow{"MINUTE", "TIMESTAMPADD(MINUTE, %1, %2)", "TIMESTAMPDIFF(MINUTE, %1, %2)"},
    UnitRow{"HOUR", "TIMESTAMPADD(HOUR, %1, %2)", "TIMESTAMPDIFF(HOUR, %1, %2)"},
    UnitRow{"DAY", "TIMESTAMPADD(DAY, %1, %2)", "TIMESTAMPDIFF(DAY, %1, %2)"},
    UnitRow{"WEEK", "TIMESTAMPADD(WEEK, %1, %2)", "TIMESTAMPDIFF(WEEK, %1, %2)"},
    UnitRow{"MONTH", "TIMESTAMPADD(MONTH, %1, %2)", "TIMESTAMPDIFF(MONTH, %1, %2)"},
    UnitRow{"QUARTER", "TIMESTAMPADD(QUARTER, %1, %2)", "TIMESTAMPDIFF(QUARTER, %1, %2)"},
    UnitRow{"YEAR", "TIMESTAMPADD(YEAR, %1, %2)", "TIMESTAMPDIFF(YEAR, %1, %2)"},
};

}  // namespace

constinit const EscapeTables postgres_escapes{postgres_functions,
                                              postgres_conversions,
                                              postgres_units,
                                              "DATE %1",
                                              "TIME %1",
                                              "TIMESTAMP %1",
                                              "UUID %1",
                                              "SELECT * FROM %1(%2)",
                                              "SELECT * FROM %1(%2)"};
constinit const EscapeTables mysql_escapes{
    mysql_functions, mysql_conversions, mysql_units, "DATE %1", "TIME %1", "TIMESTAMP %1", "%1",
    "CALL %1(%2)",   "SELECT %1(%2)"};

}  // namespace odbc::text
