// SPDX-License-Identifier: Apache-2.0
#include "odbc/text/widened.h"

#include <gtest/gtest.h>

namespace odbc::text {
namespace {

TEST(Widened, IsOnlyWhatReadsAsUtf8ByteByByte) {
  EXPECT_EQ(unwiden("SELECT '\u00c3\u00bc \u00f0\u009f\u0098\u0080'"),
            "SELECT '\u00fc \U0001F600'");
  EXPECT_EQ(unwiden("\u00c3\u0083"), "\u00c3");
  EXPECT_EQ(unwiden("ascii"), std::nullopt);
  EXPECT_EQ(unwiden(""), std::nullopt);
  EXPECT_EQ(unwiden("gr\u00fc\u00df"), std::nullopt) << "no UTF-8 when narrowed";
  EXPECT_EQ(unwiden("\u00c3\u00bc \U0001F600"), std::nullopt) << "a character beyond bytes";
  EXPECT_EQ(unwiden("\u00c3"), std::nullopt) << "half a character";
}

}  // namespace
}  // namespace odbc::text
