// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/base/activity.h"
#include "models/hardware/block.h"
#include "models/hardware/fifo.h"
#include "models/hardware/state_image.h"
#include "models/spec/derived.h"

namespace rowan::hardware {

/// A link of the local network: moves psums from a PE's psum_out_fifo to the psum_in_fifo of the PE
/// above.
///
/// In every cycle, in order, as many words as are there, fit the width and find room; latency 1. A
/// word wider than the link takes several cycles and arrives after the last of them. Source:
/// Eyeriss JSSC 2017, section V (local network, 64 b).
class LocalLink final : public Block {
 public:
  /// `packet`: the most words that move in a cycle, or the cycles a wider word takes.
  LocalLink(const sc_core::sc_module_name& name, const spec::PacketSpec& packet,
            Worklist& worklist);

  FifoPort from;
  FifoPort to;

  void start_layer();
  /// Whether the pass's psums go through this link.
  void configure(bool used);
  void activate() override;
  [[nodiscard]] std::string waiting_for() const override;
  void add_counts(ActivityCounts& counts) const;
  /// Shows its timing state.
  void show(StateImage& image);

 private:
  void end_of_elaboration() override;

  std::uint64_t words_per_cycle_;
  std::uint64_t cycles_per_word_;
  Fifo* from_ = nullptr;
  Fifo* to_ = nullptr;
  bool used_ = false;
  struct Timing {
    Stamp last = 0;                   ///< cycle of the latest move
    std::uint64_t moved_in_last = 0;  ///< words moved in that cycle
  } timing_;
  std::uint64_t words_ = 0;
  std::uint64_t blocked_ = 0;
};

}  // namespace rowan::hardware
