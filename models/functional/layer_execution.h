// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "models/arithmetic/ofmap_rule.h"
#include "models/arithmetic/pe_type.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::functional {

/// A layer to carry out on words alone.
struct LayerWork {
  std::shared_ptr<const dataflow::Schedule> schedule;
  dataflow::BufferPlan buffers;
  arithmetic::MacFormat mac;
  arithmetic::OfmapRule post_processing;
};

/// What of a layer's activity depends on its words, and the passes and MACs it belongs to.
struct LayerCounts {
  std::uint64_t passes = 0;
  std::uint64_t macs = 0;
  std::uint64_t macs_on_zero = 0;
};

/// Carries out every step of a layer on `memory`, the DRAM, and `resident`, the fmaps that stay in
/// the GLB, each from address 0: decodes ifmap tiles, does the passes, writes finished ofmap tiles
/// to where their stores say. Afterwards both hold what the accelerator would leave there.
///
/// Throws HardwareError when a step reaches beyond its memory or the buffers, a frame is malformed,
/// or a pass works on a tile that is not in the GLB (two of each kind at most).
LayerCounts run_layer(const LayerWork& work, const spec::AcceleratorSpec& accelerator,
                      std::vector<std::uint8_t>& memory, std::vector<std::uint8_t>& resident);
/// Of a layer without resident fmaps.
LayerCounts run_layer(const LayerWork& work, const spec::AcceleratorSpec& accelerator,
                      std::vector<std::uint8_t>& memory);

/// A pass with the words that the GLB holds before it.
struct PassState {
  dataflow::Pass pass;
  std::vector<arithmetic::Word> ifmap;    ///< its ifmap tile
  std::vector<arithmetic::Word> filters;  ///< its filter block, in bus order
  /// [rows][words of a psum packet] its psum tile, as the passes before it left it.
  std::vector<arithmetic::Word> psums;
};

/// Carries out the steps of a layer up to pass `number`, which is left to do; nullopt when the
/// layer has fewer passes. Changes `memory` and `resident`, and throws, as run_layer() does.
std::optional<PassState> state_before(std::uint64_t number, const LayerWork& work,
                                      const spec::AcceleratorSpec& accelerator,
                                      std::vector<std::uint8_t>& memory,
                                      std::vector<std::uint8_t>& resident);

}  // namespace rowan::functional
