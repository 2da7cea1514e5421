// SPDX-License-Identifier: Apache-2.0
// THE table of PostgreSQL's types, sorted by OID (src/include/catalog/pg_type.dat). Comes in:
// pg_types.cpp. Goes next: the decoders of pg_decode.h.
#pragma once

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "core/client/pg_decode.h"
#include "core/client/pg_types.h"

namespace core::pg_rows {

using enum SizeRule;

/// Text without a limit whose binary form is something else.
struct TextRow {
  std::uint32_t oid;
  std::string_view name;
};
constexpr TextRow texts[] = {
    {22, "int2vector"},
    {27, "tid"},
    {30, "oidvector"},
    {142, "xml"},
    {600, "point"},
    {601, "lseg"},
    {602, "path"},
    {603, "box"},
    {604, "polygon"},
    {628, "line"},
    {718, "circle"},
    {1033, "aclitem"},
    {24, "regproc"},
    {2202, "regprocedure"},
    {2203, "regoper"},
    {2204, "regoperator"},
    {2205, "regclass"},
    {2206, "regtype"},
    {4191, "regcollation"},
    {4096, "regrole"},
    {4089, "regnamespace"},
    {3734, "regconfig"},
    {3769, "regdictionary"},
    {3614, "tsvector"},
    {3615, "tsquery"},
    {4072, "jsonpath"},
    {2970, "txid_snapshot"},
    {5038, "pg_snapshot"},
    {3904, "int4range"},
    {3906, "numrange"},
    {3908, "tsrange"},
    {3910, "tstzrange"},
    {3912, "daterange"},
    {3926, "int8range"},
    {4451, "int4multirange"},
    {4532, "nummultirange"},
    {4533, "tsmultirange"},
    {4534, "tstzmultirange"},
    {4535, "datemultirange"},
    {4536, "int8multirange"},
    {2249, "record"},
    {2287, "_record"},
    {1000, "_bool"},
    {1001, "_bytea"},
    {1002, "_char"},
    {1003, "_name"},
    {1016, "_int8"},
    {1005, "_int2"},
    {1006, "_int2vector"},
    {1007, "_int4"},
    {1008, "_regproc"},
    {1009, "_text"},
    {1028, "_oid"},
    {1010, "_tid"},
    {1011, "_xid"},
    {1012, "_cid"},
    {1013, "_oidvector"},
    {199, "_json"},
    {143, "_xml"},
    {271, "_xid8"},
    {1017, "_point"},
    {1018, "_lseg"},
    {1019, "_path"},
    {1020, "_box"},
    {1027, "_polygon"},
    {629, "_line"},
    {1021, "_float4"},
    {1022, "_float8"},
    {719, "_circle"},
    {791, "_money"},
    {1040, "_macaddr"},
    {1041, "_inet"},
    {651, "_cidr"},
    {775, "_macaddr8"},
    {1034, "_aclitem"},
    {1014, "_bpchar"},
    {1015, "_varchar"},
    {1182, "_date"},
    {1183, "_time"},
    {1115, "_timestamp"},
    {1185, "_timestamptz"},
    {1187, "_interval"},
    {1270, "_timetz"},
    {1561, "_bit"},
    {1563, "_varbit"},
    {1231, "_numeric"},
    {2201, "_refcursor"},
    {2210, "_regclass"},
    {2211, "_regtype"},
    {2951, "_uuid"},
    {3221, "_pg_lsn"},
    {3643, "_tsvector"},
    {3645, "_tsquery"},
    {3807, "_jsonb"},
    {4073, "_jsonpath"},
    {3905, "_int4range"},
    {3907, "_numrange"},
    {3909, "_tsrange"},
    {3911, "_tstzrange"},
    {3913, "_daterange"},
    {3927, "_int8range"},
    {6150, "_int4multirange"},
    {6151, "_nummultirange"},
    {6152, "_tsmultirange"},
    {6153, "_tstzmultirange"},
    {6155, "_datemultirange"},
    {6157, "_int8multirange"},
    {1263, "_cstring"},
};

/// Text of at most `size` characters.
constexpr PgType limited_text(std::uint32_t oid, std::string_view name, std::int64_t size) {
  return {.oid = oid,
          .name = name,
          .type = SqlType::varchar,
          .kind = ValueKind::text,
          .from_text = decode_text,
          .from_binary = nullptr,
          .size = size};
}

constexpr PgType number(std::uint32_t oid, std::string_view name, SqlType type, ValueKind kind,
                        std::pair<Decode, Decode> decoders, std::int64_t size) {
  return {.oid = oid,
          .name = name,
          .type = type,
          .kind = kind,
          .from_text = decoders.first,
          .from_binary = decoders.second,
          .size = size};
}

constexpr PgType integer(std::uint32_t oid, std::string_view name, SqlType type, Decode binary,
                         std::int64_t digits, bool is_unsigned = false) {
  PgType row = number(oid, name, type, ValueKind::integer, {integer_from_text, binary}, digits);
  row.is_unsigned = is_unsigned;
  return row;
}

/// Text whose binary form is the text.
constexpr PgType plain_text(std::uint32_t oid, std::string_view name,
                            SqlType type = SqlType::longvarchar, SizeRule rule = fixed,
                            std::int64_t size = 0) {
  return {.oid = oid,
          .name = name,
          .type = type,
          .kind = ValueKind::text,
          .from_text = decode_text,
          .from_binary = decode_text,
          .rule = rule,
          .size = size};
}

constexpr PgType moment(std::uint32_t oid, std::string_view name, ValueKind kind,
                        std::pair<Decode, Decode> decoders, SizeRule rule, std::int64_t size,
                        bool zoned = false) {
  const SqlType type = kind == ValueKind::date   ? SqlType::date
                       : kind == ValueKind::time ? SqlType::time
                                                 : SqlType::timestamp;
  return {.oid = oid,
          .name = name,
          .type = type,
          .kind = kind,
          .from_text = decoders.first,
          .from_binary = decoders.second,
          .rule = rule,
          .size = size,
          .zoned = zoned};
}

constexpr PgType others[] = {
    {.oid = 16,
     .name = "bool",
     .type = SqlType::boolean,
     .kind = ValueKind::boolean,
     .from_text = boolean_from_text,
     .from_binary = boolean_from_binary,
     .size = 1},
    {.oid = 17,
     .name = "bytea",
     .type = SqlType::longvarbinary,
     .kind = ValueKind::bytes,
     .from_text = decode_bytes,
     .from_binary = decode_bytes,
     .unpack = unpack_bytea},
    // The binary form of "char" is a byte, which need not be UTF-8.
    {.oid = 18,
     .name = "char",
     .type = SqlType::char_,
     .kind = ValueKind::text,
     .from_text = decode_text,
     .from_binary = nullptr,
     .size = 1},
    plain_text(19, "name", SqlType::varchar, fixed, 63),
    integer(20, "int8", SqlType::bigint, int8_from_binary, 19),
    integer(21, "int2", SqlType::smallint, int2_from_binary, 5),
    integer(23, "int4", SqlType::integer, int4_from_binary, 10),
    plain_text(25, "text"),
    integer(26, "oid", SqlType::integer, oid_from_binary, 10, true),
    integer(28, "xid", SqlType::integer, oid_from_binary, 10, true),
    integer(29, "cid", SqlType::integer, oid_from_binary, 10, true),
    {.oid = 5069,
     .name = "xid8",
     .type = SqlType::bigint,
     .kind = ValueKind::unsigned_,
     .from_text = unsigned_from_text,
     .from_binary = unsigned8_from_binary,
     .size = 20,
     .is_unsigned = true},
    plain_text(114, "json"),
    {.oid = 3802,
     .name = "jsonb",
     .type = SqlType::longvarchar,
     .kind = ValueKind::text,
     .from_text = decode_text,
     .from_binary = jsonb_from_binary},
    limited_text(650, "cidr", 43),
    limited_text(869, "inet", 43),
    limited_text(829, "macaddr", 17),
    limited_text(774, "macaddr8", 23),
    limited_text(3220, "pg_lsn", 17),
    number(700, "float4", SqlType::real, ValueKind::real, {real_from_text, float4_from_binary}, 7),
    number(701, "float8", SqlType::double_, ValueKind::real, {real_from_text, float8_from_binary},
           15),
    plain_text(705, "unknown"),
    // Its text is of the server's lc_monetary, its binary form does not tell the decimals.
    {.oid = 790,
     .name = "money",
     .type = SqlType::decimal,
     .kind = ValueKind::decimal,
     .from_text = decimal_from_text,
     .from_binary = nullptr,
     .size = 19,
     .scale = 2,
     .unpack = unpack_money},
    plain_text(1042, "bpchar", SqlType::char_, length),
    plain_text(1043, "varchar", SqlType::varchar, length),
    moment(1082, "date", ValueKind::date, {date_from_text, date_from_binary}, fixed, 10),
    moment(1083, "time", ValueKind::time, {time_from_text, time_from_binary}, fraction, 8),
    moment(1266, "timetz", ValueKind::time, {time_from_text, timetz_from_binary}, fraction, 8,
           true),
    moment(1114, "timestamp", ValueKind::timestamp, {timestamp_from_text, timestamp_from_binary},
           fraction, 19),
    moment(1184, "timestamptz", ValueKind::timestamp,
           {timestamp_from_text, timestamptz_from_binary}, fraction, 19, true),
    {.oid = 1186,
     .name = "interval",
     .type = SqlType::interval,
     .kind = ValueKind::interval,
     .from_text = interval_from_text,
     .from_binary = interval_from_binary,
     .rule = interval_fields,
     .size = 64,
     .scale = 6},
    {.oid = 1560,
     .name = "bit",
     .type = SqlType::char_,
     .kind = ValueKind::text,
     .from_text = decode_text,
     .from_binary = nullptr,
     .rule = bits},
    {.oid = 1562,
     .name = "varbit",
     .type = SqlType::varchar,
     .kind = ValueKind::text,
     .from_text = decode_text,
     .from_binary = nullptr,
     .rule = bits},
    {.oid = 1700,
     .name = "numeric",
     .type = SqlType::decimal,
     .kind = ValueKind::decimal,
     .from_text = decimal_from_text,
     .from_binary = numeric_from_binary,
     .rule = numeric,
     .size = 38,
     .scale = 15},
    plain_text(1790, "refcursor"),
    plain_text(2275, "cstring"),
    plain_text(2278, "void"),
    {.oid = 2950,
     .name = "uuid",
     .type = SqlType::guid,
     .kind = ValueKind::guid,
     .from_text = decode_guid,
     .from_binary = decode_guid,
     .size = 36,
     .unpack = unpack_uuid},
};

constexpr auto all = [] {
  std::array<PgType, std::size(texts) + std::size(others)> rows{};
  std::copy(std::begin(others), std::end(others), rows.begin());
  std::transform(std::begin(texts), std::end(texts), rows.begin() + std::size(others),
                 [](const TextRow& text) {
                   PgType row = plain_text(text.oid, text.name);
                   row.from_binary = nullptr;
                   return row;
                 });
  std::sort(rows.begin(), rows.end(),
            [](const PgType& a, const PgType& b) { return a.oid < b.oid; });
  return rows;
}();
static_assert(std::adjacent_find(all.begin(), all.end(),
                                 [](const PgType& a, const PgType& b) { return a.oid == b.oid; }) ==
                  all.end(),
              "an OID has two rows");

}  // namespace core::pg_rows
