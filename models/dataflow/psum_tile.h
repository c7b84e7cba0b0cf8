// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace rowan::dataflow {

/// Where the words of a finished plane stand in the psum tile.
struct PlaneLayout {
  std::uint32_t lane = 0;           ///< word within its psum row
  std::uint32_t column_stride = 0;  ///< psum rows from one ofmap column to the next
  /// [ofmap rows of the tile] psum row of the first column
  std::vector<std::uint32_t> first_row;
};

/// Which words of a psum tile make up each of its planes.
struct PsumTileShape {
  std::uint32_t rows = 0;           ///< ofmap rows
  std::uint32_t columns = 0;        ///< ofmap columns
  std::vector<PlaneLayout> planes;  ///< in the order in which they are written to DRAM
};

}  // namespace rowan::dataflow
