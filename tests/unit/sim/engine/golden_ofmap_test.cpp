// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/golden_ofmap.h"

#include <gtest/gtest.h>

#include "models/dataflow/row_stationary/accumulation_order.h"
#include "tests/unit/sim/engine/small_request.h"

namespace rowan::sim {
namespace {

using workloads::AccumulationOrder;
using workloads::Tap;

constexpr std::size_t kFirst = 0;
constexpr std::size_t kPool = 1;

/// Its first layer has 3 channels and 3 x 3 filters.
Request saturating_request() {
  Request request = small_request(TensorSource::kChain);
  request.platform.pe.psum_overflow = arithmetic::Overflow::kSaturate;
  return request;
}

TEST(GoldenOfmap, ArithmeticIsThatOfThePlatform) {
  Request request;
  request.platform.pe.type = "lightpe2";
  request.platform.pe.product_bits = 19;
  request.platform.pe.psum_bits = 20;
  request.platform.pe.psum_overflow = arithmetic::Overflow::kSaturate;
  const workloads::golden::Arithmetic found = golden_arithmetic(request);
  EXPECT_EQ(found.type, &arithmetic::pe_type("lightpe2"));
  EXPECT_EQ(found.product_bits, 19U);
  EXPECT_EQ(found.psum_bits, 20U);
  EXPECT_EQ(found.overflow, arithmetic::Overflow::kSaturate);
}

TEST(GoldenOfmap, TheOrderIsThatOfTheLayersMapping) {
  Request request = saturating_request();
  request.layers[kFirst].mapping->q = 1;
  request.layers[kFirst].mapping->r = 1;
  const AccumulationOrder order = golden_order(request, kFirst);
  ASSERT_EQ(order.front().front(), (Tap{0, 2, 0}));
  EXPECT_EQ(order, accumulation_order(*request.layers[kFirst].mapping,
                                      request.workload.layers[kFirst].shape));
}

TEST(GoldenOfmap, ALayerThatIsNotRunIsAddedUpAsInOnePass) {
  Request request = saturating_request();
  request.layers.erase(request.layers.begin());
  const AccumulationOrder order = golden_order(request, kFirst);
  ASSERT_EQ(order.size(), 3U) << "filter rows";
  EXPECT_EQ(order[0], (std::vector<Tap>{{0, 2, 0},
                                        {1, 2, 0},
                                        {2, 2, 0},
                                        {0, 2, 1},
                                        {1, 2, 1},
                                        {2, 2, 1},
                                        {0, 2, 2},
                                        {1, 2, 2},
                                        {2, 2, 2}}));
}

TEST(GoldenOfmap, ThereIsNoOrderWhereItDoesNotMatter) {
  EXPECT_TRUE(golden_order(saturating_request(), kPool).empty());
  EXPECT_TRUE(golden_order(small_request(TensorSource::kChain), kFirst).empty());
}

}  // namespace
}  // namespace rowan::sim
