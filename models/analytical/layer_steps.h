// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/analytical/pass_time.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/dataflow/schedule.h"
#include "workloads/layer.h"

namespace rowan::analytical {

/// The passes of a layer in order, and the bytes that move for them.
struct LayerSteps {
  struct Shape {
    PassWork work;
    PassTime time;
    std::uint64_t filter_words = 0;
    std::uint64_t filter_bytes = 0;
  };
  struct Pass {
    std::uint32_t shape = 0;
    std::uint32_t load = 0;
    std::uint32_t store = 0;
  };
  struct Load {
    std::uint64_t planes = 0;
    std::uint64_t words = 0;  ///< of a plane, without padding and inserted zeros
    std::uint64_t bytes = 0;
  };
  struct Store {
    std::uint64_t planes = 0;
    std::uint64_t words = 0;  ///< of a plane
    std::uint64_t bytes = 0;
  };
  std::vector<Shape> shapes;
  std::vector<Pass> passes;
  std::vector<Load> loads;
  std::vector<Store> stores;
  dataflow::FmapPlaces places;
};

/// Passes of a layer. `mapping` is clipped, here and below.
[[nodiscard]] std::uint64_t count_passes(const dataflow::row_stationary::Mapping& mapping,
                                         const workloads::ConvolutionShape& shape, unsigned batch);

/// All steps; their shapes are timed, bytes of fmaps are left at 0.
[[nodiscard]] LayerSteps lay_out_steps(const dataflow::row_stationary::Mapping& mapping,
                                       const workloads::ConvolutionShape& shape, unsigned batch,
                                       unsigned weight_bits, PassTimer& timer);

}  // namespace rowan::analytical
