// SPDX-License-Identifier: Apache-2.0
// The shapes, column by column.
#include "odbc/tables/catalog_shapes.h"

#include <array>

namespace odbc {
namespace {

constexpr std::array table_columns = {
    ShapeColumn{"TABLE_CAT", "TABLE_QUALIFIER", core::SqlType::varchar, true},
    ShapeColumn{"TABLE_SCHEM", "TABLE_OWNER", core::SqlType::varchar, true},
    ShapeColumn{"TABLE_NAME", "", core::SqlType::varchar, true},
    ShapeColumn{"TABLE_TYPE", "", core::SqlType::varchar, true},
    ShapeColumn{"REMARKS", "", core::SqlType::varchar, true},
};

constexpr std::array column_columns = {
    ShapeColumn{"TABLE_CAT", "TABLE_QUALIFIER", core::SqlType::varchar, true},
    ShapeColumn{"TABLE_SCHEM", "TABLE_OWNER", core::SqlType::varchar, true},
    ShapeColumn{"TABLE_NAME", "", core::SqlType::varchar, false},
    ShapeColumn{"COLUMN_NAME", "", core::SqlType::varchar, false},
    ShapeColumn{"DATA_TYPE", "", core::SqlType::smallint, false},
    ShapeColumn{"TYPE_NAME", "", core::SqlType::varchar, false},
    ShapeColumn{"COLUMN_SIZE", "PRECISION", core::SqlType::integer, true},
    ShapeColumn{"BUFFER_LENGTH", "LENGTH", core::SqlType::integer, true},
    ShapeColumn{"DECIMAL_DIGITS", "SCALE", core::SqlType::smallint, true},
    ShapeColumn{"NUM_PREC_RADIX", "RADIX", core::SqlType::smallint, true},
    ShapeColumn{"NULLABLE", "", core::SqlType::smallint, false},
    ShapeColumn{"REMARKS", "", core::SqlType::varchar, true},
    ShapeColumn{"COLUMN_DEF", "", core::SqlType::varchar, true},
    ShapeColumn{"SQL_DATA_TYPE", "", core::SqlType::smallint, false},
    ShapeColumn{"SQL_DATETIME_SUB", "", core::SqlType::smallint, true},
    ShapeColumn{"CHAR_OCTET_LENGTH", "", core::SqlType::integer, true},
    ShapeColumn{"ORDINAL_POSITION", "", core::SqlType::integer, false},
    ShapeColumn{"IS_NULLABLE", "", core::SqlType::varchar, true},
};

constexpr std::array type_info_columns = {
    ShapeColumn{"TYPE_NAME", "", core::SqlType::varchar, false},
    ShapeColumn{"DATA_TYPE", "", core::SqlType::smallint, false},
    ShapeColumn{"COLUMN_SIZE", "PRECISION", core::SqlType::integer, true},
    ShapeColumn{"LITERAL_PREFIX", "", core::SqlType::varchar, true},
    ShapeColumn{"LITERAL_SUFFIX", "", core::SqlType::varchar, true},
    ShapeColumn{"CREATE_PARAMS", "", core::SqlType::varchar, true},
    ShapeColumn{"NULLABLE", "", core::SqlType::smallint, false},
    ShapeColumn{"CASE_SENSITIVE", "", core::SqlType::smallint, false},
    ShapeColumn{"SEARCHABLE", "", core::SqlType::smallint, false},
    ShapeColumn{"UNSIGNED_ATTRIBUTE", "", core::SqlType::smallint, true},
    ShapeColumn{"FIXED_PREC_SCALE", "MONEY", core::SqlType::smallint, false},
    ShapeColumn{"AUTO_UNIQUE_VALUE", "AUTO_INCREMENT", core::SqlType::smallint, true},
    ShapeColumn{"LOCAL_TYPE_NAME", "", core::SqlType::varchar, true},
    ShapeColumn{"MINIMUM_SCALE", "", core::SqlType::smallint, true},
    ShapeColumn{"MAXIMUM_SCALE", "", core::SqlType::smallint, true},
    ShapeColumn{"SQL_DATA_TYPE", "", core::SqlType::smallint, false},
    ShapeColumn{"SQL_DATETIME_SUB", "", core::SqlType::smallint, true},
    ShapeColumn{"NUM_PREC_RADIX", "", core::SqlType::integer, true},
    ShapeColumn{"INTERVAL_PRECISION", "", core::SqlType::smallint, true},
};

}  // namespace

const Shape tables_shape{table_columns};
const Shape columns_shape{column_columns};
const Shape type_info_shape{type_info_columns};

}  // namespace odbc
