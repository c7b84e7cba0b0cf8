// SPDX-License-Identifier: Apache-2.0
#include "workloads/quantized_network.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/input_error.h"
#include "workloads/network_file.h"
#include "workloads/npy.h"
#include "workloads/quantized_run.h"

namespace rowan::workloads {
namespace {

constexpr char kResidual[] = R"(
- {name: A, kind: convolution, filters: 12, kernel: {height: 3, width: 3}, padding: 1}
- {name: P, kind: pooling, pooling: max, size: 2, stride: 2}
- {name: B, kind: convolution, filters: 12, kernel: {height: 3, width: 3}, padding: 1}
- {name: C, kind: convolution, filters: 12, kernel: {height: 3, width: 3}, padding: 1, relu: false}
- {name: S, kind: add, inputs: [C, P], relu: true}
- {name: G, kind: pooling, pooling: average, global: true}
- {name: F, kind: fully_connected, filters: 10, relu: false}
)";

Network network_of(const std::string& layers) {
  return parse_network(
      "schema: rowan.workload/2\nname: n\n"
      "input: {channels: 3, height: 16, width: 16}\nlayers:" +
          layers,
      "n.yaml");
}

Network attention() { return load_network(ROWAN_SOURCE_DIR "/tests/support/attention.yaml"); }

WordFormat format_of(const std::string& name) {
  const arithmetic::PeType& type = arithmetic::pe_type(name);
  return {&type, type.product_bits, type.psum_bits};
}

QuantizedNetwork quantized(const Network& network, const std::string& type,
                           const Quantization& quantization = {}) {
  return {network, 2, {1, ""}, format_of(type), quantization};
}

std::vector<QuantizedLayerRun> runs_of(const QuantizedNetwork& network, const WordFormat& format) {
  return run_quantized(network, {format.type, format.product_bits, format.psum_bits},
                       [](std::size_t) {});
}

/// Of the last ofmap; no psum may have overflown.
double output_db(const Network& network, const std::string& type,
                 const Quantization& quantization = {}) {
  const auto runs = runs_of(quantized(network, type, quantization), format_of(type));
  for (const QuantizedLayerRun& run : runs) EXPECT_EQ(run.statistics.wrapped, 0U);
  return runs.back().noise.ofmap.db();
}

double scale_of(const QuantizedNetwork& network, const std::string& tensor) {
  return network.scale(*find_tensor(network.network(), tensor));
}

class QuantizedResidual
    : public testing::TestWithParam<std::tuple<std::string, ScaleKind, Granularity>> {
 protected:
  [[nodiscard]] std::string type() const { return std::get<0>(GetParam()); }
  [[nodiscard]] Quantization quantization() const {
    return {std::get<1>(GetParam()), std::get<2>(GetParam())};
  }
  const Network network_ = network_of(kResidual);
};

TEST_P(QuantizedResidual, ShiftsCarryPsumsToTheScaleOfTheOfmap) {
  const QuantizedNetwork made = quantized(network_, type(), quantization());
  const int fraction = static_cast<int>(format_of(type()).type->weight_fraction_bits);
  for (std::size_t i = 0; i < network_.layers.size(); ++i) {
    const Layer& layer = made.network().layers[i];
    if (!on_array(layer)) continue;
    const std::vector<double>& weights = made.parameter_scales(i);
    ASSERT_EQ(weights.size(),
              quantization().granularity == Granularity::kFilter ? layer.shape.filters : 1);
    for (std::size_t part = 0; part < weights.size(); ++part) {
      const unsigned shift =
          layer.filter_shifts.empty() ? layer.ofmap_shift : layer.filter_shifts[part];
      const double psum = std::ldexp(made.scale(layer.operands[0].tensor) * weights[part],
                                     static_cast<int>(layer.product_shift + shift) - fraction);
      EXPECT_NEAR(psum / scale_of(made, layer.name), 1, 1e-12) << layer.name;
    }
  }
}

TEST_P(QuantizedResidual, NoShiftOfAFilterIsBetterThanItsOwn) {
  const QuantizedNetwork made = quantized(network_, type(), quantization());
  const arithmetic::Quantizer quantizer = arithmetic::Quantizer::weights(*format_of(type()).type);
  for (std::size_t i = 0; i < network_.layers.size(); ++i) {
    if (!on_array(network_.layers[i])) continue;
    const FloatTensor numbers = float_parameters(network_, i, {1, ""});
    const std::vector<double>& scales = made.parameter_scales(i);
    const std::size_t count = numbers.size() / scales.size();
    for (std::size_t part = 0; part < scales.size(); ++part) {
      const float* first = numbers.data() + part * count;
      const double error = quantizer.squared_error(first, count, scales[part]);
      for (int octave = -8; octave < 8; ++octave) {
        EXPECT_LE(error * (1 - 1e-12),
                  quantizer.squared_error(first, count, std::ldexp(scales[part], octave)));
      }
    }
  }
}

TEST_P(QuantizedResidual, TensorsThatTheMachineDoesNotShiftHaveOneScale) {
  const QuantizedNetwork made = quantized(network_, type(), quantization());
  EXPECT_EQ(scale_of(made, "A"), scale_of(made, "P"));
  EXPECT_EQ(scale_of(made, "C"), scale_of(made, "P"));
  EXPECT_EQ(scale_of(made, "S"), scale_of(made, "G"));
  EXPECT_EQ(
      scale_of(made, "S"),
      std::ldexp(scale_of(made, "C"), static_cast<int>(made.network().layers[4].ofmap_shift)));
}

TEST_P(QuantizedResidual, NoiseIsThatOfTheWords) {
  // What a layer's own words lose is bounded below by what rounding alone costs.
  const QuantizedNetwork made = quantized(network_, type(), quantization());
  const auto runs = runs_of(made, format_of(type()));
  const FloatTensor input = float_input(network_, 2, {1, ""});
  const Tensor words = made.input();
  arithmetic::SignalNoise noise;
  for (std::size_t i = 0; i < words.size(); ++i) {
    noise.add(static_cast<double>(input.data()[i]), scale_of(made, "input") * words.data()[i]);
  }
  EXPECT_DOUBLE_EQ(runs[0].noise.ifmaps.db(), noise.db());
  EXPECT_EQ(runs[2].noise.ifmaps.db(), runs[1].noise.ofmap.db());
}

INSTANTIATE_TEST_SUITE_P(
    Types, QuantizedResidual,
    testing::Combine(testing::Values("int16", "int8", "int4", "lightpe1", "lightpe2"),
                     testing::Values(ScaleKind::kPowerOfTwo, ScaleKind::kFree),
                     testing::Values(Granularity::kLayer, Granularity::kFilter)));

TEST(QuantizedNetwork, WiderWordsHaveLessNoise) {
  const Network network = network_of(kResidual);
  for (const Granularity granularity : {Granularity::kLayer, Granularity::kFilter}) {
    const Quantization quantization{ScaleKind::kPowerOfTwo, granularity};
    const double int16 = output_db(network, "int16", quantization);
    const double int8 = output_db(network, "int8", quantization);
    const double int4 = output_db(network, "int4", quantization);
    const double lightpe1 = output_db(network, "lightpe1", quantization);
    const double lightpe2 = output_db(network, "lightpe2", quantization);
    EXPECT_GT(output_db(network, "fp32"), int16 + 30);
    EXPECT_GT(int16, int8 + 30);
    EXPECT_GT(int8, int4 + 10);
    EXPECT_GT(int8, lightpe2 + 3);
    EXPECT_GT(lightpe2, lightpe1 + 3);
    EXPECT_GT(int4, 5);
    EXPECT_GT(lightpe1, 5);
  }
}

TEST(QuantizedNetwork, CarriesOutAttention) {
  const Network network = attention();
  for (const ScaleKind scale : {ScaleKind::kPowerOfTwo, ScaleKind::kFree}) {
    const double int16 = output_db(network, "int16", {scale, Granularity::kLayer});
    const double int8 = output_db(network, "int8", {scale, Granularity::kLayer});
    EXPECT_GT(int16, 55);
    EXPECT_GT(int8, 12);
    EXPECT_GT(int16, int8 + 20);
  }
  EXPECT_GT(output_db(network, "fp32"), 60);  // its GELU is an approximation
}

TEST(QuantizedNetwork, FractionBitsAreThoseOfTheScales) {
  const QuantizedNetwork made =
      quantized(attention(), "int8", {ScaleKind::kFree, Granularity::kFilter});
  const auto unit = [&](const char* layer) {
    return made.network().layers[*find_layer(made.network(), layer)].unit;
  };
  const auto fraction = [](unsigned bits) { return std::ldexp(1.0, -static_cast<int>(bits)); };
  EXPECT_EQ(scale_of(made, "N"), fraction(unit("N").ofmap_fraction_bits));
  EXPECT_EQ(made.parameter_scales(2)[0], fraction(unit("N").gain_fraction_bits));
  EXPECT_EQ(scale_of(made, "SCORES"), fraction(unit("SOFTMAX").fraction_bits));
  EXPECT_EQ(scale_of(made, "SOFTMAX"), fraction(unit("SOFTMAX").ofmap_fraction_bits));
  EXPECT_EQ(scale_of(made, "UP"), fraction(unit("GELU").fraction_bits));
  EXPECT_EQ(scale_of(made, "UP"), scale_of(made, "GELU"));
}

TEST(QuantizedNetwork, Fp32WordsAreTheNumbers) {
  const Network network = network_of(kResidual);
  const QuantizedNetwork made = quantized(network, "fp32");
  const FloatTensor filters = float_parameters(network, 0, {1, ""});
  const arithmetic::Quantizer quantizer =
      arithmetic::Quantizer::weights(arithmetic::pe_type("fp32"));
  const Tensor words = made.parameters(0);
  for (std::size_t i = 0; i < words.size(); ++i) {
    ASSERT_EQ(quantizer.value(words.data()[i]), static_cast<double>(filters.data()[i]));
  }
  for (const Layer& layer : made.network().layers) {
    EXPECT_EQ(layer.product_shift + layer.ofmap_shift, 0U);
    EXPECT_TRUE(layer.filter_shifts.empty());
  }
  EXPECT_EQ(scale_of(made, "A"), 1.0);
}

/// Activations of 8 bits, weights of 4 bits in two's complement.
arithmetic::PeType int8_by_int4() {
  arithmetic::PeType type = arithmetic::pe_type("int8");
  const arithmetic::PeType& int4 = arithmetic::pe_type("int4");
  type.weight_bits = int4.weight_bits;
  type.weight_value = int4.weight_value;
  type.nearest_weight = int4.nearest_weight;
  return type;
}

TEST(QuantizedNetwork, MatmulsMakeTheProductOfTheNumbers) {
  const arithmetic::PeType mixed = int8_by_int4();
  for (const arithmetic::PeType* type :
       {&arithmetic::pe_type("int8"), &arithmetic::pe_type("lightpe1"),
        &arithmetic::pe_type("lightpe2"), &mixed}) {
    const WordFormat format{type, type->product_bits, type->psum_bits};
    const QuantizedNetwork made{attention(), 2, {1, ""}, format, {}};
    const arithmetic::Quantizer quantizer = arithmetic::Quantizer::activations(*type);
    for (const char* name : {"SCORES", "CONTEXT"}) {
      const Layer& layer = made.network().layers[*find_layer(made.network(), name)];
      LayerTensors operands;
      for (const Operand& operand : layer.operands) {
        const RealTensor& numbers = made.float_run().tensors[operand.tensor];
        Tensor words(numbers.extents());
        quantizer.quantize(numbers.data(), numbers.size(), made.scale(operand.tensor),
                           words.data());
        operands.inputs.push_back(std::move(words));
      }
      const Tensor ofmap =
          golden::layer(layer, operands, {type, format.product_bits, format.psum_bits});
      const std::size_t tensor = *find_tensor(made.network(), name);
      const RealTensor& numbers = made.float_run().tensors[tensor];
      double products = 0;
      double squares = 0;
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        products += numbers.data()[i] * made.scale(tensor) * ofmap.data()[i];
        squares += numbers.data()[i] * numbers.data()[i];
      }
      // A scale that is wrong is so by a factor of 2.
      EXPECT_NEAR(products / squares, 1, 0.2) << type->weight_bits << " bits, " << name;
    }
  }
}

TEST(QuantizedNetwork, ProductShiftIsTheLeastThatFits) {
  const Network network = network_of(kResidual);
  const arithmetic::PeType& int16 = arithmetic::pe_type("int16");
  unsigned before = 0;
  for (const unsigned bits : {32U, 24U, 20U, 16U}) {
    const QuantizedNetwork made{network, 2, {1, ""}, {&int16, 32, bits}, {}};
    const Layer& layer = made.network().layers[2];
    const double peak =
        *std::max_element(made.float_run().peaks[2].begin(), made.float_run().peaks[2].end());
    // Twice the largest psum, in its words.
    const double words =
        2 * peak / scale_of(made, "B") * std::ldexp(1.0, static_cast<int>(layer.ofmap_shift));
    EXPECT_LE(words, std::ldexp(1.0, static_cast<int>(bits) - 1));
    EXPECT_TRUE(layer.product_shift == 0 ||
                2 * words > std::ldexp(1.0, static_cast<int>(bits) - 1));
    EXPECT_GE(layer.product_shift, before);
    before = layer.product_shift;
  }
  EXPECT_GT(before, 10U);
  // Two words of 16 bits make 31 bits and a sign.
  const QuantizedNetwork narrow{network, 2, {1, ""}, {&int16, 16, 32}, {}};
  EXPECT_GE(narrow.network().layers[2].product_shift, 14U);
  EXPECT_LE(narrow.network().layers[2].product_shift, 16U);
}

TEST(QuantizedNetwork, NarrowPsumsDoNotOverflow) {
  const Network network = network_of(kResidual);
  const WordFormat format{&arithmetic::pe_type("int16"), 16, 16};
  for (const ScaleKind scale : {ScaleKind::kPowerOfTwo, ScaleKind::kFree}) {
    for (const Granularity granularity : {Granularity::kLayer, Granularity::kFilter}) {
      const QuantizedNetwork made{network, 2, {1, ""}, format, {scale, granularity}};
      const auto runs = runs_of(made, format);
      for (const QuantizedLayerRun& run : runs) EXPECT_EQ(run.statistics.wrapped, 0U);
      EXPECT_GT(runs.back().noise.ofmap.db(), 15);
    }
  }
}

TEST(ActivationScales, OfTheInputIsThePowerOfTwoOfLeastError) {
  const Network network = network_of(kResidual);
  const FloatRun run = run_float(network, 2, {1, ""});
  for (const unsigned bits : {4U, 8U, 16U}) {
    const arithmetic::Quantizer quantizer = arithmetic::Quantizer::integers(bits);
    const std::size_t input = *find_tensor(network, "input");
    const RealTensor& numbers = run.tensors[input];
    const double scale =
        activation_scales(network, run, quantizer, ScaleKind::kPowerOfTwo,
                          std::vector<double>(network.tensors.size(), 0.0), 0)[input];
    EXPECT_EQ(std::exp2(std::ilogb(scale)), scale);
    double least = std::numeric_limits<double>::infinity();
    for (int exponent = -20; exponent < 6; ++exponent) {
      least = std::min(least, quantizer.squared_error(numbers.data(), numbers.size(),
                                                      std::ldexp(1.0, exponent)));
    }
    EXPECT_EQ(quantizer.squared_error(numbers.data(), numbers.size(), scale), least);
  }
}

/// A network whose numbers come from a folder: one image, and filters of two layers.
class NumbersOfAFolder : public testing::Test {
 protected:
  void SetUp() override { std::filesystem::create_directories(folder_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void give(const std::string& name, const Extents& extents,
            const std::function<float(std::size_t)>& number) const {
    FloatTensor tensor(extents);
    for (std::size_t i = 0; i < tensor.size(); ++i) tensor.data()[i] = number(i);
    write_npy(folder_ + "/" + name, tensor);
  }
  [[nodiscard]] QuantizedNetwork quantized(const std::string& type, Granularity granularity) const {
    return {network_, 1, {1, folder_}, format_of(type), {ScaleKind::kPowerOfTwo, granularity}};
  }

  const std::string folder_ =
      testing::TempDir() + "rowan_quantized_folder_" + std::to_string(getpid());
  const Network network_ = network_of(
      "\n- {name: A, kind: convolution, filters: 2, kernel: {height: 1, width: 1}, relu: false}\n");
};

TEST_F(NumbersOfAFolder, ThatAreWholeAndSmallLoseNothing) {
  give("input.npy", {1, 3, 16, 16}, [](std::size_t i) { return static_cast<float>(i % 7) - 3; });
  give("A.filters.npy", {2, 3, 1, 1}, [](std::size_t i) { return static_cast<float>(i) - 2; });
  const QuantizedNetwork made = quantized("int8", Granularity::kLayer);
  const auto runs = runs_of(made, format_of("int8"));
  EXPECT_EQ(runs[0].noise.ofmap.noise, 0);
  EXPECT_GT(runs[0].noise.ofmap.signal, 0);
}

TEST_F(NumbersOfAFolder, AFilterOfZerosIsShiftedAsFarAsItCan) {
  give("input.npy", {1, 3, 16, 16}, [](std::size_t) { return 1.0F; });
  give("A.filters.npy", {2, 3, 1, 1}, [](std::size_t i) { return i < 3 ? 0.0F : 0.25F; });
  const QuantizedNetwork made = quantized("lightpe1", Granularity::kFilter);
  const Layer& layer = made.network().layers[0];
  ASSERT_EQ(layer.filter_shifts.size(), 2U);
  EXPECT_EQ(layer.product_shift + layer.filter_shifts[0], 31U);
  const auto runs = runs_of(made, format_of("lightpe1"));
  // Its words are the smallest there are, and yet its ofmap is 0.
  EXPECT_EQ(made.parameters(0).data()[0], arithmetic::pe_type("lightpe1").nearest_weight(0));
  EXPECT_GT(runs[0].noise.ofmap.db(), 30);
  // With one scale for both, the zeros of the first filter are 2^-7 of the second one's weights.
  const auto biased = runs_of(quantized("lightpe1", Granularity::kLayer), format_of("lightpe1"));
  EXPECT_NEAR(biased[0].noise.weights.db(), 10 * std::log10(128.0 * 128), 0.01);
}

}  // namespace
}  // namespace rowan::workloads
