// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "models/base/random.h"
#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/layer.h"
#include "workloads/tensor.h"

/// Layers with mappings on accelerators, for the tests of the dataflow and of the hardware.
namespace rowan::support {

/// platforms/eyeriss.yaml.
[[nodiscard]] spec::AcceleratorSpec eyeriss();
/// A CONV layer of AlexNet, and the mapping that the chip ran (batch 4).
[[nodiscard]] workloads::Layer alexnet_layer(const std::string& name);
[[nodiscard]] dataflow::row_stationary::Mapping alexnet_mapping(const std::string& name);

/// The default accelerator with `rows` x `columns` PEs, psums of 16 bits and a scan chain of 20.
[[nodiscard]] spec::AcceleratorSpec small_accelerator(unsigned rows, unsigned columns);

/// A layer with a legal mapping.
struct MappedLayer {
  workloads::ConvolutionShape shape;
  unsigned batch = 1;
  dataflow::row_stationary::Mapping mapping;
  spec::AcceleratorSpec accelerator;

  /// For SCOPED_TRACE.
  [[nodiscard]] std::string text() const;
};

/// A shape of at most 10 x 10 words a plane, with stride, dilation, padding and
/// groups, one in five with inserted zeros or more padding on one side.
[[nodiscard]] workloads::ConvolutionShape random_shape(Random& random);
/// Draws shapes and mappings until one is legal on a small accelerator: remainders of every letter
/// and folds come up.
[[nodiscard]] MappedLayer random_mapped_layer(Random& random);

/// A layer ready to run: operands, DRAM image, schedule, and the ofmap it should give.
class SmallLayer {
 public:
  SmallLayer(const MappedLayer& mapped, std::uint64_t seed, bool network_input = false);
  SmallLayer(const SmallLayer&) = delete;
  SmallLayer& operator=(const SmallLayer&) = delete;

  const workloads::Layer layer;
  const dataflow::row_stationary::LayerPlan plan;
  const workloads::LayerTensors tensors;
  const dataflow::row_stationary::DramImage image;
  const std::shared_ptr<const dataflow::Schedule> schedule;
  const workloads::Tensor ofmap;  ///< of golden::convolution() and golden::ofmap()

  /// DRAM before the layer, with room for the ofmap.
  [[nodiscard]] std::vector<std::uint8_t> memory() const;
};

}  // namespace rowan::support
