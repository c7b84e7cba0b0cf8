// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/arithmetic/ofmap_rule.h"
#include "models/arithmetic/pe_type.h"
#include "models/base/activity.h"
#include "models/base/units.h"
#include "models/dataflow/schedule.h"
#include "models/hardware/fast_forward.h"

namespace rowan::hardware {

/// The DRAM link as it is, or infinitely fast: what processing latency is measured with.
enum class Link { kReal, kIdeal };

/// A layer for the accelerator to carry out. Its tensors are in DRAM, or resident in the GLB, where
/// the schedule's steps say.
struct LayerJob {
  std::shared_ptr<const dataflow::Schedule> schedule;
  dataflow::BufferPlan buffers;
  arithmetic::MacFormat mac;
  arithmetic::OfmapRule post_processing;
  Link link = Link::kReal;
  FastForwardJob fast_forward;
};

/// What a layer took.
struct LayerActivity {
  Cycles total{0};  ///< from the layer's start to its last ofmap word in its place
  Cycles processing{
      0};  ///< without what waited for DRAM; exact with pass_transition drain (docs/machine.md)
  std::uint64_t passes = 0;
  std::uint32_t active_pes = 0;  ///< of the pass that uses most
  std::uint64_t macs = 0;
  ActivityCounts counts;
  std::vector<PeCycles> pes;  ///< [rows][columns]
  FastForwardActivity fast_forward;
};

}  // namespace rowan::hardware
