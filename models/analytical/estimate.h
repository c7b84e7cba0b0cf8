// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/analytical/fmap_assumptions.h"
#include "models/base/activity.h"
#include "models/base/units.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/layer.h"

/// What a layer takes under a mapping, without simulating it: counts in closed form, cycles as sums
/// over equal blocks of the loops or, of a few passes, one after the other. Shares the description,
/// the layer and the mapping with the simulator, and none of its counting.
namespace rowan::analytical {

/// What a layer's time is made of.
enum class Bound : std::uint8_t {
  kMac,
  kAccumulation,
  kPsumBus,
  kIfmapBus,
  kFilterLoad,
  kRamp,
  kPostProcessing,
  kDram
};
/// Such as "psum_bus".
[[nodiscard]] const char* name_of(Bound bound);

/// Cycles summed over the passes. The PEs (mac and accumulation), psum_bus and ifmap_bus work side
/// by side, each as if it were alone.
struct Bounds {
  Cycles mac{0};           ///< the fullest PE of each pass: MACs
  Cycles accumulation{0};  ///< the same PE: accumulations and accumulator hazards
  Cycles psum_bus{0};      ///< packets of psums
  Cycles ifmap_bus{0};     ///< packets of ifmap words
  Cycles windows{0};       ///< what comes of these side by side
  Cycles filter_load{0};   ///< before the first MAC of each pass
  Cycles ramp{0};          ///< the last psums leave, and the next pass is set up
  /// The post-processing unit takes words: of its layers, which have none of the rows above but
  /// `ramp`.
  Cycles post_processing{0};
  Cycles dram{0};  ///< array or unit wait for DRAM
};

struct Estimate {
  std::uint64_t passes = 0;
  std::uint64_t macs = 0;
  Cycles processing{0};  ///< as cycles.processing of a result
  Cycles total{0};       ///< as cycles.total
  Bounds bounds;
  Bound binding = Bound::kMac;  ///< the largest part of `total`
  /// As `counts` of a result, but for the counters of time (`blocked`, `bank_conflict`), which are
  /// 0. What depends on the words is what is expected of them.
  ActivityCounts counts;

  /// To and from DRAM.
  [[nodiscard]] Bytes dram() const {
    return Bytes(counts[Counter::kDramIfmapRead] + counts[Counter::kDramFilterRead] +
                 counts[Counter::kDramOfmapWrite]);
  }
};

/// `mapping` may exceed the layer, and need not be legal; every letter is at least 1.
[[nodiscard]] Estimate estimate(const dataflow::row_stationary::Mapping& mapping,
                                const workloads::ConvolutionShape& shape, unsigned batch,
                                const spec::AcceleratorSpec& accelerator,
                                const FmapAssumptions& fmaps);

}  // namespace rowan::analytical
