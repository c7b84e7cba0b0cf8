// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/dataflow/post_processing/layer_plan.h"
#include "workloads/tensor.h"

namespace rowan::dataflow::post_processing {

/// Where everything of a tile lies in DRAM, or in resident memory. Addresses are multiples of 8.
struct TileAddresses {
  std::uint64_t ifmap = 0;
  std::uint64_t ifmap_bytes = 0;
  std::uint64_t parameters = 0;
  std::uint64_t ofmap = 0;
  std::uint64_t ofmap_bytes = 0;  ///< room for any content
};

/// Where everything of a layer lies in DRAM, and how fmaps are coded.
struct DramLayout {
  FmapPlaces places;
  bool coded_ifmaps = false;
  bool coded_ofmaps = false;
  std::vector<TileAddresses> tiles;  ///< [LayerPlan::tile_count()]
  std::uint64_t bytes = 0;           ///< of the whole image in DRAM
  std::uint64_t resident_bytes = 0;  ///< of all resident tiles
};

/// A layer's tensors as the accelerator finds them in DRAM: the host's part of the work.
///
/// A tile is a row of frames, one per plane: the channels of the first operand, then those of the
/// second. A frame has the part of the plane that the tile's results need, run-length coded by
/// itself or packed, as for the array's layers. A resident fmap's tiles are laid out alike, never
/// coded, in a memory of their own.
struct DramImage {
  DramLayout layout;
  std::vector<std::uint8_t> bytes;     ///< of DRAM, everything before the ofmaps
  std::vector<std::uint8_t> resident;  ///< resident memory before the ofmaps
};

/// Lays out and packs `tensors`: inputs [N][C][H][W], two for an addition, else one; parameters of
/// layer norm [C][2][1][1] (gain, offset), of tokens [C][1][1][1 + H W], else none.
/// `network_input`: the inputs are never coded. Throws InputError when a tensor's extents are not
/// the layer's.
[[nodiscard]] DramImage make_dram_image(const LayerPlan& plan,
                                        const workloads::LayerTensors& tensors, bool network_input,
                                        FmapPlaces places = {});

/// Ofmap [N][C][out_height][out_width] from the memory that starts at address 0 and holds the
/// layer's ofmap tiles: DRAM, or resident memory when the layout says so. Throws HardwareError when
/// a frame is malformed.
[[nodiscard]] workloads::Tensor read_ofmap(const LayerPlan& plan, const DramLayout& layout,
                                           const std::vector<std::uint8_t>& memory);

}  // namespace rowan::dataflow::post_processing
