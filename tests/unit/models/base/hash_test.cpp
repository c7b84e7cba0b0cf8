// SPDX-License-Identifier: Apache-2.0
#include "models/base/hash.h"

#include <gtest/gtest.h>

namespace rowan {
namespace {

// The published test vectors of FNV-1a, 64 bits.
TEST(Hash, IsFnv1a) {
  EXPECT_EQ(Hash().value(), 0xcbf29ce484222325U);
  EXPECT_EQ(Hash().add_text("a").value(), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(Hash().add_text("foobar").value(), 0x85944171f73967e8U);
}

TEST(Hash, TakesAWordAsItsBytesLowestFirst) {
  Hash bytes;
  for (std::uint8_t byte = 8; byte > 0; --byte) bytes.add_byte(byte);
  EXPECT_EQ(Hash().add_word(0x0102030405060708).value(), bytes.value());
}

TEST(Hash, PrintsSixteenHexDigits) {
  EXPECT_EQ(Hash().add_text("foobar").hex(), "85944171f73967e8");
  EXPECT_EQ(Hash().hex(), "cbf29ce484222325");
}

}  // namespace
}  // namespace rowan
