// SPDX-License-Identifier: Apache-2.0
// COLUMN_DEF is the same for the same declaration, whatever the server's catalogs make of it.
#include <gtest/gtest.h>

#include "odbc/catalog/catalog.h"

namespace {

using core::DefaultForm;
using core::SqlType;

std::string shown(DefaultForm form, std::optional<std::string> told, SqlType type,
                  bool is_expression = false) {
  core::Column column;
  column.type = type;
  return odbc::catalog::default_value(form, std::move(told), is_expression, column)
      .value_or("absent");
}

struct Row {
  const char* mysql;
  const char* mariadb;
  SqlType type;
  const char* expected;
};

TEST(DefaultValue, MysqlAndMariadbGiveTheSame) {
  for (const Row& row :
       {Row{"it's", "'it''s'", SqlType::varchar, "'it''s'"}, Row{"", "''", SqlType::varchar, "''"},
        Row{"NULL", "'NULL'", SqlType::varchar, "'NULL'"}, Row{"-5", "-5", SqlType::integer, "-5"},
        Row{"1.50", "1.50", SqlType::decimal, "1.50"},
        Row{"b'1'", "b'1'", SqlType::boolean, "b'1'"},
        Row{"2024-02-29", "'2024-02-29'", SqlType::date, "'2024-02-29'"},
        Row{"CURRENT_TIMESTAMP", "current_timestamp()", SqlType::timestamp, "CURRENT_TIMESTAMP"},
        Row{"CURRENT_TIMESTAMP(6)", "current_timestamp(6)", SqlType::timestamp,
            "CURRENT_TIMESTAMP(6)"}}) {
    EXPECT_EQ(shown(DefaultForm::bare_text, row.mysql, row.type), row.expected);
    EXPECT_EQ(shown(DefaultForm::expression_null, row.mariadb, row.type), row.expected);
  }
}

TEST(DefaultValue, NoDefaultIsAbsent) {
  EXPECT_EQ(shown(DefaultForm::bare_text, std::nullopt, SqlType::varchar), "absent");
  EXPECT_EQ(shown(DefaultForm::expression_null, "NULL", SqlType::varchar), "absent");
  EXPECT_EQ(shown(DefaultForm::expression_null, std::nullopt, SqlType::varchar), "absent");
}

TEST(DefaultValue, ExpressionsStayAsTheyAre) {
  EXPECT_EQ(shown(DefaultForm::bare_text, "uuid()", SqlType::varchar, true), "uuid()");
  EXPECT_EQ(shown(DefaultForm::expression_null, "uuid()", SqlType::varchar), "uuid()");
  EXPECT_EQ(shown(DefaultForm::expression, "nextval('s'::regclass)", SqlType::integer, true),
            "nextval('s'::regclass)");
}

}  // namespace
