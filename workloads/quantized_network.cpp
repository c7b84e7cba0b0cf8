// SPDX-License-Identifier: Apache-2.0
#include "workloads/quantized_network.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <utility>

#include "models/base/error.h"

namespace rowan::workloads {
namespace {

using arithmetic::Quantizer;
using arithmetic::SignalNoise;

constexpr unsigned kMostShift = 31;
/// How many times larger than in the float run a psum may be.
constexpr double kPsumMargin = 2;

Quantizer unit_parameter_quantizer(const arithmetic::PeType& type) {
  return type.numbers == arithmetic::Numbers::kFloat ? Quantizer::weights(type)
                                                     : Quantizer::integers(type.weight_bits);
}

/// The k of least squared error at scales unit * 2^-k.
unsigned best_shift(const Quantizer& quantizer, const float* numbers, std::size_t count,
                    double unit) {
  const double peak = arithmetic::peak_of(numbers, count);
  if (peak == 0) return kMostShift;
  const int most = static_cast<int>(kMostShift);
  const int first = std::clamp(-arithmetic::unclipped_exponent(quantizer, peak, unit), 0, most);
  const int last = std::min(first + arithmetic::kScaleOctaves, most);
  int best = first;
  double least_error = quantizer.squared_error(numbers, count, std::ldexp(unit, -first));
  for (int shift = first + 1; shift <= last; ++shift) {
    const double error = quantizer.squared_error(numbers, count, std::ldexp(unit, -shift));
    if (error >= least_error) continue;
    best = shift;
    least_error = error;
  }
  return static_cast<unsigned>(best);
}

/// The least scales at which finished psums, as they are, stay within psum_bits: by tensor.
std::vector<double> least_scales(const Network& network, const FloatRun& run, unsigned psum_bits) {
  std::vector<double> least(network.tensors.size(), 0.0);
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    for (const double peak : run.peaks[i]) {
      double& scale = least[*find_tensor(network, network.layers[i].name)];
      scale = std::max(scale, std::ldexp(kPsumMargin * peak, 1 - static_cast<int>(psum_bits)));
    }
  }
  return least;
}

/// Of a matmul's psums, over the product of its operands' scales: log2 of their unit.
int product_exponent(const arithmetic::PeType& type) {
  return arithmetic::activation_fraction_bits(type) - static_cast<int>(type.weight_fraction_bits);
}

/// The fraction bits of a power-of-two scale.
unsigned fraction_bits(double scale) { return static_cast<unsigned>(-std::ilogb(scale)); }

/// The least shift, 0 to 31, after which a magnitude is at most 2^(bits - 1).
unsigned fitting_shift(double magnitude, unsigned bits) {
  unsigned shift = 0;
  while (shift < kMostShift && magnitude > std::ldexp(1.0, static_cast<int>(bits - 1 + shift))) {
    ++shift;
  }
  return shift;
}

/// Gains at the best scale of 2^0 to 2^-15.
double best_gain_scale(const Quantizer& quantizer, const FloatTensor& parameters) {
  std::vector<float> gains;
  for (std::size_t channel = 0; channel < parameters.extents()[0]; ++channel) {
    gains.push_back(*parameters.plane(channel, 0));
  }
  double best = 1;
  for (int bits = 1; bits <= 15; ++bits) {
    const double scale = std::ldexp(1.0, -bits);
    if (quantizer.squared_error(gains.data(), gains.size(), scale) <
        quantizer.squared_error(gains.data(), gains.size(), best)) {
      best = scale;
    }
  }
  return best;
}

void add_noise(const RealTensor& numbers, const Tensor& words, const Quantizer& quantizer,
               double scale, SignalNoise& noise) {
  if (numbers.size() != words.size()) {
    throw std::invalid_argument("QuantizedNetwork: words do not fit the layer");
  }
  for (std::size_t i = 0; i < words.size(); ++i) {
    noise.add(numbers.data()[i], scale * quantizer.value(words.data()[i]));
  }
}

}  // namespace

QuantizedNetwork::QuantizedNetwork(Network network, std::size_t images, FloatSource source,
                                   const WordFormat& format, const Quantization& quantization)
    : network_(std::move(network)),
      source_(std::move(source)),
      images_(images),
      format_(format),
      quantization_(quantization),
      activations_(Quantizer::activations(*format.type)),
      weights_(Quantizer::weights(*format.type)),
      unit_parameters_(unit_parameter_quantizer(*format.type)),
      run_(run_float(network_, images, source_)),
      scales_(activation_scales(network_, run_, activations_, quantization.scale,
                                least_scales(network_, run_, format.psum_bits),
                                product_exponent(*format.type))),
      parameter_scales_(network_.layers.size()) {
  for (std::size_t i = 0; i < network_.layers.size(); ++i) quantize_layer(i);
}

void QuantizedNetwork::quantize_layer(std::size_t position) {
  Layer& layer = network_.layers[position];
  layer.product_shift = 0;
  layer.ofmap_shift = 0;
  layer.filter_shifts.clear();
  const double from = scales_[layer.operands.front().tensor];
  const double to = scales_[*find_tensor(network_, layer.name)];
  std::vector<double>& parameter_scales = parameter_scales_[position];
  const bool exact = activations_.exact();
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kFullyConnected:
      return quantize_filters(position);
    case LayerKind::kMatmul:
      return quantize_matmul(position);
    case LayerKind::kAdd:
      layer.ofmap_shift = static_cast<unsigned>(std::ilogb(to / from));
      return;
    case LayerKind::kSoftmax:
      if (exact) return;
      layer.unit.fraction_bits = fraction_bits(from);
      layer.unit.ofmap_fraction_bits = fraction_bits(to);
      return;
    case LayerKind::kGelu:
      if (!exact) layer.unit.fraction_bits = fraction_bits(from);
      return;
    case LayerKind::kLayerNorm:
      parameter_scales = {1, to};
      if (exact) return;
      parameter_scales[0] =
          best_gain_scale(unit_parameters_, float_parameters(network_, position, source_));
      layer.unit.gain_fraction_bits = fraction_bits(parameter_scales[0]);
      layer.unit.ofmap_fraction_bits = fraction_bits(to);
      return;
    case LayerKind::kTokens:
      parameter_scales = {to};
      return;
    case LayerKind::kPooling:
    case LayerKind::kRelu:
    case LayerKind::kSelect:
      return;
  }
}

void QuantizedNetwork::quantize_filters(std::size_t position) {
  const Layer& layer = network_.layers[position];
  const std::size_t filters = layer.shape.filters;
  std::vector<double>& scales = parameter_scales_[position];
  const std::size_t parts = quantization_.granularity == Granularity::kFilter ? filters : 1;
  scales.assign(parts, 1.0);
  if (weights_.exact()) return;
  const double unit = std::ldexp(
      scales_[*find_tensor(network_, layer.name)] / scales_[layer.operands.front().tensor],
      static_cast<int>(format_.type->weight_fraction_bits));
  const FloatTensor numbers = float_parameters(network_, position, source_);
  const std::size_t count = numbers.size() / parts;
  std::vector<Shift> shifts;
  for (std::size_t part = 0; part < parts; ++part) {
    const float* first = numbers.data() + part * count;
    const SumPeaks& peaks = run_.peaks[position];
    const double psum = parts == 1 ? *std::max_element(peaks.begin(), peaks.end()) : peaks[part];
    shifts.push_back(
        {best_shift(weights_, first, count, unit), unit, arithmetic::peak_of(first, count), psum});
  }
  set_shifts(position, shifts);
  for (std::size_t part = 0; part < parts; ++part) scales[part] = shifts[part].scale();
}

void QuantizedNetwork::quantize_matmul(std::size_t position) {
  const Layer& layer = network_.layers[position];
  if (weights_.exact()) return;
  const double second = scales_[layer.operands[1].tensor];
  const double ratio =
      scales_[*find_tensor(network_, layer.name)] / scales_[layer.operands[0].tensor];
  const int bits = std::ilogb(ratio / second) - product_exponent(*format_.type);
  const double unit = std::ldexp(ratio, static_cast<int>(format_.type->weight_fraction_bits));
  const SumPeaks& peaks = run_.peaks[position];
  // Any word may come, the most negative one too.
  std::vector<Shift> shifts{{static_cast<unsigned>(bits), unit,
                             second * (activations_.largest() + 1),
                             *std::max_element(peaks.begin(), peaks.end())}};
  set_shifts(position, shifts);
}

unsigned QuantizedNetwork::needed_product_shift(const Shift& shift, double ofmap_scale) const {
  const double weight =
      std::abs(weights_.value(weights_.nearest(-shift.largest_weight / shift.scale())));
  // The largest activation is -2^(bits - 1), so that the largest product of a positive sign is one
  // that must stay below 2^(product_bits - 1).
  const double product = std::ldexp(weight, static_cast<int>(format_.type->activation_bits - 1 +
                                                             format_.type->weight_fraction_bits)) +
                         1;
  const double psum =
      kPsumMargin * std::ldexp(shift.largest_psum / ofmap_scale, static_cast<int>(shift.bits));
  return std::max(fitting_shift(product, format_.product_bits),
                  fitting_shift(psum, format_.psum_bits));
}

void QuantizedNetwork::set_shifts(std::size_t position, std::vector<Shift>& shifts) {
  Layer& layer = network_.layers[position];
  const double to = scales_[*find_tensor(network_, layer.name)];
  unsigned needed = 0;
  unsigned least = kMostShift;
  for (const Shift& shift : shifts) {
    needed = std::max(needed, needed_product_shift(shift, to));
    least = std::min(least, shift.bits);
  }
  layer.product_shift = std::min(needed, least);
  for (Shift& shift : shifts) {
    // Where another filter has too few bits to shift, coarser weights make smaller psums.
    while (shift.bits > least && needed_product_shift(shift, to) > layer.product_shift) {
      --shift.bits;
    }
    layer.filter_shifts.push_back(shift.bits - layer.product_shift);
  }
  if (shifts.size() > 1) return;
  layer.ofmap_shift = layer.filter_shifts.front();
  layer.filter_shifts.clear();
}

template <class Act>
void QuantizedNetwork::for_each_part(std::size_t position, Act act) const {
  const Layer& layer = network_.layers[position];
  const std::vector<double>& scales = parameter_scales_[position];
  const Extents extents = parameter_extents(layer);
  const std::size_t all = extents[0] * extents[1] * extents[2] * extents[3];
  if (layer.kind == LayerKind::kLayerNorm) {
    for (std::size_t i = 0; i < all; ++i) act(i, 1, unit_parameters_, scales[i % 2]);
    return;
  }
  const Quantizer& quantizer = on_array(layer) ? weights_ : unit_parameters_;
  const std::size_t count = scales.empty() ? 0 : all / scales.size();
  for (std::size_t part = 0; part < scales.size(); ++part) {
    act(part * count, count, quantizer, scales[part]);
  }
}

Tensor QuantizedNetwork::input() const {
  const FloatTensor numbers = float_input(network_, images_, source_);
  Tensor words(numbers.extents());
  activations_.quantize(numbers.data(), numbers.size(),
                        scales_[*find_tensor(network_, kNetworkInput)], words.data());
  return words;
}

Tensor QuantizedNetwork::parameters(std::size_t position) const {
  const FloatTensor numbers = float_parameters(network_, position, source_);
  Tensor words(numbers.extents());
  for_each_part(position, [&](std::size_t first, std::size_t count, const Quantizer& quantizer,
                              double scale) {
    quantizer.quantize(numbers.data() + first, count, scale, words.data() + first);
  });
  return words;
}

LayerNoise QuantizedNetwork::noise(std::size_t position, const LayerTensors& operands,
                                   const Tensor& ofmap) const {
  const Layer& layer = network_.layers[position];
  LayerNoise noise;
  const FloatTensor numbers = float_parameters(network_, position, source_);
  if (numbers.size() != operands.parameters.size()) {
    throw std::invalid_argument("QuantizedNetwork: parameters do not fit the layer");
  }
  for_each_part(position, [&](std::size_t first, std::size_t count, const Quantizer& quantizer,
                              double scale) {
    for (std::size_t i = first; i < first + count; ++i) {
      noise.weights.add(static_cast<double>(numbers.data()[i]),
                        scale * quantizer.value(operands.parameters.data()[i]));
    }
  });
  for (std::size_t i = 0; i < layer.operands.size(); ++i) {
    const std::size_t tensor = layer.operands[i].tensor;
    add_noise(run_.tensors[tensor], operands.inputs.at(i), activations_, scales_[tensor],
              noise.ifmaps);
  }
  const std::size_t made = *find_tensor(network_, layer.name);
  add_noise(run_.tensors[made], ofmap, activations_, scales_[made], noise.ofmap);
  return noise;
}

}  // namespace rowan::workloads
