// SPDX-License-Identifier: Apache-2.0
#include "models/base/error.h"

#include <gtest/gtest.h>

namespace rowan {
namespace {

TEST(InputError, NamesFileLineColumnAndKey) {
  EXPECT_STREQ(InputError({"platforms/a.yaml", 31, 9}, "array.rows", "too many").what(),
               "platforms/a.yaml:31:9: array.rows: too many");
}

TEST(InputError, LeavesOutWhatIsNotKnown) {
  EXPECT_STREQ(InputError({"a.yaml", 0, 0}, "", "is empty").what(), "a.yaml: is empty");
  EXPECT_STREQ(InputError({}, "array.rows", "too many").what(), "array.rows: too many");
  EXPECT_STREQ(InputError({}, "", "too many").what(), "too many");
}

TEST(InputError, IsOneLineWhateverTheNameOfTheFile) {
  EXPECT_STREQ(InputError({"a\nb\x1b[2J.yaml", 1, 2}, "", "is bad").what(),
               "a\\x0ab\\x1b[2J.yaml:1:2: is bad");
  EXPECT_LT(std::string(InputError({std::string(5000, 'x'), 0, 0}, "", "is bad").what()).size(),
            600U);
}

}  // namespace
}  // namespace rowan
