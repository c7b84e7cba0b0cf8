// SPDX-License-Identifier: Apache-2.0
// How far the integer operations are from real numbers: a few units of the last place.
#include "workloads/golden_deviation.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "workloads/golden.h"
#include "workloads/network.h"
#include "workloads/seeded_tensors.h"

namespace rowan::workloads {
namespace {

/// A layer on [64][5][7], its words signed and up to `most`.
Layer layer_on_fmap(LayerKind kind, unsigned most, const UnitAttributes& attributes) {
  Network network;
  network.name = "net";
  network.input = {64, 5, 7};
  Layer layer;
  layer.name = "L";
  layer.kind = kind;
  layer.unit = attributes;
  layer.pooling = {PoolingKind::kAverage, 3, 2, 1};
  layer.seeded = {0, most, 100};
  network.layers = {layer};
  settle(network);
  return network.layers.front();
}

golden::Deviation deviation_of(const Layer& layer) {
  const LayerTensors operands = seeded_tensors(1, layer, 2, 16, 16);
  const auto real = golden::real_ofmap(layer, operands);
  return golden::deviation(golden::layer(layer, operands, {}), real.value());
}

UnitAttributes fractions(unsigned ifmap, unsigned ofmap, unsigned gain = 8) {
  UnitAttributes attributes;
  attributes.fraction_bits = ifmap;
  attributes.ofmap_fraction_bits = ofmap;
  attributes.gain_fraction_bits = gain;
  return attributes;
}

TEST(GoldenDeviation, AveragesAreWithinHalfAUnit) {
  const golden::Deviation found = deviation_of(layer_on_fmap(LayerKind::kPooling, 3000, {}));
  EXPECT_LE(found.max_abs_error, 0.5);
  EXPECT_GT(found.sqnr_db, 60);
}

TEST(GoldenDeviation, GeluIsWithinTwoUnits) {
  for (const unsigned bits : {4, 8, 12}) {
    EXPECT_LE(
        deviation_of(layer_on_fmap(LayerKind::kGelu, 4U << bits, fractions(bits, 0))).max_abs_error,
        2.0)
        << bits;
  }
  EXPECT_GT(deviation_of(layer_on_fmap(LayerKind::kGelu, 1024, fractions(8, 0))).sqnr_db, 55);
}

TEST(GoldenDeviation, SoftmaxIsWithinTwoUnits) {
  for (const unsigned bits : {8, 12, 15}) {
    EXPECT_LE(
        deviation_of(layer_on_fmap(LayerKind::kSoftmax, 1000, fractions(8, bits))).max_abs_error,
        2.0)
        << bits;
  }
  EXPECT_GT(deviation_of(layer_on_fmap(LayerKind::kSoftmax, 1000, fractions(8, 15))).sqnr_db, 70);
}

TEST(GoldenDeviation, LayerNormIsWithinTwoUnits) {
  for (const unsigned bits : {6, 8, 10}) {
    EXPECT_LE(
        deviation_of(layer_on_fmap(LayerKind::kLayerNorm, 2000, fractions(0, bits))).max_abs_error,
        2.0)
        << bits;
  }
  EXPECT_GT(deviation_of(layer_on_fmap(LayerKind::kLayerNorm, 2000, fractions(0, 8))).sqnr_db, 50);
}

TEST(GoldenDeviation, OtherLayersHaveNoRealNumbers) {
  const Layer layer = layer_on_fmap(LayerKind::kRelu, 100, {});
  EXPECT_EQ(golden::real_ofmap(layer, seeded_tensors(1, layer, 1, 16, 16)), std::nullopt);
}

TEST(GoldenDeviation, OfEqualNumbersIsNone) {
  Tensor ofmap({1, 1, 1, 2});
  ofmap.data()[0] = 3;
  ofmap.data()[1] = -4;
  const golden::Deviation none = golden::deviation(ofmap, {3.0, -4.0});
  EXPECT_EQ(none.max_abs_error, 0.0);
  EXPECT_EQ(none.sqnr_db, std::numeric_limits<double>::infinity());
  const golden::Deviation some = golden::deviation(ofmap, {3.0, -4.5});
  EXPECT_EQ(some.max_abs_error, 0.5);
  EXPECT_NEAR(some.sqnr_db, 10 * std::log10((9 + 20.25) / 0.25), 1e-9);
  EXPECT_THROW((void)golden::deviation(ofmap, {3.0}), std::invalid_argument);
}

}  // namespace
}  // namespace rowan::workloads
