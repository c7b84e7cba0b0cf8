// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/dataflow/pass.h"

namespace rowan::functional {

/// Consecutive lanes whose psums are one packet: consecutive words of a psum row.
struct LanePacket {
  std::uint32_t words = 0;
  std::uint32_t row = 0;  ///< from the position's psum row
};

/// The part of a pass that chains of PEs on the same ifmap words have, as a matrix product:
///
///   psums[position][lane] (+)= sum over the taps of
///       window(ifmap[positions[position] + taps[tap]] * filters[filter_words[tap][lane]])
///
/// A position is a window of an image in one column of PEs; a tap is a word of a window in one PE
/// of the chain; a lane is a psum (a filter) of one chain.
struct MatrixProduct {
  std::vector<std::uint32_t> positions;     ///< [positions] lowest word of the ifmap tile
  std::vector<std::uint32_t> taps;          ///< [taps] words of the ifmap tile from there
  std::vector<std::uint32_t> filter_words;  ///< [taps][lanes] word of the filter block
  std::vector<std::uint32_t> psum_rows;     ///< [positions], ascending, from Pass::psum_row
  std::vector<LanePacket> packets;          ///< of all lanes in order
  std::vector<std::uint32_t> pe_taps;       ///< taps of each PE of a chain, the lowest PE first
  std::vector<std::uint32_t> chain_lanes;   ///< lanes of each chain
  std::uint32_t lanes = 0;
};

/// A pass shape in terms of words alone.
struct PassPlan {
  std::vector<MatrixProduct> products;
  /// [words of the ifmap tile, up to the last that is used] MACs of all PEs on the word
  std::vector<std::uint32_t> macs_on_word;
  std::uint32_t filter_words = 0;  ///< of the filter block
  bool reads_psums = false;
};

/// Finds out what a pass does to its words.
///
/// Throws HardwareError for a shape of the post-processing unit, and for one that has a chain
/// without an end, a network that brings a PE too few or too many words, or addresses that are no
/// sum of a position's and a tap's (psum rows: of a position's and a packet's).
[[nodiscard]] PassPlan plan_pass(const dataflow::PassShape& shape);

}  // namespace rowan::functional
