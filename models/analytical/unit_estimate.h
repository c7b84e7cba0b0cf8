// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/analytical/estimate.h"
#include "models/analytical/fmap_assumptions.h"
#include "models/dataflow/post_processing/layer_plan.h"
#include "workloads/tensor.h"

namespace rowan::analytical {

/// Bytes that the tiles of a layer's fmaps take in DRAM, or in resident memory, in the order of the
/// tiles.
struct UnitFmapBytes {
  std::vector<std::uint64_t> ifmap;
  std::vector<std::uint64_t> ofmap;
};

/// What a layer of the post-processing unit takes (docs/machine.md, section 10). The plan is to it
/// what a mapping is to a layer of the array; its platform's banks are those that resident fmaps
/// leave. Equal tiles are counted and timed together. Coded fmaps are expected to have their zeros
/// at random places. Time: of processing exact, of all within a few cycles where the bytes are.
[[nodiscard]] Estimate estimate(const dataflow::post_processing::LayerPlan& plan,
                                const FmapAssumptions& fmaps);

/// The same with the bytes that the fmaps really take; `fmaps.ifmap_zeros` and `.ofmap_zeros` are
/// not used. Throws std::invalid_argument when they are not of so many tiles.
[[nodiscard]] Estimate estimate(const dataflow::post_processing::LayerPlan& plan,
                                const FmapAssumptions& fmaps, const UnitFmapBytes& bytes);

/// Bytes of the tiles of `operands` [N][C][H][W] (two for an addition) and of `ofmap`, coded where
/// the platform and `fmaps` say so.
[[nodiscard]] UnitFmapBytes unit_fmap_bytes(const dataflow::post_processing::LayerPlan& plan,
                                            const std::vector<workloads::Tensor>& operands,
                                            const workloads::Tensor& ofmap,
                                            const FmapAssumptions& fmaps);

}  // namespace rowan::analytical
