// SPDX-License-Identifier: Apache-2.0
#include "sim/report/text_table.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace rowan::sim {
namespace {

TEST(TextTable, AlignsColumnsUnderHeadsOfSeveralLines) {
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  table.add_column({"processing", "ms"});
  table.add_column({"PEs"});
  table.add_row({"CONV1", "16.5", "154"});
  table.add_row({"C", "3.25", "1000"});
  table.add_rule();
  table.add_row({"total", "19.75", ""});
  EXPECT_EQ(table.text(),
            "         processing\n"
            "  layer          ms   PEs\n"
            "  -----  ----------  ----\n"
            "  CONV1        16.5   154\n"
            "  C            3.25  1000\n"
            "  -----  ----------  ----\n"
            "  total       19.75\n");
}

TEST(TextTable, ARowHasACellPerColumn) {
  TextTable table;
  table.add_column({"a"});
  EXPECT_THROW(table.add_row({"1", "2"}), std::logic_error);
}

TEST(HeadOf, BreaksANameAtItsFirstUnderscore) {
  EXPECT_EQ(head_of("pass_transition"), (std::vector<std::string>{"pass", "transition"}));
  EXPECT_EQ(head_of("busy"), (std::vector<std::string>{"busy"}));
}

}  // namespace
}  // namespace rowan::sim
