// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/dataflow/row_stationary/layer_plan.h"
#include "workloads/tensor.h"

namespace rowan::dataflow::row_stationary {

/// A stretch of memory.
struct Extent {
  std::uint64_t address = 0;
  std::uint64_t bytes = 0;
};

/// Where everything of a layer lies in DRAM, or in resident memory, and how fmaps are coded.
/// Addresses are multiples of 8.
struct DramLayout {
  FmapPlaces places;
  bool coded_ifmaps = false;
  bool coded_ofmaps = false;
  std::vector<Extent> ifmap_tiles;  ///< by LayerPlan::ifmap_tile_index; what the tile's frames take
  std::vector<Extent>
      filter_blocks;  ///< by LayerPlan::filter_block_index; in bus order of their pass
  std::vector<Extent> ofmap_tiles;   ///< by LayerPlan::ofmap_tile_index; room for any content
  std::uint64_t bytes = 0;           ///< of the whole image in DRAM
  std::uint64_t resident_bytes = 0;  ///< of all resident tiles
};

/// A layer's tensors as the accelerator finds them in DRAM: the host's part of the work.
///
/// An fmap tile is a row of frames, one per plane, in the order image, group, channel (or filter).
/// A coded frame is run-length coded by itself; uncoded words are packed, little endian, and the
/// tile is padded to 8 bytes. Halo rows stand in every tile that needs them. A resident fmap's
/// tiles are laid out alike, never coded, in a memory of their own.
struct DramImage {
  DramLayout layout;
  std::vector<std::uint8_t> bytes;     ///< of DRAM, everything before the ofmaps
  std::vector<std::uint8_t> resident;  ///< resident memory before the ofmaps
};

/// Lays out and packs `ifmap` [N][C][H][W] (without padding and inserted zeros) and `filters` [M][C
/// per group][R][S]. `network_input`: the ifmap is never coded.
[[nodiscard]] DramImage make_dram_image(const LayerPlan& plan, const workloads::Tensor& ifmap,
                                        const workloads::Tensor& filters, bool network_input,
                                        FmapPlaces places = {});

/// Ofmap [N][M][E][F] from the memory that starts at address 0 and holds the layer's ofmap tiles:
/// DRAM, or resident memory when the layout says so. Throws HardwareError when a frame is
/// malformed.
[[nodiscard]] workloads::Tensor read_ofmap(const LayerPlan& plan, const DramLayout& layout,
                                           const std::vector<std::uint8_t>& memory);

}  // namespace rowan::dataflow::row_stationary
