// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "models/arithmetic/quantizer.h"
#include "models/base/describe.h"
#include "workloads/activation_scales.h"
#include "workloads/float_network.h"
#include "workloads/network.h"
#include "workloads/tensor.h"

namespace rowan::workloads {

/// What has a weight scale of its own.
enum class Granularity { kLayer, kFilter };

/// Their names in files and messages; the first one is the default.
inline constexpr Choice<Granularity> kGranularities[] = {{"layer", Granularity::kLayer},
                                                         {"filter", Granularity::kFilter}};

[[nodiscard]] inline const char* name_of(Granularity granularity) {
  return detail::name_in(kGranularities, granularity);
}

/// How numbers become words.
struct Quantization {
  ScaleKind scale = ScaleKind::kPowerOfTwo;
  Granularity granularity = Granularity::kLayer;
};

/// The words that a machine computes with.
struct WordFormat {
  const arithmetic::PeType* type = &arithmetic::pe_type("int16");
  unsigned product_bits = 32;
  unsigned psum_bits = 32;
};

/// Signal and noise of a layer's words against the float network's numbers.
struct LayerNoise {
  arithmetic::SignalNoise weights;  ///< parameters of any kind; nothing where there are none
  arithmetic::SignalNoise ifmaps;   ///< all activation operands, as they came to the layer
  arithmetic::SignalNoise ofmap;    ///< with the noise of all layers before
};

/// A network of words that stands for one of real numbers: what the machine, its checks and a chain
/// of layers take like any other network.
///
/// Scales are chosen after the float run, on its own numbers (post-training, calibrated on what it
/// is measured on): of fmaps as activation_scales() says, then of filters. With sx and sy the
/// scales of ifmap and ofmap and 2^-F the unit of products (F is 0, or 7 for LightPE), a filter's
/// scale is sy 2^F / (sx 2^k), k the whole number from 0 to 31 of least squared error, for the
/// whole layer or for each filter: so its psums become ofmap words by a shift of k bits.
///
/// `product_shift` takes as many of these as no product overflows product_bits, whatever the
/// activations, and no psum psum_bits, as long as it stays below twice the largest one of the float
/// run, and never more than all k: where products need more than those, they are cut. Where psums
/// are so narrow that a shift of all k bits is too little, the ofmap's scale is larger, and where
/// one filter has fewer bits to shift than another needs, the other's k is less. The rest is
/// `ofmap_shift`, or `filter_shifts`. A filter of zeros gets k = 31, for LightPE has no zero.
///
/// Parameters of layer norm and tokens are two's complement words of the weights' width: gains at
/// the best scale of 2^0 to 2^-15, all others at the ofmap's. Of `fp32`, words are the numbers in
/// binary32, and there is no shift.
class QuantizedNetwork {
 public:
  /// `network` is settled; its shifts and fraction bits are replaced. Throws InputError when a file
  /// cannot be read, and as activation_scales() does.
  QuantizedNetwork(Network network, std::size_t images, FloatSource source,
                   const WordFormat& format, const Quantization& quantization);

  [[nodiscard]] const Network& network() const { return network_; }
  [[nodiscard]] const FloatRun& float_run() const { return run_; }
  /// Scale of the input or an ofmap, by its number in the network.
  [[nodiscard]] double scale(std::size_t tensor) const { return scales_[tensor]; }
  /// Scales of a layer's parameters: one, or one for each filter, or those of gains and of offsets;
  /// none without parameters.
  [[nodiscard]] const std::vector<double>& parameter_scales(std::size_t position) const {
    return parameter_scales_[position];
  }

  /// Words of the input, [N][C][H][W].
  [[nodiscard]] Tensor input() const;
  /// Words of a layer's parameters, as parameter_extents() says.
  [[nodiscard]] Tensor parameters(std::size_t position) const;

  /// Of a layer's words; throws std::invalid_argument when they do not fit the layer.
  [[nodiscard]] LayerNoise noise(std::size_t position, const LayerTensors& operands,
                                 const Tensor& ofmap) const;

 private:
  void quantize_layer(std::size_t position);
  void quantize_filters(std::size_t position);
  void quantize_matmul(std::size_t position);
  /// Of a filter, or of a layer.
  struct Shift {
    unsigned bits;          ///< k
    double unit;            ///< the weight scale at k = 0
    double largest_weight;  ///< magnitudes of numbers
    double largest_psum;

    [[nodiscard]] double scale() const { return std::ldexp(unit, -static_cast<int>(bits)); }
  };
  /// May lower some of the bits.
  void set_shifts(std::size_t position, std::vector<Shift>& shifts);
  [[nodiscard]] unsigned needed_product_shift(const Shift& shift, double ofmap_scale) const;
  /// Calls `act(first, count, quantizer, scale)` for the parts of a layer's parameters.
  template <class Act>
  void for_each_part(std::size_t position, Act act) const;

  Network network_;
  FloatSource source_;
  std::size_t images_;
  WordFormat format_;
  Quantization quantization_;
  arithmetic::Quantizer activations_;
  arithmetic::Quantizer weights_;
  arithmetic::Quantizer unit_parameters_;
  FloatRun run_;
  std::vector<double> scales_;
  std::vector<std::vector<double>> parameter_scales_;
};

}  // namespace rowan::workloads
