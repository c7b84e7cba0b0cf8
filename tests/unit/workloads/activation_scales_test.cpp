// SPDX-License-Identifier: Apache-2.0
#include "workloads/activation_scales.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "models/base/random.h"
#include "tests/support/input_error.h"
#include "workloads/network_file.h"
#include "workloads/npy.h"
#include "workloads/quantized_run.h"

namespace rowan::workloads {
namespace {

/// A branch that is added to, and attention.
constexpr char kLayers[] = R"(
- {name: PATCH, kind: convolution, filters: 8, kernel: {height: 4, width: 4}, stride: 4, relu: false}
- {name: BRANCH, kind: convolution, filters: 8, kernel: {height: 1, width: 1}, relu: false}
- {name: SUM, kind: add, inputs: [BRANCH, PATCH], relu: false}
- {name: FAR, kind: convolution, inputs: [input], filters: 8, kernel: {height: 4, width: 4}, stride: 4, relu: false}
- {name: MORE, kind: add, inputs: [SUM, FAR], relu: false}
- {name: T, kind: tokens}
- {name: Q, kind: convolution, inputs: [T], filters: 8, kernel: {height: 1, width: 1}, relu: false}
- {name: K, kind: convolution, inputs: [T], filters: 8, kernel: {height: 1, width: 1}, relu: false}
- {name: V, kind: convolution, inputs: [T], filters: 8, kernel: {height: 1, width: 1}, relu: false}
- {name: SCORES, kind: matmul, inputs: [Q, K], heads: 2, transpose: true}
- {name: SOFTMAX, kind: softmax, groups: 2, fraction_bits: 0, ofmap_fraction_bits: 0}
- {name: CONTEXT, kind: matmul, inputs: [SOFTMAX, V], heads: 2, transpose: false}
- {name: RESIDUAL, kind: add, inputs: [CONTEXT, T], relu: false}
- {name: NORM, kind: layer_norm, ofmap_fraction_bits: 0, gain_fraction_bits: 0}
- {name: UP, kind: convolution, filters: 8, kernel: {height: 1, width: 1}, relu: false}
- {name: GELU, kind: gelu, fraction_bits: 0}
- {name: BESIDE, kind: add, inputs: [GELU, RESIDUAL], relu: false}
)";

/// Numbers of every tensor, in a folder.
class NumbersOfAnyMagnitude : public testing::TestWithParam<std::string> {
 protected:
  using Draw = std::function<double(const std::string& tensor, std::size_t number)>;

  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] const arithmetic::PeType& type() const { return arithmetic::pe_type(GetParam()); }
  [[nodiscard]] Network network() const {
    return parse_network(std::string("schema: rowan.workload/2\nname: n\n"
                                     "input: {channels: 3, height: 8, width: 8}\nlayers:") +
                             kLayers,
                         "n.yaml");
  }
  void write(const Draw& draw) const {
    const Network n = network();
    give("input", "input.npy", {1, 3, 8, 8}, draw);
    for (const Layer& layer : n.layers) {
      if (parameter_extents(layer) == Extents{}) continue;
      give(layer.name, layer.name + (on_array(layer) ? ".filters.npy" : ".parameters.npy"),
           parameter_extents(layer), draw);
    }
  }
  void give(const std::string& tensor, const std::string& file, const Extents& extents,
            const Draw& draw) const {
    FloatTensor numbers(extents);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers.data()[i] = static_cast<float>(draw(tensor, i));
    }
    write_npy(folder_ + "/" + file, numbers);
  }

  /// Quantises and runs it; the message of an error.
  [[nodiscard]] std::string error(const Quantization& quantization = {}) const {
    return support::input_error([&] {
      const WordFormat format{&type(), type().product_bits, type().psum_bits};
      const QuantizedNetwork made(network(), 1, {1, folder_}, format, quantization);
      for (const Layer& layer : made.network().layers) {
        EXPECT_LE(layer.product_shift, 31U) << layer.name;
        EXPECT_LE(layer.ofmap_shift, 31U) << layer.name;
      }
      return run_quantized(made, {format.type, format.product_bits, format.psum_bits},
                           [](std::size_t) {});
    });
  }
  void expect_words_or_an_error_of_a_layer(const std::string& what) const {
    for (const ScaleKind scale : {ScaleKind::kPowerOfTwo, ScaleKind::kFree}) {
      for (const Granularity granularity : {Granularity::kLayer, Granularity::kFilter}) {
        std::string message;
        EXPECT_NO_THROW(message = error({scale, granularity})) << what;
        EXPECT_TRUE(message == "no error" || message.rfind("layer ", 0) == 0) << message;
      }
    }
  }

  const std::string folder_ =
      testing::TempDir() + "rowan_magnitudes_" + GetParam() + std::to_string(getpid());
};

double varied(std::size_t number) { return static_cast<double>(number * 7 % 11) / 11 - 0.45; }

TEST_P(NumbersOfAnyMagnitude, MakeWordsWhenNoneIsLarge) {
  for (const double magnitude : {0.0, 1e-38, 1e-30, 1e-10, 1.0}) {
    write([&](const std::string&, std::size_t i) { return magnitude * varied(i); });
    EXPECT_EQ(error(), "no error") << magnitude;
  }
}

TEST_P(NumbersOfAnyMagnitude, MakeWordsOrAnErrorThatNamesALayer) {
  const std::vector<double> magnitudes{0.0, 1e-38, 1e-30, 1e-10, 1.0, 1e10, 1e20, 1e30};
  for (const double magnitude : magnitudes) {
    write([&](const std::string&, std::size_t i) { return magnitude * varied(i); });
    expect_words_or_an_error_of_a_layer("all of " + std::to_string(magnitude));
    write([&](const std::string&, std::size_t i) { return i == 5 ? magnitude : varied(i); });
    expect_words_or_an_error_of_a_layer("an outlier of " + std::to_string(magnitude));
  }
  Random random(1);
  for (int round = 0; round < 60; ++round) {
    std::map<std::string, double> drawn;
    write([&](const std::string& tensor, std::size_t i) {
      const auto [of, fresh] = drawn.emplace(tensor, 0.0);
      if (fresh) of->second = magnitudes[random.bits() % magnitudes.size()];
      return of->second * varied(i);
    });
    expect_words_or_an_error_of_a_layer("round " + std::to_string(round));
  }
}

INSTANTIATE_TEST_SUITE_P(Types, NumbersOfAnyMagnitude,
                         testing::Values("int16", "int8", "int4", "lightpe1", "lightpe2", "fp32"));

class Int16NumbersOfAnyMagnitude : public NumbersOfAnyMagnitude {};

TEST_P(Int16NumbersOfAnyMagnitude, ATensorOfZerosLeavesTheOthersTheirScale) {
  // SUM is MORE's first operand, and so has the scale of FAR.
  write([](const std::string& tensor, std::size_t i) {
    const bool zero = tensor == "PATCH" || tensor == "BRANCH";
    const bool small = tensor == "FAR" || tensor == "T";
    return zero ? 0 : small ? 1e-20 * varied(i) : varied(i);
  });
  const WordFormat format{&type(), type().product_bits, type().psum_bits};
  const QuantizedNetwork made(network(), 1, {1, folder_}, format, {});
  EXPECT_LT(made.scale(*find_tensor(made.network(), "SUM")), 1e-20);
}

TEST_P(Int16NumbersOfAnyMagnitude, ThatAreNothingBesideAnotherBecomeZeros) {
  write([](const std::string& tensor, std::size_t i) {
    return tensor == "K" ? 1e-30 * varied(i) : varied(i);
  });
  EXPECT_EQ(error(), "no error");
  const WordFormat format{&type(), type().product_bits, type().psum_bits};
  const QuantizedNetwork made(network(), 1, {1, folder_}, format, {});
  const auto largest_word = [&](const char* name) {
    const std::size_t tensor = *find_tensor(made.network(), name);
    const RealTensor& numbers = made.float_run().tensors[tensor];
    double largest = 0;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      largest = std::max(largest, std::abs(numbers.data()[i]));
    }
    return largest / made.scale(tensor);
  };
  EXPECT_LT(largest_word("K"), 0.5);
  EXPECT_GT(largest_word("Q"), 100);
  EXPECT_GT(largest_word("V"), 100);
}

TEST_P(Int16NumbersOfAnyMagnitude, ThatNoFractionBitsHoldAreAnErrorThatSaysWhichScale) {
  write([](const std::string& tensor, std::size_t i) {
    return tensor == "T" ? 1e12 * varied(i) : varied(i);
  });
  EXPECT_EQ(error(),
            "layer RESIDUAL cannot be quantised: its operands need a scale of 2^24, but the layer "
            "that takes its ofmap has at most 2^0");
  // The operand that GELU makes has 2^0 at most, and the sum's words are so much larger.
  write([](const std::string& tensor, std::size_t i) {
    return tensor == "UP" ? 1e20 * varied(i) : varied(i);
  });
  EXPECT_EQ(error(),
            "layer BESIDE cannot be quantised: its ofmap needs a scale of 2^52, but a shift of at "
            "most 31 bits leads from its operands to at most 2^31");
}

INSTANTIATE_TEST_SUITE_P(Types, Int16NumbersOfAnyMagnitude, testing::Values("int16"));

/// The scale of an input that is all that the network has.
double scale_of_input(const std::vector<double>& numbers, const arithmetic::Quantizer& quantizer,
                      ScaleKind kind = ScaleKind::kPowerOfTwo) {
  const Network network = parse_network(
      "schema: rowan.workload/2\nname: n\ninput: {channels: 1, height: 1, width: " +
          std::to_string(numbers.size()) +
          "}\nlayers:\n"
          "- {name: A, kind: convolution, filters: 1, kernel: {height: 1, width: 1}}\n",
      "n.yaml");
  FloatRun run;
  run.tensors.resize(network.tensors.size());
  const std::size_t input = *find_tensor(network, kNetworkInput);
  run.tensors[input] = RealTensor({1, 1, 1, numbers.size()});
  std::copy(numbers.begin(), numbers.end(), run.tensors[input].data());
  return activation_scales(network, run, quantizer, kind,
                           std::vector<double>(network.tensors.size(), 0.0), 0)[input];
}

/// Dense in the middle and thin at the ends, as numbers of a network are.
std::vector<double> drawn_numbers(std::uint64_t seed) {
  Random random(seed);
  std::vector<double> numbers(40, 0.0);
  for (double& number : numbers) {
    for (int i = 0; i < 4; ++i) {
      number += std::ldexp(static_cast<double>(random.between(-65536, 65536)), -16);
    }
  }
  return numbers;
}

class ScaleOfATensor : public testing::TestWithParam<std::string> {
 protected:
  /// Among scales of `parts` an octave.
  void expect_no_better(const std::vector<double>& numbers, double scale, int parts) const {
    const double error = quantizer_.squared_error(numbers.data(), numbers.size(), scale);
    for (int i = -14 * parts; i < 8 * parts; ++i) {
      const double other = std::exp2(static_cast<double>(i) / parts);
      EXPECT_LE(error, quantizer_.squared_error(numbers.data(), numbers.size(), other) + 1e-9)
          << scale << " and " << other;
    }
  }
  const arithmetic::Quantizer quantizer_ =
      arithmetic::Quantizer::weights(arithmetic::pe_type(GetParam()));
};

TEST_P(ScaleOfATensor, IsThePowerOfTwoOfLeastError) {
  for (std::uint64_t seed = 1; seed < 6; ++seed) {
    const std::vector<double> numbers = drawn_numbers(seed);
    const double scale = scale_of_input(numbers, quantizer_);
    EXPECT_EQ(std::exp2(std::ilogb(scale)), scale);
    expect_no_better(numbers, scale, 1);
  }
}

TEST_P(ScaleOfATensor, OfWhichAnyIsAllowedIsTheBestOfEightAnOctave) {
  const std::vector<double> numbers = drawn_numbers(11);
  expect_no_better(numbers, scale_of_input(numbers, quantizer_, ScaleKind::kFree), 8);
}

INSTANTIATE_TEST_SUITE_P(Types, ScaleOfATensor,
                         testing::Values("int8", "int4", "lightpe1", "lightpe2"));

TEST(ActivationScales, FourBitsClipRatherThanReachTheLargestNumber) {
  // To reach 100 makes every 1 a 0; not to reach it costs 93^2.
  const auto quantizer = arithmetic::Quantizer::integers(4);
  std::vector<double> numbers(200, 1.0);
  numbers.push_back(100.0);
  EXPECT_EQ(scale_of_input(numbers, quantizer), 16.0);
  numbers.resize(20'000, 1.0);
  EXPECT_EQ(scale_of_input(numbers, quantizer), 1.0);
}

TEST(ActivationScales, ManyZerosMakeTheScaleOfCodesSmaller) {
  // A 1 at scale 1 is exact, but costs 2^-14 for each zero; half of the scale clips it.
  const auto quantizer = arithmetic::Quantizer::weights(arithmetic::pe_type("lightpe1"));
  std::vector<double> numbers(100, 0.0);
  numbers.push_back(1.0);
  EXPECT_EQ(scale_of_input(numbers, quantizer), 1.0);
  numbers.assign(10'000, 0.0);
  numbers.push_back(1.0);
  EXPECT_EQ(scale_of_input(numbers, quantizer), 0.5);
}

TEST(ActivationScales, ATensorOfZerosHasAScaleAllTheSameAndFp32HasOne) {
  const std::vector<double> zeros(3, 0.0);
  EXPECT_EQ(scale_of_input(zeros, arithmetic::Quantizer::integers(8)), 1.0);
  EXPECT_EQ(scale_of_input(zeros, arithmetic::Quantizer::integers(8), ScaleKind::kFree), 1.0);
  const auto fp32 = arithmetic::Quantizer::activations(arithmetic::pe_type("fp32"));
  EXPECT_EQ(scale_of_input({0.1, 3.0}, fp32, ScaleKind::kFree), 1.0);
}

}  // namespace
}  // namespace rowan::workloads
