// SPDX-License-Identifier: Apache-2.0
// Cells of PostgreSQL, text (ISO DateStyle, postgres IntervalStyle) and binary, into Values. All
// are core::Decode: no copy, no allocation, false when the bytes are not what the type promises.
// Source of the binary forms: the *_send functions of src/backend/utils/adt.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/value.h"

namespace core {

bool decode_text(std::string_view raw, Value& out) noexcept;
bool decode_bytes(std::string_view raw, Value& out) noexcept;
bool decode_guid(std::string_view raw, Value& out) noexcept;  ///< 16 bytes
bool jsonb_from_binary(std::string_view raw, Value& out) noexcept;
bool boolean_from_text(std::string_view raw, Value& out) noexcept;
bool boolean_from_binary(std::string_view raw, Value& out) noexcept;
bool bit_from_text(std::string_view raw, Value& out) noexcept;  ///< bit(1): "0" or "1"
bool integer_from_text(std::string_view raw, Value& out) noexcept;
bool int2_from_binary(std::string_view raw, Value& out) noexcept;
bool int4_from_binary(std::string_view raw, Value& out) noexcept;
bool int8_from_binary(std::string_view raw, Value& out) noexcept;
bool oid_from_binary(std::string_view raw, Value& out) noexcept;
bool unsigned_from_text(std::string_view raw, Value& out) noexcept;
bool unsigned8_from_binary(std::string_view raw, Value& out) noexcept;
bool real_from_text(std::string_view raw, Value& out) noexcept;
bool float4_from_binary(std::string_view raw, Value& out) noexcept;
bool float8_from_binary(std::string_view raw, Value& out) noexcept;
bool decimal_from_text(std::string_view raw, Value& out) noexcept;
bool numeric_from_binary(std::string_view raw, Value& out) noexcept;  ///< ValueKind::packed
bool date_from_text(std::string_view raw, Value& out) noexcept;
bool date_from_binary(std::string_view raw, Value& out) noexcept;
bool time_from_text(std::string_view raw, Value& out) noexcept;  ///< with or without offset
bool time_from_binary(std::string_view raw, Value& out) noexcept;
bool timetz_from_binary(std::string_view raw, Value& out) noexcept;
bool timestamp_from_text(std::string_view raw, Value& out) noexcept;  ///< with or without offset
bool timestamp_from_binary(std::string_view raw, Value& out) noexcept;
/// As the server holds it: offset 0.
bool timestamptz_from_binary(std::string_view raw, Value& out) noexcept;
bool timestamptz_from_text_in_utc(std::string_view raw, Value& out) noexcept;
bool interval_from_text(std::string_view raw, Value& out) noexcept;
bool interval_from_binary(std::string_view raw, Value& out) noexcept;

/// Unpack (pg_types.h): "\x6162" or the escape format to bytes.
std::int32_t unpack_bytea(char* data, std::int32_t length) noexcept;
/// Unpack: an amount of any lc_monetary to a plain decimal. The last separator is the point, unless
/// it stands alone before three digits or is repeated: then it groups thousands.
std::int32_t unpack_money(char* data, std::int32_t length) noexcept;
/// Unpack: 36 characters to 16 bytes.
std::int32_t unpack_uuid(char* data, std::int32_t length) noexcept;

}  // namespace core
