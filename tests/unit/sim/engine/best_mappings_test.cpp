// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/best_mappings.h"

#include <functional>

#include <gtest/gtest.h>

#include "models/base/error.h"
#include "models/base/random.h"
#include "tests/support/input_error.h"
#include "tests/support/small_layer.h"

namespace rowan::sim {
namespace {

workloads::Layer small_layer() {
  workloads::Layer layer;
  layer.name = "first";
  layer.shape = {1, 4, 3, 8, 8, 3, 3, 1, 0, 1};
  return layer;
}

Request small_request() {
  Request request;
  request.platform.name = "small";
  return request;
}

TEST(Objectives, AreFoundByName) {
  for (const std::string& name : objective_names()) EXPECT_EQ(objective_of(name).name, name);
  EXPECT_EQ(support::input_error([] { return objective_of("latencie").name; }),
            "objective: unknown objective 'latencie' (did you mean 'latency'?)");
}

TEST(MappingSearch, IsForTheRequestsPlatformAndBatch) {
  Request request = small_request();
  const workloads::Layer layer = small_layer();
  const auto found = MappingSearch(request, objective_of("latency"), {3}).of(layer);
  ASSERT_EQ(found.best.size(), 3U);
  EXPECT_EQ(found.best[0].estimate.macs, layer.shape.macs_per_image());
  request.batch = 2;
  EXPECT_EQ(MappingSearch(request, objective_of("latency")).of(layer).best[0].estimate.macs,
            2 * layer.shape.macs_per_image());
}

TEST(MappingSearch, NoneThatIsLegalIsAnErrorOfTheLayerEveryTime) {
  Request request = small_request();
  request.platform.global_buffer.banks = 1;
  MappingSearch search(request, objective_of("latency"));
  workloads::Layer layer = small_layer();
  for (const std::string name : {"first", "second"}) {
    layer.name = name;
    const std::string error = support::input_error([&] { return search.of(layer).considered; });
    EXPECT_EQ(error.rfind(
                  "layer " + name + ": no mapping is legal on platform 'small': global_buffer", 0),
              0U)
        << error;
  }
}

TEST(MappingSearch, LeavesResidentBanksAlone) {
  const Request request = small_request();
  MappingSearch search(request, objective_of("latency"));
  const workloads::Layer layer = small_layer();
  const auto& found = search.of(layer, 23);
  EXPECT_NE(&found, &search.of(layer));
  spec::AcceleratorSpec rest = request.platform;
  rest.global_buffer.banks -= 23;
  EXPECT_TRUE(dataflow::row_stationary::check(found.best[0].mapping, layer.shape, 1, rest).empty());
  EXPECT_THROW((void)search.of(layer, 24), InputError);
}

// What request resolution asks before it looks for a mapping.
TEST(MappingSearch, FindsAMappingExactlyWhereTheSmallestIsLegal) {
  Random random(3);
  unsigned found = 0;
  constexpr unsigned kCases = 100;
  for (unsigned i = 0; i < kCases; ++i) {
    Request request = small_request();
    spec::AcceleratorSpec& platform = request.platform;
    platform = support::small_accelerator(static_cast<unsigned>(random.between(1, 3)),
                                          static_cast<unsigned>(random.between(1, 3)));
    platform.name = "small";
    platform.global_buffer.banks = static_cast<unsigned>(random.between(1, 12));
    platform.global_buffer.bank_rows = static_cast<unsigned>(random.between(1, 4));
    platform.pe.ifmap_spad.size = Words(random.between(1, 4));
    workloads::Layer layer = small_layer();
    layer.shape = support::random_shape(random);
    const bool legal =
        dataflow::row_stationary::check({}, layer.shape, request.batch, platform).empty();
    MappingSearch search(request, objective_of("latency"));
    const std::string error = support::input_error([&] { return search.of(layer).considered; });
    EXPECT_EQ(error.find("no mapping is legal") == std::string::npos, legal) << error;
    found += legal ? 1 : 0;
  }
  EXPECT_GT(found, 10U);
  EXPECT_LT(found, kCases - 10U);
}

TEST(MappingSearch, LayersOfOneShapeShareASearch) {
  const Request request = small_request();
  MappingSearch search(request, objective_of("latency"));
  const workloads::Layer layer = small_layer();
  workloads::Layer same = layer;
  same.name = "second";
  same.inputs = {"first"};
  same.product_shift = 4;
  EXPECT_EQ(&search.of(layer), &search.of(same));
}

TEST(MappingSearch, WhateverASearchDependsOnMakesAnother) {
  const Request request = small_request();
  MappingSearch search(request, objective_of("latency"));
  workloads::Layer layer = small_layer();
  layer.shape.groups = 1;
  layer.shape.channels = 4;
  const mapper::SearchResult* const found = &search.of(layer);
  const std::vector<std::function<void(workloads::Layer&)>> changes{
      [](auto& other) { other.shape.groups = 2; },
      [](auto& other) { other.shape.filters = 8; },
      [](auto& other) { other.shape.channels = 5; },
      [](auto& other) { other.shape.height = 9; },
      [](auto& other) { other.shape.width = 9; },
      [](auto& other) { other.shape.kernel_height = 2; },
      [](auto& other) { other.shape.kernel_width = 2; },
      [](auto& other) { other.shape.stride = 2; },
      [](auto& other) { other.shape.padding = 1; },
      [](auto& other) { other.shape.padding_end = 1; },
      [](auto& other) { other.shape.dilation = 2; },
      [](auto& other) { other.shape.input_dilation = 2; },
      [](auto& other) { other.network_input = true; },
      [](auto& other) { other.seeded.ifmap_zeros_percent = 50; },
      [](auto& other) { other.relu = false; },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    workloads::Layer other = layer;
    changes[i](other);
    EXPECT_NE(&search.of(other), found) << i;
  }
  layer.shape.padding_end = 0;  // as many as before
  EXPECT_EQ(&search.of(layer), found);
}

}  // namespace
}  // namespace rowan::sim
