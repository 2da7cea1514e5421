// SPDX-License-Identifier: Apache-2.0
// What the driver and the two engines can do, row by row. Values are the truth of what this library
// exports and of what the servers accept; where the engines differ, both are named in the row.
#include "odbc/tables/info_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "core/version.h"

namespace odbc {
namespace {

// Reserved by the server and not in ODBC's own list (ODBC reference, appendix C).
constexpr const char* postgres_keywords =
    "ANALYSE,ANALYZE,ARRAY,ASYMMETRIC,BINARY,CONCURRENTLY,CURRENT_CATALOG,CURRENT_ROLE,"
    "CURRENT_SCHEMA,DO,FREEZE,ILIKE,ISNULL,LATERAL,LIMIT,LOCALTIME,LOCALTIMESTAMP,NOTNULL,OFFSET,"
    "PLACING,RETURNING,SIMILAR,SYMMETRIC,TABLESAMPLE,VARIADIC,VERBOSE,WINDOW";
constexpr const char* mariadb_keywords =
    "ACCESSIBLE,ANALYZE,ASENSITIVE,BEFORE,BIGINT,BINARY,BLOB,CALL,CHANGE,CONDITION,CURRENT_ROLE,"
    "DATABASES,DAY_HOUR,DAY_MICROSECOND,DAY_MINUTE,DAY_SECOND,DELAYED,DELETE_DOMAIN_ID,"
    "DETERMINISTIC,DISTINCTROW,DIV,DO_DOMAIN_IDS,DUAL,EACH,ELSEIF,ENCLOSED,ESCAPED,EXIT,EXPLAIN,"
    "FLOAT4,FLOAT8,FORCE,FULLTEXT,HIGH_PRIORITY,HOUR_MICROSECOND,HOUR_MINUTE,HOUR_SECOND,IF,"
    "IGNORE,IGNORE_DOMAIN_IDS,INFILE,INOUT,INT1,INT2,INT3,INT4,INT8,ITERATE,KEYS,KILL,LEAVE,"
    "LIMIT,LINEAR,LINES,LOAD,LOCALTIME,LOCALTIMESTAMP,LOCK,LONG,LONGBLOB,LONGTEXT,LOOP,"
    "LOW_PRIORITY,MASTER_DEMOTE_TO_REPLICA,MASTER_DEMOTE_TO_SLAVE,MASTER_SSL_VERIFY_SERVER_CERT,"
    "MAXVALUE,MEDIUMBLOB,MEDIUMINT,MEDIUMTEXT,MIDDLEINT,MINUTE_MICROSECOND,MINUTE_SECOND,MOD,"
    "MODIFIES,NO_WRITE_TO_BINLOG,OFFSET,OPTIMIZE,OPTIONALLY,OUT,OUTFILE,OVER,PAGE_CHECKSUM,"
    "PARSE_VCOL_EXPR,PARTITION,PORTION,PURGE,RANGE,READS,READ_WRITE,RECURSIVE,REF_SYSTEM_ID,"
    "REGEXP,RELEASE,RENAME,REPEAT,REPLACE,REQUIRE,RESIGNAL,RETURN,RETURNING,RLIKE,ROW_NUMBER,"
    "SCHEMAS,SECOND_MICROSECOND,SENSITIVE,SEPARATOR,SHOW,SIGNAL,SPATIAL,SPECIFIC,SQLEXCEPTION,"
    "SQL_BIG_RESULT,SQL_CALC_FOUND_ROWS,SQL_SMALL_RESULT,SSL,STARTING,STATS_AUTO_RECALC,"
    "STATS_PERSISTENT,STATS_SAMPLE_PAGES,STRAIGHT_JOIN,TERMINATED,TINYBLOB,TINYINT,TINYTEXT,"
    "TRIGGER,UNDO,UNLOCK,UNSIGNED,USE,UTC_DATE,UTC_TIME,UTC_TIMESTAMP,VARBINARY,VARCHARACTER,"
    "WHILE,XOR,YEAR_MONTH,ZEROFILL";
constexpr const char* mysql_keywords =
    "ACCESSIBLE,ANALYZE,ASENSITIVE,BEFORE,BIGINT,BINARY,BLOB,CALL,CHANGE,CONDITION,DATABASE,"
    "DATABASES,DAY_HOUR,DAY_MICROSECOND,DAY_MINUTE,DAY_SECOND,DELAYED,DETERMINISTIC,DISTINCTROW,"
    "DIV,DUAL,EACH,ELSEIF,ENCLOSED,ESCAPED,EXIT,EXPLAIN,FLOAT4,FLOAT8,FORCE,FULLTEXT,"
    "HIGH_PRIORITY,HOUR_MICROSECOND,HOUR_MINUTE,HOUR_SECOND,IF,IGNORE,INFILE,INOUT,INT1,INT2,"
    "INT3,INT4,INT8,IO_AFTER_GTIDS,IO_BEFORE_GTIDS,ITERATE,KEYS,KILL,LEAVE,LIMIT,LINEAR,LINES,"
    "LOAD,LOCALTIME,LOCALTIMESTAMP,LOCK,LONG,LONGBLOB,LONGTEXT,LOOP,LOW_PRIORITY,MASTER_BIND,"
    "MASTER_SSL_VERIFY_SERVER_CERT,MAXVALUE,MEDIUMBLOB,MEDIUMINT,MEDIUMTEXT,MIDDLEINT,"
    "MINUTE_MICROSECOND,MINUTE_SECOND,MOD,MODIFIES,NO_WRITE_TO_BINLOG,OPTIMIZE,OPTIONALLY,OUT,"
    "OUTFILE,PARTITION,PURGE,RANGE,READS,READ_WRITE,REGEXP,RELEASE,RENAME,REPEAT,REPLACE,"
    "REQUIRE,RESIGNAL,RETURN,RLIKE,SCHEMAS,SECOND_MICROSECOND,SENSITIVE,SEPARATOR,SHOW,SIGNAL,"
    "SPATIAL,SPECIFIC,SQLEXCEPTION,SQL_BIG_RESULT,SQL_CALC_FOUND_ROWS,SQL_SMALL_RESULT,SSL,"
    "STARTING,STRAIGHT_JOIN,TERMINATED,TINYBLOB,TINYINT,TINYTEXT,TRIGGER,UNDO,UNLOCK,UNSIGNED,"
    "USE,UTC_DATE,UTC_TIME,UTC_TIMESTAMP,VARBINARY,VARCHARACTER,WHILE,XOR,YEAR_MONTH,ZEROFILL";
constexpr const char* mysql_57_keywords = ",GENERATED,OPTIMIZER_COSTS,STORED,VIRTUAL";
constexpr const char* mysql_8_keywords =
    ",CUBE,CUME_DIST,DENSE_RANK,EMPTY,FIRST_VALUE,FUNCTION,GROUPING,GROUPS,JSON_TABLE,LAG,"
    "LAST_VALUE,LATERAL,LEAD,NTH_VALUE,NTILE,OVER,PERCENT_RANK,RANK,RECURSIVE,ROW,ROW_NUMBER,"
    "SYSTEM,WINDOW";

constexpr SQLUINTEGER alter_domain = SQL_AD_CONSTRAINT_NAME_DEFINITION |
                                     SQL_AD_ADD_DOMAIN_CONSTRAINT | SQL_AD_DROP_DOMAIN_CONSTRAINT |
                                     SQL_AD_ADD_DOMAIN_DEFAULT | SQL_AD_DROP_DOMAIN_DEFAULT;
constexpr SQLUINTEGER datetime_literals =
    SQL_DL_SQL92_DATE | SQL_DL_SQL92_TIME | SQL_DL_SQL92_TIMESTAMP | SQL_DL_SQL92_INTERVAL_YEAR |
    SQL_DL_SQL92_INTERVAL_MONTH | SQL_DL_SQL92_INTERVAL_DAY | SQL_DL_SQL92_INTERVAL_HOUR |
    SQL_DL_SQL92_INTERVAL_MINUTE | SQL_DL_SQL92_INTERVAL_SECOND |
    SQL_DL_SQL92_INTERVAL_YEAR_TO_MONTH | SQL_DL_SQL92_INTERVAL_DAY_TO_HOUR |
    SQL_DL_SQL92_INTERVAL_DAY_TO_MINUTE | SQL_DL_SQL92_INTERVAL_DAY_TO_SECOND |
    SQL_DL_SQL92_INTERVAL_HOUR_TO_MINUTE | SQL_DL_SQL92_INTERVAL_HOUR_TO_SECOND |
    SQL_DL_SQL92_INTERVAL_MINUTE_TO_SECOND;
constexpr SQLUINTEGER mysql_views =
    SQL_ISV_CHARACTER_SETS | SQL_ISV_COLLATIONS | SQL_ISV_COLUMNS | SQL_ISV_COLUMN_PRIVILEGES |
    SQL_ISV_KEY_COLUMN_USAGE | SQL_ISV_REFERENTIAL_CONSTRAINTS | SQL_ISV_SCHEMATA | SQL_ISV_TABLES |
    SQL_ISV_TABLE_CONSTRAINTS | SQL_ISV_TABLE_PRIVILEGES | SQL_ISV_VIEWS;
constexpr SQLUINTEGER postgres_views =
    mysql_views | SQL_ISV_CHECK_CONSTRAINTS | SQL_ISV_COLUMN_DOMAIN_USAGE |
    SQL_ISV_CONSTRAINT_COLUMN_USAGE | SQL_ISV_CONSTRAINT_TABLE_USAGE | SQL_ISV_DOMAINS |
    SQL_ISV_DOMAIN_CONSTRAINTS | SQL_ISV_USAGE_PRIVILEGES | SQL_ISV_VIEW_COLUMN_USAGE |
    SQL_ISV_VIEW_TABLE_USAGE;
constexpr SQLUINTEGER numeric_functions =
    SQL_FN_NUM_ABS | SQL_FN_NUM_ACOS | SQL_FN_NUM_ASIN | SQL_FN_NUM_ATAN | SQL_FN_NUM_ATAN2 |
    SQL_FN_NUM_CEILING | SQL_FN_NUM_COS | SQL_FN_NUM_COT | SQL_FN_NUM_DEGREES | SQL_FN_NUM_EXP |
    SQL_FN_NUM_FLOOR | SQL_FN_NUM_LOG | SQL_FN_NUM_LOG10 | SQL_FN_NUM_MOD | SQL_FN_NUM_PI |
    SQL_FN_NUM_POWER | SQL_FN_NUM_RADIANS | SQL_FN_NUM_RAND | SQL_FN_NUM_ROUND | SQL_FN_NUM_SIGN |
    SQL_FN_NUM_SIN | SQL_FN_NUM_SQRT | SQL_FN_NUM_TAN | SQL_FN_NUM_TRUNCATE;
constexpr SQLUINTEGER string_functions =
    SQL_FN_STR_ASCII | SQL_FN_STR_BIT_LENGTH | SQL_FN_STR_CHAR | SQL_FN_STR_CHAR_LENGTH |
    SQL_FN_STR_CHARACTER_LENGTH | SQL_FN_STR_CONCAT | SQL_FN_STR_INSERT | SQL_FN_STR_LCASE |
    SQL_FN_STR_LEFT | SQL_FN_STR_LENGTH | SQL_FN_STR_LOCATE | SQL_FN_STR_LOCATE_2 |
    SQL_FN_STR_LTRIM | SQL_FN_STR_OCTET_LENGTH | SQL_FN_STR_POSITION | SQL_FN_STR_REPEAT |
    SQL_FN_STR_REPLACE | SQL_FN_STR_RIGHT | SQL_FN_STR_RTRIM | SQL_FN_STR_SPACE |
    SQL_FN_STR_SUBSTRING | SQL_FN_STR_UCASE;
constexpr SQLUINTEGER timedate_functions =
    SQL_FN_TD_CURDATE | SQL_FN_TD_CURRENT_DATE | SQL_FN_TD_CURRENT_TIME |
    SQL_FN_TD_CURRENT_TIMESTAMP | SQL_FN_TD_CURTIME | SQL_FN_TD_DAYNAME | SQL_FN_TD_DAYOFMONTH |
    SQL_FN_TD_DAYOFWEEK | SQL_FN_TD_DAYOFYEAR | SQL_FN_TD_EXTRACT | SQL_FN_TD_HOUR |
    SQL_FN_TD_MINUTE | SQL_FN_TD_MONTH | SQL_FN_TD_MONTHNAME | SQL_FN_TD_NOW | SQL_FN_TD_QUARTER |
    SQL_FN_TD_SECOND | SQL_FN_TD_TIMESTAMPADD | SQL_FN_TD_TIMESTAMPDIFF | SQL_FN_TD_WEEK |
    SQL_FN_TD_YEAR;
constexpr SQLUINTEGER timestamp_units =
    SQL_FN_TSI_FRAC_SECOND | SQL_FN_TSI_SECOND | SQL_FN_TSI_MINUTE | SQL_FN_TSI_HOUR |
    SQL_FN_TSI_DAY | SQL_FN_TSI_WEEK | SQL_FN_TSI_MONTH | SQL_FN_TSI_QUARTER | SQL_FN_TSI_YEAR;
constexpr SQLUINTEGER outer_joins = SQL_OJ_LEFT | SQL_OJ_RIGHT | SQL_OJ_NESTED |
                                    SQL_OJ_NOT_ORDERED | SQL_OJ_INNER | SQL_OJ_ALL_COMPARISON_OPS;
constexpr SQLUINTEGER predicates = SQL_SP_BETWEEN | SQL_SP_COMPARISON | SQL_SP_EXISTS | SQL_SP_IN |
                                   SQL_SP_ISNOTNULL | SQL_SP_ISNULL | SQL_SP_LIKE |
                                   SQL_SP_QUANTIFIED_COMPARISON;
constexpr SQLUINTEGER relational_joins = SQL_SRJO_CROSS_JOIN | SQL_SRJO_INNER_JOIN |
                                         SQL_SRJO_LEFT_OUTER_JOIN | SQL_SRJO_NATURAL_JOIN |
                                         SQL_SRJO_RIGHT_OUTER_JOIN;
constexpr SQLUINTEGER revokes = SQL_SR_DELETE_TABLE | SQL_SR_INSERT_TABLE | SQL_SR_INSERT_COLUMN |
                                SQL_SR_REFERENCES_TABLE | SQL_SR_REFERENCES_COLUMN |
                                SQL_SR_SELECT_TABLE | SQL_SR_UPDATE_TABLE | SQL_SR_UPDATE_COLUMN;

// Targets of {fn CONVERT} by source: what CAST accepts on the server.
constexpr SQLUINTEGER texts = SQL_CVT_CHAR | SQL_CVT_VARCHAR | SQL_CVT_LONGVARCHAR | SQL_CVT_WCHAR |
                              SQL_CVT_WVARCHAR | SQL_CVT_WLONGVARCHAR;
constexpr SQLUINTEGER numbers = SQL_CVT_BIGINT | SQL_CVT_DECIMAL | SQL_CVT_DOUBLE | SQL_CVT_FLOAT |
                                SQL_CVT_INTEGER | SQL_CVT_NUMERIC | SQL_CVT_REAL |
                                SQL_CVT_SMALLINT | SQL_CVT_TINYINT;
constexpr SQLUINTEGER binaries = SQL_CVT_BINARY | SQL_CVT_VARBINARY | SQL_CVT_LONGVARBINARY;
constexpr SQLUINTEGER moments = SQL_CVT_DATE | SQL_CVT_TIME | SQL_CVT_TIMESTAMP;
constexpr SQLUINTEGER intervals = SQL_CVT_INTERVAL_YEAR_MONTH | SQL_CVT_INTERVAL_DAY_TIME;

struct Targets {
  SQLUINTEGER postgres, mysql;
};
constexpr SQLUINTEGER mysql_any = texts | numbers | binaries | moments | SQL_CVT_BIT;
constexpr Targets from_number{texts | numbers, mysql_any};
constexpr Targets from_bit{texts | SQL_CVT_BIT | SQL_CVT_INTEGER, mysql_any};
constexpr Targets from_text{
    texts | numbers | binaries | moments | intervals | SQL_CVT_BIT | SQL_CVT_GUID, mysql_any};
constexpr Targets from_bytes{texts | binaries, mysql_any};
constexpr Targets from_date{texts | SQL_CVT_DATE | SQL_CVT_TIMESTAMP, mysql_any};
constexpr Targets from_time{texts | SQL_CVT_TIME | intervals, mysql_any};
constexpr Targets from_timestamp{texts | moments, mysql_any};
constexpr Targets from_guid{texts | SQL_CVT_GUID, 0};
constexpr Targets from_interval{texts | SQL_CVT_TIME | intervals, 0};

SQLUINTEGER conversions(const InfoFacts& facts, const Targets& targets) {
  return facts.postgres() ? targets.postgres : targets.mysql;
}

int major_version(const InfoFacts& facts) {
  int major = 0;
  std::from_chars(facts.server_version.data(),
                  facts.server_version.data() + facts.server_version.size(), major);
  return major;
}

std::string keywords(const InfoFacts& facts) {
  if (facts.postgres()) return postgres_keywords;
  if (facts.mariadb()) return mariadb_keywords;
  std::string words = mysql_keywords;
  if (!facts.server_version.starts_with("5.6")) words += mysql_57_keywords;
  if (major_version(facts) >= 8) words += mysql_8_keywords;
  return words;
}

/// How the server compares table names: 0 case matters, 1 stored in lower case, 2 stored as given.
SQLUSMALLINT identifier_case(const InfoFacts& facts) {
  if (facts.postgres()) return SQL_IC_LOWER;
  const std::string mode = facts.variable("lower_case_table_names");
  if (mode == "1") return SQL_IC_LOWER;
  return mode == "2" ? SQL_IC_MIXED : SQL_IC_SENSITIVE;
}

/// Quotes change nothing about case in MySQL.
SQLUSMALLINT quoted_identifier_case(const InfoFacts& facts) {
  return facts.postgres() ? SQLUSMALLINT{SQL_IC_SENSITIVE} : identifier_case(facts);
}

std::string identifier_quote(const InfoFacts& facts) {
  return facts.postgres() || facts.sql_mode("ANSI_QUOTES") ? "\"" : "`";
}

SQLUSMALLINT group_by(const InfoFacts& facts) {
  if (facts.postgres() || facts.sql_mode("ONLY_FULL_GROUP_BY"))
    return SQL_GB_GROUP_BY_CONTAINS_SELECT;
  return SQL_GB_NO_RELATION;
}

SQLUINTEGER max_statement_length(const InfoFacts& facts) {
  SQLUINTEGER bytes = 0;
  if (facts.postgres()) return bytes;
  const std::string packet = facts.variable("max_allowed_packet");
  std::from_chars(packet.data(), packet.data() + packet.size(), bytes);
  return bytes;
}

/// The session's, under the name of the server's version.
SQLUINTEGER default_isolation(const InfoFacts& facts) {
  if (facts.postgres()) return SQL_TXN_READ_COMMITTED;
  std::string level = facts.variable("transaction_isolation");
  if (level.empty()) level = facts.variable("tx_isolation");
  if (level == "READ-UNCOMMITTED") return SQL_TXN_READ_UNCOMMITTED;
  if (level == "READ-COMMITTED") return SQL_TXN_READ_COMMITTED;
  return level == "SERIALIZABLE" ? SQL_TXN_SERIALIZABLE : SQL_TXN_REPEATABLE_READ;
}

std::string driver_version() {
  return fmt::format("{:02}.{:02}.{:04}", core::version_major, core::version_minor,
                     core::version_patch);
}

constexpr std::array rows = std::to_array<InfoRow>({
    {SQL_MAX_DRIVER_CONNECTIONS, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(0); }},
    {SQL_MAX_CONCURRENT_ACTIVITIES, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(0); }},
    {SQL_DATA_SOURCE_NAME, [](const InfoFacts& f) -> InfoValue { return std::string(f.data_source); }},
    {SQL_DRIVER_NAME, [](const InfoFacts&) -> InfoValue { return std::string("libaurodbc.so"); }},
    {SQL_DRIVER_VER, [](const InfoFacts&) -> InfoValue { return driver_version(); }},
    {SQL_FETCH_DIRECTION, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_FD_FETCH_NEXT}; }},
    {SQL_ODBC_API_CONFORMANCE, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_OAC_LEVEL1); }},
    {SQL_ROW_UPDATES, [](const InfoFacts&) -> InfoValue { return std::string("N"); }},
    {SQL_ODBC_SAG_CLI_CONFORMANCE, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_OSCC_COMPLIANT); }},
    {SQL_SERVER_NAME, [](const InfoFacts& f) -> InfoValue { return std::string(f.server_name); }},
    {SQL_SEARCH_PATTERN_ESCAPE, [](const InfoFacts&) -> InfoValue { return std::string("\\"); }},
    {SQL_ODBC_SQL_CONFORMANCE, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_OSC_CORE); }},
    {SQL_DATABASE_NAME, [](const InfoFacts& f) -> InfoValue { return std::string(f.database); }},
    {SQL_DBMS_NAME, [](const InfoFacts& f) -> InfoValue { return std::string(f.dbms_name); }},
    {SQL_DBMS_VER, [](const InfoFacts& f) -> InfoValue { return dbms_version(f.server_version); }},
    {SQL_ACCESSIBLE_TABLES, [](const InfoFacts&) -> InfoValue { return std::string("N"); }},
    {SQL_ACCESSIBLE_PROCEDURES, [](const InfoFacts&) -> InfoValue { return std::string("N"); }},
    {SQL_PROCEDURES, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_CONCAT_NULL_BEHAVIOR, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_CB_NULL); }},
    {SQL_CURSOR_COMMIT_BEHAVIOR, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_CB_PRESERVE); }},
    {SQL_CURSOR_ROLLBACK_BEHAVIOR, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_CB_PRESERVE); }},
    {SQL_DATA_SOURCE_READ_ONLY, [](const InfoFacts& f) -> InfoValue { return std::string(f.read_only ? "Y" : "N"); }},
    {SQL_DEFAULT_TXN_ISOLATION, [](const InfoFacts& f) -> InfoValue { return default_isolation(f); }},
    {SQL_EXPRESSIONS_IN_ORDERBY, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_IDENTIFIER_CASE, [](const InfoFacts& f) -> InfoValue { return identifier_case(f); }},
    {SQL_IDENTIFIER_QUOTE_CHAR, [](const InfoFacts& f) -> InfoValue { return identifier_quote(f); }},
    {SQL_MAX_COLUMN_NAME_LEN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 63 : 64); }},
    {SQL_MAX_CURSOR_NAME_LEN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 63 : 64); }},
    {SQL_MAX_SCHEMA_NAME_LEN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 63 : 0); }},
    {SQL_MAX_PROCEDURE_NAME_LEN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 63 : 64); }},
    {SQL_MAX_CATALOG_NAME_LEN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 63 : 64); }},
    {SQL_MAX_TABLE_NAME_LEN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 63 : 64); }},
    {SQL_MULT_RESULT_SETS, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_MULTIPLE_ACTIVE_TXN, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_OUTER_JOINS, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_SCHEMA_TERM, [](const InfoFacts& f) -> InfoValue { return std::string(f.postgres() ? "schema" : ""); }},
    {SQL_PROCEDURE_TERM, [](const InfoFacts& f) -> InfoValue { return std::string(f.postgres() ? "procedure" : "stored procedure"); }},
    {SQL_CATALOG_NAME_SEPARATOR, [](const InfoFacts&) -> InfoValue { return std::string("."); }},
    {SQL_CATALOG_TERM, [](const InfoFacts&) -> InfoValue { return std::string("database"); }},
    {SQL_SCROLL_CONCURRENCY, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SCCO_READ_ONLY}; }},
    {SQL_SCROLL_OPTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SO_FORWARD_ONLY}; }},
    {SQL_TABLE_TERM, [](const InfoFacts&) -> InfoValue { return std::string("table"); }},
    {SQL_TXN_CAPABLE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? SQL_TC_ALL : SQL_TC_DDL_COMMIT); }},
    {SQL_USER_NAME, [](const InfoFacts& f) -> InfoValue { return std::string(f.user); }},
    {SQL_CONVERT_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_FN_CVT_CONVERT | SQL_FN_CVT_CAST}; }},
    {SQL_NUMERIC_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{numeric_functions}; }},
    {SQL_STRING_FUNCTIONS, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? string_functions : string_functions | SQL_FN_STR_SOUNDEX); }},
    {SQL_SYSTEM_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_FN_SYS_USERNAME | SQL_FN_SYS_DBNAME | SQL_FN_SYS_IFNULL}; }},
    {SQL_TIMEDATE_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{timedate_functions}; }},
    {SQL_CONVERT_BIGINT, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_BINARY, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_bytes)); }},
    {SQL_CONVERT_BIT, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_bit)); }},
    {SQL_CONVERT_CHAR, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_text)); }},
    {SQL_CONVERT_DATE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_date)); }},
    {SQL_CONVERT_DECIMAL, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_DOUBLE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_FLOAT, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_INTEGER, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_LONGVARCHAR, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_text)); }},
    {SQL_CONVERT_NUMERIC, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_REAL, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_SMALLINT, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_TIME, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_time)); }},
    {SQL_CONVERT_TIMESTAMP, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_timestamp)); }},
    {SQL_CONVERT_TINYINT, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_number)); }},
    {SQL_CONVERT_VARBINARY, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_bytes)); }},
    {SQL_CONVERT_VARCHAR, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_text)); }},
    {SQL_CONVERT_LONGVARBINARY, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_bytes)); }},
    {SQL_TXN_ISOLATION_OPTION, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_TXN_READ_UNCOMMITTED | SQL_TXN_READ_COMMITTED | SQL_TXN_REPEATABLE_READ | SQL_TXN_SERIALIZABLE}; }},
    {SQL_INTEGRITY, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_CORRELATION_NAME, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_CN_ANY); }},
    {SQL_NON_NULLABLE_COLUMNS, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_NNC_NON_NULL); }},
    {SQL_DRIVER_ODBC_VER, [](const InfoFacts&) -> InfoValue { return std::string("03.80"); }},
    {SQL_LOCK_TYPES, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_POS_OPERATIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_POS_POSITION}; }},
    {SQL_POSITIONED_STATEMENTS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_GETDATA_EXTENSIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_GD_ANY_COLUMN | SQL_GD_ANY_ORDER | SQL_GD_BOUND | SQL_GD_BLOCK}; }},
    {SQL_BOOKMARK_PERSISTENCE, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_STATIC_SENSITIVITY, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_FILE_USAGE, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_FILE_NOT_SUPPORTED); }},
    {SQL_NULL_COLLATION, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? SQL_NC_HIGH : SQL_NC_LOW); }},
    {SQL_ALTER_TABLE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_AT_ADD_COLUMN_SINGLE | SQL_AT_ADD_COLUMN_DEFAULT | SQL_AT_ADD_CONSTRAINT | SQL_AT_ADD_TABLE_CONSTRAINT | SQL_AT_DROP_COLUMN_CASCADE | SQL_AT_DROP_COLUMN_RESTRICT | SQL_AT_DROP_TABLE_CONSTRAINT_CASCADE | SQL_AT_DROP_TABLE_CONSTRAINT_RESTRICT | SQL_AT_SET_COLUMN_DEFAULT | SQL_AT_DROP_COLUMN_DEFAULT | SQL_AT_CONSTRAINT_NAME_DEFINITION | SQL_AT_CONSTRAINT_INITIALLY_DEFERRED | SQL_AT_CONSTRAINT_INITIALLY_IMMEDIATE | SQL_AT_CONSTRAINT_DEFERRABLE | SQL_AT_CONSTRAINT_NON_DEFERRABLE : SQL_AT_ADD_COLUMN_SINGLE | SQL_AT_ADD_COLUMN_DEFAULT | SQL_AT_ADD_TABLE_CONSTRAINT | SQL_AT_DROP_COLUMN_RESTRICT | SQL_AT_SET_COLUMN_DEFAULT | SQL_AT_DROP_COLUMN_DEFAULT | SQL_AT_CONSTRAINT_NAME_DEFINITION); }},
    {SQL_COLUMN_ALIAS, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_GROUP_BY, [](const InfoFacts& f) -> InfoValue { return group_by(f); }},
    {SQL_KEYWORDS, [](const InfoFacts& f) -> InfoValue { return keywords(f); }},
    {SQL_ORDER_BY_COLUMNS_IN_SELECT, [](const InfoFacts&) -> InfoValue { return std::string("N"); }},
    {SQL_SCHEMA_USAGE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_SU_DML_STATEMENTS | SQL_SU_PROCEDURE_INVOCATION | SQL_SU_TABLE_DEFINITION | SQL_SU_INDEX_DEFINITION | SQL_SU_PRIVILEGE_DEFINITION : 0); }},
    {SQL_CATALOG_USAGE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_CU_DML_STATEMENTS : SQL_CU_DML_STATEMENTS | SQL_CU_PROCEDURE_INVOCATION | SQL_CU_TABLE_DEFINITION | SQL_CU_INDEX_DEFINITION | SQL_CU_PRIVILEGE_DEFINITION); }},
    {SQL_QUOTED_IDENTIFIER_CASE, [](const InfoFacts& f) -> InfoValue { return quoted_identifier_case(f); }},
    {SQL_SPECIAL_CHARACTERS, [](const InfoFacts& f) -> InfoValue { return std::string(f.postgres() ? "$" : "$"); }},
    {SQL_SUBQUERIES, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SQ_COMPARISON | SQL_SQ_EXISTS | SQL_SQ_IN | SQL_SQ_QUANTIFIED | SQL_SQ_CORRELATED_SUBQUERIES}; }},
    {SQL_UNION, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_U_UNION | SQL_U_UNION_ALL}; }},
    {SQL_MAX_COLUMNS_IN_GROUP_BY, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(0); }},
    {SQL_MAX_COLUMNS_IN_INDEX, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 32 : 16); }},
    {SQL_MAX_COLUMNS_IN_ORDER_BY, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(0); }},
    {SQL_MAX_COLUMNS_IN_SELECT, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 1664 : 4096); }},
    {SQL_MAX_COLUMNS_IN_TABLE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 1600 : 1017); }},
    {SQL_MAX_INDEX_SIZE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? 2704 : 3072); }},
    {SQL_MAX_ROW_SIZE_INCLUDES_LONG, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_MAX_ROW_SIZE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? 0 : 65535); }},
    {SQL_MAX_STATEMENT_LEN, [](const InfoFacts& f) -> InfoValue { return max_statement_length(f); }},
    {SQL_MAX_TABLES_IN_SELECT, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 0 : 61); }},
    {SQL_MAX_USER_NAME_LEN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 63 : f.mariadb() ? 80 : f.server_version.starts_with("5.6") ? 16 : 32); }},
    {SQL_MAX_CHAR_LITERAL_LEN, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_TIMEDATE_ADD_INTERVALS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{timestamp_units}; }},
    {SQL_TIMEDATE_DIFF_INTERVALS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{timestamp_units}; }},
    {SQL_NEED_LONG_DATA_LEN, [](const InfoFacts&) -> InfoValue { return std::string("N"); }},
    {SQL_MAX_BINARY_LITERAL_LEN, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_LIKE_ESCAPE_CLAUSE, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_CATALOG_LOCATION, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(SQL_CL_START); }},
    {SQL_OJ_CAPABILITIES, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? outer_joins | SQL_OJ_FULL : outer_joins); }},
    {SQL_ACTIVE_ENVIRONMENTS, [](const InfoFacts&) -> InfoValue { return static_cast<SQLUSMALLINT>(0); }},
    {SQL_ALTER_DOMAIN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? alter_domain : 0); }},
    {SQL_SQL_CONFORMANCE, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SC_SQL92_INTERMEDIATE}; }},
    {SQL_DATETIME_LITERALS, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? datetime_literals : SQL_DL_SQL92_DATE | SQL_DL_SQL92_TIME | SQL_DL_SQL92_TIMESTAMP); }},
    {SQL_BATCH_ROW_COUNT, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_BRC_EXPLICIT}; }},
    {SQL_BATCH_SUPPORT, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_BS_SELECT_EXPLICIT | SQL_BS_ROW_COUNT_EXPLICIT}; }},
    {SQL_CONVERT_WCHAR, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_text)); }},
    {SQL_CONVERT_INTERVAL_DAY_TIME, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_interval)); }},
    {SQL_CONVERT_INTERVAL_YEAR_MONTH, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_interval)); }},
    {SQL_CONVERT_WLONGVARCHAR, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_text)); }},
    {SQL_CONVERT_WVARCHAR, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_text)); }},
    {SQL_CREATE_ASSERTION, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_CREATE_CHARACTER_SET, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_CREATE_COLLATION, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_CCOL_CREATE_COLLATION : 0); }},
    {SQL_CREATE_DOMAIN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_CDO_CREATE_DOMAIN | SQL_CDO_DEFAULT | SQL_CDO_CONSTRAINT | SQL_CDO_COLLATION | SQL_CDO_CONSTRAINT_NAME_DEFINITION : 0); }},
    {SQL_CREATE_SCHEMA, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_CS_CREATE_SCHEMA | SQL_CS_AUTHORIZATION : 0); }},
    {SQL_CREATE_TABLE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_CT_CREATE_TABLE | SQL_CT_LOCAL_TEMPORARY | SQL_CT_COMMIT_PRESERVE | SQL_CT_COMMIT_DELETE | SQL_CT_TABLE_CONSTRAINT | SQL_CT_COLUMN_CONSTRAINT | SQL_CT_COLUMN_DEFAULT | SQL_CT_COLUMN_COLLATION | SQL_CT_CONSTRAINT_INITIALLY_DEFERRED | SQL_CT_CONSTRAINT_INITIALLY_IMMEDIATE | SQL_CT_CONSTRAINT_DEFERRABLE | SQL_CT_CONSTRAINT_NON_DEFERRABLE | SQL_CT_CONSTRAINT_NAME_DEFINITION : SQL_CT_CREATE_TABLE | SQL_CT_LOCAL_TEMPORARY | SQL_CT_TABLE_CONSTRAINT | SQL_CT_COLUMN_CONSTRAINT | SQL_CT_COLUMN_DEFAULT | SQL_CT_COLUMN_COLLATION | SQL_CT_CONSTRAINT_NAME_DEFINITION); }},
    {SQL_CREATE_TRANSLATION, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_CREATE_VIEW, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_CV_CREATE_VIEW | SQL_CV_CHECK_OPTION | SQL_CV_CASCADED | SQL_CV_LOCAL}; }},
    {SQL_DROP_ASSERTION, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_DROP_CHARACTER_SET, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_DROP_COLLATION, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_DC_DROP_COLLATION : 0); }},
    {SQL_DROP_DOMAIN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_DD_DROP_DOMAIN | SQL_DD_CASCADE | SQL_DD_RESTRICT : 0); }},
    {SQL_DROP_SCHEMA, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_DS_DROP_SCHEMA | SQL_DS_CASCADE | SQL_DS_RESTRICT : 0); }},
    {SQL_DROP_TABLE, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_DT_DROP_TABLE | SQL_DT_CASCADE | SQL_DT_RESTRICT}; }},
    {SQL_DROP_TRANSLATION, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_DROP_VIEW, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_DV_DROP_VIEW | SQL_DV_CASCADE | SQL_DV_RESTRICT}; }},
    {SQL_DYNAMIC_CURSOR_ATTRIBUTES1, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_DYNAMIC_CURSOR_ATTRIBUTES2, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES1, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_CA1_NEXT}; }},
    {SQL_FORWARD_ONLY_CURSOR_ATTRIBUTES2, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_CA2_READ_ONLY_CONCURRENCY | SQL_CA2_MAX_ROWS_SELECT | SQL_CA2_MAX_ROWS_CATALOG}; }},
    {SQL_INDEX_KEYWORDS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_IK_ASC | SQL_IK_DESC}; }},
    {SQL_INFO_SCHEMA_VIEWS, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? postgres_views : mysql_views); }},
    {SQL_KEYSET_CURSOR_ATTRIBUTES1, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_KEYSET_CURSOR_ATTRIBUTES2, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_ODBC_INTERFACE_CONFORMANCE, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_OIC_CORE}; }},
    {SQL_PARAM_ARRAY_ROW_COUNTS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_PARC_NO_BATCH}; }},
    {SQL_PARAM_ARRAY_SELECTS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_PAS_NO_SELECT}; }},
    {SQL_SQL92_DATETIME_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SDF_CURRENT_DATE | SQL_SDF_CURRENT_TIME | SQL_SDF_CURRENT_TIMESTAMP}; }},
    {SQL_SQL92_FOREIGN_KEY_DELETE_RULE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_SFKD_CASCADE | SQL_SFKD_NO_ACTION | SQL_SFKD_SET_DEFAULT | SQL_SFKD_SET_NULL : SQL_SFKD_CASCADE | SQL_SFKD_NO_ACTION | SQL_SFKD_SET_NULL); }},
    {SQL_SQL92_FOREIGN_KEY_UPDATE_RULE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_SFKU_CASCADE | SQL_SFKU_NO_ACTION | SQL_SFKU_SET_DEFAULT | SQL_SFKU_SET_NULL : SQL_SFKU_CASCADE | SQL_SFKU_NO_ACTION | SQL_SFKU_SET_NULL); }},
    {SQL_SQL92_GRANT, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SG_DELETE_TABLE | SQL_SG_INSERT_TABLE | SQL_SG_INSERT_COLUMN | SQL_SG_REFERENCES_TABLE | SQL_SG_REFERENCES_COLUMN | SQL_SG_SELECT_TABLE | SQL_SG_UPDATE_TABLE | SQL_SG_UPDATE_COLUMN | SQL_SG_WITH_GRANT_OPTION}; }},
    {SQL_SQL92_NUMERIC_VALUE_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SNVF_BIT_LENGTH | SQL_SNVF_CHAR_LENGTH | SQL_SNVF_CHARACTER_LENGTH | SQL_SNVF_EXTRACT | SQL_SNVF_OCTET_LENGTH | SQL_SNVF_POSITION}; }},
    {SQL_SQL92_PREDICATES, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? predicates | SQL_SP_OVERLAPS : predicates); }},
    {SQL_SQL92_RELATIONAL_JOIN_OPERATORS, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? relational_joins | SQL_SRJO_FULL_OUTER_JOIN : relational_joins); }},
    {SQL_SQL92_REVOKE, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? revokes | SQL_SR_GRANT_OPTION_FOR | SQL_SR_CASCADE | SQL_SR_RESTRICT : revokes); }},
    {SQL_SQL92_ROW_VALUE_CONSTRUCTOR, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SRVC_VALUE_EXPRESSION | SQL_SRVC_NULL | SQL_SRVC_DEFAULT | SQL_SRVC_ROW_SUBQUERY}; }},
    {SQL_SQL92_STRING_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SSF_LOWER | SQL_SSF_UPPER | SQL_SSF_SUBSTRING | SQL_SSF_TRIM_BOTH | SQL_SSF_TRIM_LEADING | SQL_SSF_TRIM_TRAILING}; }},
    {SQL_SQL92_VALUE_EXPRESSIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SVE_CASE | SQL_SVE_CAST | SQL_SVE_COALESCE | SQL_SVE_NULLIF}; }},
    {SQL_STANDARD_CLI_CONFORMANCE, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_SCC_ISO92_CLI}; }},
    {SQL_STATIC_CURSOR_ATTRIBUTES1, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_STATIC_CURSOR_ATTRIBUTES2, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_AGGREGATE_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_AF_ALL}; }},
    {SQL_DDL_INDEX, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_DI_CREATE_INDEX | SQL_DI_DROP_INDEX}; }},
    {SQL_INSERT_STATEMENT, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(f.postgres() ? SQL_IS_INSERT_LITERALS | SQL_IS_INSERT_SEARCHED | SQL_IS_SELECT_INTO : SQL_IS_INSERT_LITERALS | SQL_IS_INSERT_SEARCHED); }},
    {SQL_CONVERT_GUID, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUINTEGER>(conversions(f, from_guid)); }},
    {SQL_DTC_TRANSITION_COST, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_XOPEN_CLI_YEAR, [](const InfoFacts&) -> InfoValue { return std::string("1995"); }},
    {SQL_CURSOR_SENSITIVITY, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_INSENSITIVE}; }},
    {SQL_DESCRIBE_PARAMETER, [](const InfoFacts& f) -> InfoValue { return std::string(f.postgres() ? "Y" : "N"); }},
    {SQL_CATALOG_NAME, [](const InfoFacts&) -> InfoValue { return std::string("Y"); }},
    {SQL_COLLATION_SEQ, [](const InfoFacts&) -> InfoValue { return std::string("UTF-8"); }},
    {SQL_MAX_IDENTIFIER_LEN, [](const InfoFacts& f) -> InfoValue { return static_cast<SQLUSMALLINT>(f.postgres() ? 63 : 64); }},
    {SQL_ASYNC_MODE, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_AM_NONE}; }},
    {SQL_MAX_ASYNC_CONCURRENT_STATEMENTS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{0}; }},
    {SQL_ASYNC_DBC_FUNCTIONS, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_ASYNC_DBC_NOT_CAPABLE}; }},
    {SQL_ASYNC_NOTIFICATION, [](const InfoFacts&) -> InfoValue { return SQLUINTEGER{SQL_ASYNC_NOTIFICATION_NOT_CAPABLE}; }},
});

}  // namespace

std::span<const InfoRow> info_table() noexcept { return rows; }

const InfoRow* find_info(SQLUSMALLINT type) noexcept {
  const auto found =
      std::lower_bound(rows.begin(), rows.end(), type,
                       [](const InfoRow& row, SQLUSMALLINT wanted) { return row.type < wanted; });
  return found != rows.end() && found->type == type ? &*found : nullptr;
}

std::string dbms_version(std::string_view server_version) {
  std::array<unsigned, 3> parts{};
  const char* at = server_version.data();
  const char* end = at + server_version.size();
  for (unsigned& part : parts) {
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc()) break;
    at = next;
    if (at == end || *at != '.') break;
    ++at;
  }
  return fmt::format("{:02}.{:02}.{:04} {}", parts[0], parts[1], parts[2], server_version);
}

}  // namespace odbc
