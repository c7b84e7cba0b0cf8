// SPDX-License-Identifier: Apache-2.0
#include "workloads/float_network.h"

#include <cmath>
#include <filesystem>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/input_error.h"
#include "workloads/network_file.h"
#include "workloads/npy.h"

namespace rowan::workloads {
namespace {

using support::input_error;

Network network_of(const std::string& layers) {
  return parse_network(
      "schema: rowan.workload/2\nname: n\n"
      "input: {channels: 32, height: 1, width: 40}\nlayers:\n" +
          layers,
      "n.yaml");
}

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments moments_of(const FloatTensor& tensor) {
  const auto count = static_cast<double>(tensor.size());
  Moments moments;
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const double x = static_cast<double>(tensor.data()[i]);
    moments.mean += x / count;
    moments.variance += x * x / count;
  }
  return moments;
}

constexpr char kConvolution[] =
    "- {name: A, kind: convolution, filters: 400, kernel: {height: 1, width: 5}}\n";

TEST(FloatTensors, FiltersHaveTheVarianceOfHe) {
  const Network network = network_of(kConvolution);
  const Moments moments = moments_of(float_parameters(network, 0, {1, ""}));
  EXPECT_NEAR(moments.mean, 0, 0.002);
  EXPECT_NEAR(moments.variance, 2.0 / (32 * 5), 0.0003);
}

TEST(FloatTensors, InputIsNormal) {
  const Network network = network_of(kConvolution);
  const FloatTensor input = float_input(network, 400, {1, ""});
  const Moments moments = moments_of(input);
  EXPECT_NEAR(moments.mean, 0, 0.006);
  EXPECT_NEAR(moments.variance, 1, 0.009);
  for (const double bound : {0.2, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.4, 3.5, 4.0}) {
    double beyond = 0;
    for (std::size_t i = 0; i < input.size(); ++i) beyond += std::abs(input.data()[i]) > bound;
    const double share = std::erfc(bound / std::sqrt(2.0));
    const auto count = static_cast<double>(input.size());
    EXPECT_NEAR(beyond / count, share, 4 * std::sqrt(share / count)) << bound;
  }
}

TEST(FloatTensors, DependOnSeedLayerAndImageButNotOnTheNumberOfImages) {
  const Network network = network_of(std::string(kConvolution) +
                                     "- {name: B, kind: convolution, inputs: [input], filters: "
                                     "400, kernel: {height: 1, width: 5}}\n");
  const FloatTensor one = float_input(network, 1, {1, ""});
  const FloatTensor two = float_input(network, 2, {1, ""});
  EXPECT_TRUE(std::equal(one.data(), one.data() + one.size(), two.data()));
  EXPECT_FALSE(std::equal(one.data(), one.data() + one.size(), two.plane(1, 0)));
  EXPECT_FALSE(one == float_input(network, 1, {2, ""}));
  EXPECT_TRUE(float_parameters(network, 0, {1, ""}) == float_parameters(network, 0, {1, ""}));
  EXPECT_FALSE(float_parameters(network, 0, {1, ""}) == float_parameters(network, 1, {1, ""}));
  EXPECT_FALSE(float_parameters(network, 0, {1, ""}) == float_parameters(network, 0, {2, ""}));
}

TEST(FloatTensors, QueriesCarryTheScaleOfAttention) {
  const Network network = network_of(
      "- {name: Q, kind: convolution, inputs: [input], filters: 64, kernel: {height: 1, width: "
      "1}, relu: false}\n"
      "- {name: K, kind: convolution, inputs: [input], filters: 64, kernel: {height: 1, width: "
      "1}, relu: false}\n"
      "- {name: S, kind: matmul, inputs: [Q, K], heads: 4, transpose: true}\n");
  // 16 channels a head.
  EXPECT_NEAR(moments_of(float_parameters(network, 0, {1, ""})).variance, 2.0 / 32 / 16, 0.0004);
  EXPECT_NEAR(moments_of(float_parameters(network, 1, {1, ""})).variance, 2.0 / 32, 0.006);
}

TEST(FloatTensors, GainsLieAboutOneAndOffsetsAboutZero) {
  const Network network =
      network_of("- {name: N, kind: layer_norm, ofmap_fraction_bits: 8, gain_fraction_bits: 8}\n");
  const FloatTensor parameters = float_parameters(network, 0, {1, ""});
  for (std::size_t channel = 0; channel < 32; ++channel) {
    EXPECT_NEAR(*parameters.plane(channel, 0), 1, 0.3);
    EXPECT_NEAR(*parameters.plane(channel, 1), 0, 0.6);
  }
}

TEST(FloatRun, HasTheInputEveryOfmapAndThePeaksOfTheArray) {
  const Network network = network_of(std::string(kConvolution) +
                                     "- {name: P, kind: pooling, pooling: max, global: "
                                     "true}\n");
  const FloatRun run = run_float(network, 2, {1, ""});
  EXPECT_EQ(run.tensors[*find_tensor(network, "input")].extents(), (Extents{2, 32, 1, 40}));
  EXPECT_EQ(run.tensors[*find_tensor(network, "A")].extents(), (Extents{2, 400, 1, 36}));
  EXPECT_EQ(run.tensors[*find_tensor(network, "P")].extents(), (Extents{2, 400, 1, 1}));
  EXPECT_EQ(run.tensors[*find_tensor(network, "A:filters")].size(), 0U);
  EXPECT_EQ(run.peaks[0].size(), 400U);
  EXPECT_TRUE(run.peaks[1].empty());
}

class FloatFolder : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

  const std::string folder_ = testing::TempDir() + "rowan_float_folder_" + std::to_string(getpid());
  const Network network_ = network_of(kConvolution);
};

TEST_F(FloatFolder, GivesInputAndParameters) {
  const FloatTensor input = float_input(network_, 1, {1, ""});
  const FloatTensor filters = float_parameters(network_, 0, {1, ""});
  write_npy(path("input.npy"), input);
  write_npy(path("A.filters.npy"), filters);
  EXPECT_TRUE(float_input(network_, 1, {9, folder_}) == input);
  EXPECT_TRUE(float_parameters(network_, 0, {9, folder_}) == filters);
}

TEST_F(FloatFolder, MustHaveEveryFile) {
  EXPECT_EQ(input_error([&] {
              return float_input(network_, 1, {1, folder_});
            }),
            path("input.npy") + ": no such file");
  EXPECT_EQ(input_error([&] {
              return float_parameters(network_, 0, {1, folder_});
            }),
            path("A.filters.npy") + ": no such file");
}

TEST_F(FloatFolder, MustHoldFiniteBinary32Numbers) {
  write_npy(path("input.npy"), Tensor({1, 32, 1, 40}));
  EXPECT_EQ(
      input_error([&] {
        return float_input(network_, 1, {1, folder_});
      }),
      path("input.npy") + ": dtype is '<i2'; expected f4, little-endian ('<f4': numpy.float32)");
  FloatTensor infinite({1, 32, 1, 40});
  infinite.plane(0, 3)[7] = INFINITY;
  write_npy(path("input.npy"), infinite);
  EXPECT_EQ(input_error([&] {
              return float_input(network_, 1, {1, folder_});
            }),
            path("input.npy") + ": value inf at [0, 3, 0, 7]; expected a finite number");
}

}  // namespace
}  // namespace rowan::workloads
