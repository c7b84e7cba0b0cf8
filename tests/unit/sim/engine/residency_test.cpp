// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/residency.h"

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/spec/derived.h"

namespace rowan::sim {
namespace {

workloads::Layer layer_of(const std::string& name, workloads::LayerKind kind,
                          std::vector<std::string> inputs = {}) {
  workloads::Layer layer;
  layer.name = name;
  layer.kind = kind;
  layer.inputs = std::move(inputs);
  return layer;
}

workloads::Layer relu(const std::string& name, std::vector<std::string> inputs = {}) {
  return layer_of(name, workloads::LayerKind::kRelu, std::move(inputs));
}

/// All layers, on a GLB of 10 banks of 16 words with reuse. Fmaps are 2 x 3 x 8 words, three banks.
Request request_of(std::vector<workloads::Layer> layers) {
  Request request;
  request.platform.global_buffer.banks = 10;
  request.platform.global_buffer.bank_rows = 4;
  request.platform.global_buffer.inter_layer_reuse = true;
  request.workload.input = {2, 3, 8};
  request.workload.layers = std::move(layers);
  settle(request.workload);
  for (std::size_t i = 0; i < request.workload.layers.size(); ++i) {
    LayerRequest layer;
    layer.position = i;
    request.layers.push_back(layer);
  }
  return request;
}

bool always(const LayerRequest& /*layer*/, unsigned /*banks*/) { return true; }

/// What is resident of each layer: "i", "o" and banks.
std::vector<std::string> decided(Request request, const DoesWithout& does_without = always) {
  decide_residency(request, does_without);
  std::vector<std::string> text;
  for (const LayerRequest& layer : request.layers) {
    text.push_back(std::string(layer.resident.ifmap ? "i" : "") +
                   (layer.resident.ofmap ? "o" : "") + std::to_string(layer.resident.banks));
  }
  return text;
}

using Decided = std::vector<std::string>;

TEST(Residency, OfmapFillsWholeBanks) {
  Request request = request_of({relu("a")});
  EXPECT_EQ(ofmap_banks(request, request.workload.layers[0]), 3U);  // 48 words
  request.batch = 3;
  EXPECT_EQ(ofmap_banks(request, request.workload.layers[0]), 9U);
  request.platform.global_buffer.row_width = Bits(79);  // four words all the same
  EXPECT_EQ(ofmap_banks(request, request.workload.layers[0]), 9U);
  request.platform.global_buffer.bank_rows = 5;  // 144 of 20
  EXPECT_EQ(ofmap_banks(request, request.workload.layers[0]), 8U);
}

TEST(Residency, NothingStaysWithoutTheOption) {
  Request request = request_of({relu("a"), relu("b")});
  request.platform.global_buffer.inter_layer_reuse = false;
  request.layers[0].resident = {true, true, 3};  // of another platform
  EXPECT_EQ(decided(request), (Decided{"0", "0"}));
}

TEST(Residency, ALayerInBetweenDoesWithoutTheBanksOfBoth) {
  EXPECT_EQ(decided(request_of({relu("a"), relu("b"), relu("c")})), (Decided{"o3", "io6", "i3"}));
}

TEST(Residency, OneBankTooFewForEitherLayerIsTooFew) {
  const Request request = request_of({relu("a"), relu("b")});
  for (const std::size_t tight : {0U, 1U}) {
    const auto can_spare = [&](unsigned most) {
      return [=](const LayerRequest& layer, unsigned banks) {
        return layer.position != tight || banks <= most;
      };
    };
    EXPECT_EQ(decided(request, can_spare(3)), (Decided{"o3", "i3"}));
    EXPECT_EQ(decided(request, can_spare(2)), (Decided{"0", "0"}));
  }
}

TEST(Residency, AnEarlierOfmapComesBeforeALaterOne) {
  const Request request = request_of({relu("a"), relu("b"), relu("c"), relu("d")});
  const auto spares_five = [](const LayerRequest& /*layer*/, unsigned banks) { return banks <= 5; };
  EXPECT_EQ(decided(request, spares_five), (Decided{"o3", "i3", "o3", "i3"}));
}

TEST(Residency, BanksAreNeverAllOfThem) {
  Request request = request_of({relu("a"), relu("b"), relu("c")});
  request.platform.global_buffer.banks = 6;
  EXPECT_EQ(decided(request), (Decided{"o3", "i3", "0"}));
  request.platform.global_buffer.banks = 3;
  EXPECT_EQ(decided(request), (Decided{"0", "0", "0"}));
}

TEST(Residency, TwoConsumersTakeTheOfmapFromDram) {
  EXPECT_EQ(decided(request_of({relu("a"), relu("b", {"a"}), relu("c", {"a"})})),
            (Decided{"0", "0", "0"}));
}

TEST(Residency, AConsumerThatDoesNotRunCountsAllTheSame) {
  Request request = request_of({relu("a"), relu("b", {"a"}), relu("c", {"a"})});
  request.layers.pop_back();
  EXPECT_EQ(decided(request), (Decided{"0", "0"}));
}

TEST(Residency, TheConsumerRunsNext) {
  const Request request = request_of({relu("a"), relu("b", {"input"}), relu("c", {"a"})});
  EXPECT_EQ(decided(request), (Decided{"0", "0", "0"}));
  Request without_b = request;
  without_b.layers.erase(without_b.layers.begin() + 1);
  EXPECT_EQ(decided(without_b), (Decided{"o3", "i3"}));
}

TEST(Residency, OperandsOfAnAdditionComeFromDram) {
  EXPECT_EQ(
      decided(request_of({relu("a"), layer_of("sum", workloads::LayerKind::kAdd, {"a", "input"})})),
      (Decided{"0", "0"}));
}

TEST(Residency, OfAMatmulOnlyTheFirstOperandStays) {
  const auto matmul = [](const std::string& first, const std::string& second) {
    workloads::Layer layer = layer_of("product", workloads::LayerKind::kMatmul, {first, second});
    layer.matmul.transpose = true;
    return layer;
  };
  const auto decided_for = [&](const std::string& first, const std::string& second) {
    workloads::Layer select = layer_of("a", workloads::LayerKind::kTokens);
    return decided(request_of({select, relu("b", {"a"}), matmul(first, second)}));
  };
  // Tokens have 2 x 25 words: 4 banks.
  Request request =
      request_of({layer_of("a", workloads::LayerKind::kTokens),
                  layer_of("b", workloads::LayerKind::kTokens, {"input"}), matmul("b", "a")});
  EXPECT_EQ(decided(request), (Decided{"0", "o4", "i4"}));
  request = request_of({layer_of("a", workloads::LayerKind::kTokens),
                        layer_of("b", workloads::LayerKind::kTokens, {"input"}), matmul("a", "b")});
  EXPECT_EQ(decided(request), (Decided{"0", "0", "0"}));
  EXPECT_EQ(decided_for("b", "b"), (Decided{"o4", "i4", "0"}));
}

TEST(Residency, ThePlatformKeepsTheOtherBanks) {
  const Request request = request_of({relu("a")});
  EXPECT_EQ(platform_without(request.platform, 3).global_buffer.banks, 7U);
  EXPECT_EQ(platform_without(request.platform, 0).global_buffer.banks, 10U);
}

}  // namespace
}  // namespace rowan::sim
