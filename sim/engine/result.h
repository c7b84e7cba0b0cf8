// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/analytical/estimate.h"
#include "models/base/activity.h"
#include "models/base/units.h"
#include "models/hardware/fast_forward.h"
#include "sim/engine/ofmap_check.h"
#include "sim/engine/request.h"

namespace rowan::sim {

/// What a layer took, or the sum over layers.
struct LayerMeasures {
  std::uint64_t macs = 0;
  std::uint64_t passes = 0;
  Cycles processing{0};
  Cycles total{0};
  ActivityCounts counts;
  PeCycles pe_cycles;  ///< summed over PEs
  hardware::FastForwardActivity fast_forward;
  std::optional<OfmapCheck> check;

  LayerMeasures& operator+=(const LayerMeasures& other);
};

struct LayerResult {
  std::string name;
  LayerRequest request;
  std::uint32_t active_pes = 0;  ///< of the pass that uses most
  std::string ofmap_hash;        ///< of the words [N][M][E][F], each as 4 bytes, lowest first
  LayerMeasures measures;
  PeCycles busiest_pe;                           ///< of the PE that issues most, the first of them
  std::optional<analytical::Estimate> estimate;  ///< with Request::with_estimates
  std::optional<workloads::LayerNoise> noise;    ///< with TensorSource::kFloat
};

/// What run() returns: a value.
struct Result {
  Request request;
  std::vector<LayerResult> layers;

  [[nodiscard]] LayerMeasures total() const;
};

/// Time of so many cycles of the core clock.
[[nodiscard]] double milliseconds(const Request& request, Cycles cycles);
/// Share of the PEs' cycles of processing in which they carried out a MAC: 0 to 1.
[[nodiscard]] double utilization(const Request& request, const LayerMeasures& measures);
[[nodiscard]] Bytes dram_bytes(const LayerMeasures& measures);
/// Traffic of the global buffer as JSSC 2017, Table V, counts it: all that it reads for the array
/// and for DRAM, and the psums that it writes; each word as wide as it is.
[[nodiscard]] Bytes glb_bytes(const Request& request, const LayerMeasures& measures);

}  // namespace rowan::sim
