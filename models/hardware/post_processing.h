// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <systemc>

#include "models/arithmetic/ofmap_rule.h"
#include "models/hardware/block.h"
#include "models/hardware/layer_job.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// The post-processing unit: makes ofmap words of finished psums on their way to DRAM.
///
/// ReLU, division by a power of two rounded to nearest (halves up), clamping to an activation word;
/// with floating point ReLU alone.
/// `lanes` words per cycle, in order, from the cycle in which a tile is queued. Assumption: JSSC
/// 2017 draws a ReLU unit at the link but gives no rate; a row of the GLB per cycle.
class PostProcessingUnit final : public sc_core::sc_module {
 public:
  PostProcessingUnit(const sc_core::sc_module_name& name, const spec::PostProcessingSpec& spec)
      : sc_module(name), lanes_(spec.lanes) {}

  void start_layer(const arithmetic::OfmapRule& rule) {
    rule_ = rule;
    words_ = 0;
  }
  /// A psum of an ofmap channel.
  [[nodiscard]] Word process(Word psum, std::uint32_t channel);
  /// First cycle in which the first `words` words of a tile that is queued in cycle `queued` are
  /// done.
  [[nodiscard]] Stamp done(Stamp queued, std::uint64_t words) const {
    return queued + ceil_div(words, lanes_);
  }
  /// Words processed in this layer.
  [[nodiscard]] std::uint64_t words() const { return words_; }

 private:
  std::uint64_t lanes_;
  arithmetic::OfmapRule rule_;
  std::uint64_t words_ = 0;
};

}  // namespace rowan::hardware
