// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include <systemc>

#include "models/dataflow/schedule.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/post_processing.h"

namespace rowan::hardware {

/// An ofmap tile as it goes to DRAM.
struct CodedTile {
  std::vector<std::uint8_t> bytes;
  std::vector<std::uint64_t> words;  ///< of the tile up to the end of each 8 bytes
};

/// The run-length codec between the GLB and DRAM, both ways (models/arithmetic/run_length.h); tiles
/// that are not coded pass as they are. Keeps the pace of the link (Assumption). Errors:
/// HardwareError for a malformed frame. Source: Eyeriss JSSC 2017, section IV.
class RlcCodec final : public sc_core::sc_module {
 public:
  RlcCodec(const sc_core::sc_module_name& name, unsigned activation_bits, GlobalBuffer& buffer,
           PostProcessingUnit& post_processing);

  void start_layer() { counts_ = {}; }
  /// Writes an ifmap tile, padding and inserted zeros included, to its buffer; `bytes` as they came
  /// from DRAM.
  void decode(const dataflow::LoadTile& tile, const std::vector<std::uint8_t>& bytes);
  /// Reads a finished psum tile through the post-processing unit.
  [[nodiscard]] CodedTile encode(const dataflow::StoreTile& tile);

  struct Counts {
    std::uint64_t decoded = 0;  ///< code words
    std::uint64_t encoded = 0;  ///< code words
    std::uint64_t ifmap_words = 0;
    std::uint64_t ofmap_words = 0;
  };
  [[nodiscard]] const Counts& counts() const { return counts_; }

 private:
  unsigned activation_bits_;
  GlobalBuffer& buffer_;
  PostProcessingUnit& post_processing_;
  Counts counts_;
};

}  // namespace rowan::hardware
