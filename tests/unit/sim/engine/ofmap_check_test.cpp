// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/ofmap_check.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace rowan::sim {
namespace {

using workloads::Tensor;

TEST(OfmapCheck, EqualTensorsHaveNoMismatch) {
  const Tensor tensor({2, 3, 4, 5});
  const OfmapCheck check = compare("A", tensor, tensor);
  EXPECT_EQ(check.compared, 120U);
  EXPECT_EQ(check.mismatches, 0U);
  EXPECT_FALSE(check.first);
}

TEST(OfmapCheck, CountsEveryMismatchAndShowsTheFirst) {
  const Tensor expected({2, 3, 4, 5});
  Tensor found = expected;
  found.plane(1, 2)[3 * 5 + 4] = 7;
  found.plane(1, 1)[2 * 5 + 0] = -9;
  const OfmapCheck check = compare("A", expected, found);
  EXPECT_EQ(check.mismatches, 2U);
  ASSERT_TRUE(check.first);
  EXPECT_EQ(check.first->layer, "A");
  EXPECT_EQ(check.first->at, (std::array<std::size_t, 4>{1, 1, 2, 0}));
  EXPECT_EQ(check.first->expected, 0);
  EXPECT_EQ(check.first->found, -9);
}

TEST(OfmapCheck, OtherExtentsAreABug) {
  EXPECT_THROW(static_cast<void>(compare("A", Tensor({1, 1, 2, 2}), Tensor({1, 1, 1, 4}))),
               std::logic_error);
}

TEST(OfmapCheck, SumsKeepTheFirstMismatch) {
  OfmapCheck sum;
  sum.compared = 10;
  OfmapCheck other;
  other.compared = 30;
  other.mismatches = 1;
  other.psums = 40;
  other.nonzero_psums = 20;
  other.wrapped_psums = 3;
  other.saturated_sums = 7;
  other.saturated = 5;
  other.first = Mismatch{"B", {}, 1, 2};
  sum += other;
  OfmapCheck last = other;
  last.first->layer = "C";
  sum += last;
  EXPECT_EQ(sum.compared, 70U);
  EXPECT_EQ(sum.mismatches, 2U);
  EXPECT_EQ(sum.first->layer, "B");
  EXPECT_DOUBLE_EQ(sum.nonzero_psum_percent(), 50.0);
  EXPECT_EQ(sum.wrapped_psums, 6U);
  EXPECT_EQ(sum.saturated_sums, 14U);
  EXPECT_EQ(sum.saturated, 10U);
}

TEST(OfmapCheck, HashIsFnvOfLittleEndianWords) {
  // FNV-1a of no bytes is its offset basis; that of four zero bytes by hand: four multiplications.
  EXPECT_EQ(hash_of(Tensor({0, 1, 1, 1})), "cbf29ce484222325");
  std::uint64_t expected = 0xcbf29ce484222325;
  for (const unsigned byte : {0xfeU, 0xffU, 0xffU, 0xffU}) {
    expected = (expected ^ byte) * 0x100000001b3;
  }
  Tensor tensor({1, 1, 1, 1});
  tensor.data()[0] = -2;
  EXPECT_EQ(std::stoull(hash_of(tensor), nullptr, 16), expected);
}

TEST(OfmapCheck, ShareOfNonzeroPsumsIsZeroWithoutPsums) {
  EXPECT_EQ(OfmapCheck{}.nonzero_psum_percent(), 0.0);
}

}  // namespace
}  // namespace rowan::sim
