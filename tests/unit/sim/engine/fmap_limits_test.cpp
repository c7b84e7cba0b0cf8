// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/fmap_limits.h"

#include <gtest/gtest.h>

#include "sim/engine/resolve.h"
#include "tests/support/input_error.h"

namespace rowan::sim {
namespace {

/// VGG-16 whose last layer alone is chosen.
Request classifier(TensorSource tensors, unsigned batch) {
  RequestNames names;
  names.platform = tensors == TensorSource::kFloat ? "quidam_int8" : "eyeriss";
  names.workload = "vgg16";
  names.layers = "FC8";
  names.batch = batch;
  Request request = resolve_layers(names);
  request.tensors = tensors;
  return request;
}

std::string error(const Request& request) {
  return support::input_error([&] {
    require_room_for_network(request);
    return 0;
  });
}

TEST(FmapLimits, AFloatNetworkIsHeldWholeWhicheverLayersAreChosen) {
  EXPECT_EQ(error(classifier(TensorSource::kFloat, kMaxBatch)),
            "--batch: 4096 images make " + std::to_string(64ULL * 224 * 224 * 4096) +
                " words in an fmap of layer CONV1-1; at most 268435456 are allowed");
}

TEST(FmapLimits, OfmapsOfANetworkHaveALimitTogether) {
  // Of an image, 64 x 226 x 226 words are the most of an fmap and 15087080 those of all ofmaps.
  EXPECT_NO_THROW(require_room_for_network(classifier(TensorSource::kFloat, 71)));
  EXPECT_EQ(error(classifier(TensorSource::kFloat, 72)),
            "--batch: 72 images make " + std::to_string(72 * 15087080) +
                " words in all ofmaps of vgg16; at most 1073741824 are allowed with --tensors "
                "float, which computes layers that are not chosen, too");
}

TEST(FmapLimits, AreToldBeforeNumbersAreComputed) {
  EXPECT_NE(support::input_error([] {
              return quantized(classifier(TensorSource::kFloat, 72));
            }).find("in all ofmaps of vgg16"),
            std::string::npos);
}

TEST(FmapLimits, AChainIsHeldAsFarAsItLeadsToAChosenLayer) {
  Request request = classifier(TensorSource::kChain, 72);
  EXPECT_NE(error(request).find("allowed with --tensors chain"), std::string::npos);
  request.layers.front().position = 2;
  EXPECT_NO_THROW(require_room_for_network(request));
}

TEST(FmapLimits, DrawnOperandsNeedRoomForTheChosenLayersAlone) {
  EXPECT_NO_THROW(require_room_for_network(classifier(TensorSource::kSeeded, kMaxBatch)));
  EXPECT_NO_THROW(require_room_for_network(classifier(TensorSource::kDirectory, kMaxBatch)));
}

}  // namespace
}  // namespace rowan::sim
