// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/route.h"

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace rowan::hardware {
namespace {

/// Four PEs in rows of two: 0 and 2 with ifmap ID (1, 0), 1 with (1, 1), 3 with (1, 0) but not
/// active.
std::shared_ptr<dataflow::PassShape> four_pes() {
  auto shape = std::make_shared<dataflow::PassShape>();
  shape->pes.resize(4);
  for (const std::size_t pe : {0U, 1U, 2U}) shape->pes[pe].active = true;
  shape->pes[0].ifmap_id = shape->pes[2].ifmap_id = shape->pes[3].ifmap_id = {1, 0};
  shape->pes[1].ifmap_id = {1, 1};
  return shape;
}

RouteTable table() {
  return {"ifmap_gin", 2, &dataflow::PassShape::ifmap, &dataflow::PeProgram::ifmap_id};
}

TEST(RouteTable, FindsTheActivePesThatHaveTheIds) {
  const auto shape = four_pes();
  shape->ifmap = {{0, 10}, {{{1, 1}, 2, 5}, {{1, 0}, 3, 7}}};
  RouteTable routes = table();
  const Route& route = routes.of(shape);
  EXPECT_EQ(route.bases, (std::vector<std::uint32_t>{0, 10}));
  EXPECT_EQ(route.most_words, 3U);
  ASSERT_EQ(route.packets.size(), 2U);
  EXPECT_EQ(route.packets[0].words, 2U);
  EXPECT_EQ(route.packets[0].address, 5U);
  const auto pes = [&](std::size_t packet) {
    return std::vector<std::uint32_t>(route.pes.begin() + route.packets[packet].first,
                                      route.pes.begin() + route.packets[packet].last);
  };
  EXPECT_EQ(pes(0), std::vector<std::uint32_t>{1});
  EXPECT_EQ(pes(1), (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(route.packets[0].rows, 1U);
  EXPECT_EQ(route.packets[1].rows, 2U);
}

TEST(RouteTable, CountsARowWithSeveralPesOfAPacketOnce) {
  const auto shape = four_pes();
  shape->pes[1].ifmap_id = {1, 0};
  shape->ifmap = {{0}, {{{1, 0}, 1, 0}}};
  RouteTable routes = table();
  EXPECT_EQ(routes.of(shape).packets[0].rows, 2U);  // PEs 0, 1 and 2
}

TEST(RouteTable, KeepsTheRouteOfAShape) {
  const auto shape = four_pes();
  shape->ifmap = {{0}, {{{1, 1}, 1, 0}}};
  RouteTable routes = table();
  const Route* first = &routes.of(shape);
  const auto other = four_pes();
  EXPECT_NE(&routes.of(other), first);
  EXPECT_EQ(&routes.of(shape), first);
}

TEST(RouteTable, PacketForNobodyIsAnError) {
  const auto shape = four_pes();
  shape->ifmap = {{0}, {{{2, 9}, 1, 0}}};
  RouteTable routes = table();
  try {
    (void)routes.of(shape);
    FAIL() << "no error";
  } catch (const HardwareError& error) {
    EXPECT_STREQ(error.what(), "ifmap_gin: no PE has the IDs (2, 9) of a packet");
  }
}

TEST(RouteTable, PeThatIsNotActiveTakesNothing) {
  const auto shape = four_pes();
  shape->pes[0].active = shape->pes[2].active = false;
  shape->ifmap = {{0}, {{{1, 0}, 1, 0}}};
  RouteTable routes = table();
  EXPECT_THROW((void)routes.of(shape), HardwareError);
}

}  // namespace
}  // namespace rowan::hardware
