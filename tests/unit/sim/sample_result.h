// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/engine/result.h"

namespace rowan::sim {

/// Two layers on an array of 2 x 3 PEs at 100 MHz, with numbers that are easy to follow.
[[nodiscard]] inline Request sample_request() {
  Request request;
  request.platform.name = "tiny";
  request.platform.clock = Kilohertz(100'000);
  request.platform.array.rows = 2;
  request.platform.array.columns = 3;
  request.platform.pe.psum_bits = 16;
  request.workload.name = "net";
  request.batch = 2;
  for (const char* name : {"A", "B"}) {
    workloads::Layer layer;
    layer.name = name;
    request.workload.layers.push_back(layer);
  }
  const dataflow::row_stationary::Mapping mapping;
  request.layers = {{0, mapping, MappingSource::kPublished}, {1, mapping, MappingSource::kMapper}};
  return request;
}

[[nodiscard]] inline LayerMeasures sample_measures(std::uint64_t scale) {
  LayerMeasures measures;
  measures.macs = 1'500'000 * scale;
  measures.passes = 4 * scale;
  measures.processing = Cycles(500'000 * scale);
  measures.total = Cycles(1'000'000 * scale);
  measures.pe_cycles.add(PeActivity::kBusy, 3'000'000 * scale);
  measures.pe_cycles.add(PeActivity::kDram, 1'500'000 * scale);
  measures.pe_cycles.add(PeActivity::kIdle, 1'500'000 * scale);
  measures.counts.add(Counter::kMacCompute, 1'400'000 * scale);
  measures.counts.add(Counter::kMacGated, 100'000 * scale);
  measures.counts.add(Counter::kGlbIfmapRead, 1 * scale);
  measures.counts.add(Counter::kGlbIfmapWrite, 1000 * scale);  // not in the published definition
  measures.counts.add(Counter::kGlbFilterRead, 2 * scale);
  measures.counts.add(Counter::kGlbPsumRead, 4 * scale);
  measures.counts.add(Counter::kGlbPsumWrite, 8 * scale);
  measures.counts.add(Counter::kGlbOfmapRead, 16 * scale);
  measures.counts.add(Counter::kDramIfmapRead, 100 * scale);
  measures.counts.add(Counter::kDramFilterRead, 20 * scale);
  measures.counts.add(Counter::kDramOfmapWrite, 3 * scale);
  measures.fast_forward.passes_replayed = 3 * scale;
  measures.fast_forward.outputs_replayed = 900 * scale;
  measures.fast_forward.outputs_simulated = 100 * scale;
  measures.fast_forward.cycles_replayed = Cycles(600'000 * scale);
  measures.fast_forward.cycles_simulated = Cycles(400'000 * scale);
  OfmapCheck check;
  check.compared = 1000 * scale;
  check.psums = 1000 * scale;
  check.nonzero_psums = 250 * scale;
  check.saturated_sums = 7 * scale;
  check.saturated = 11 * scale;
  measures.check = check;
  return measures;
}

/// Layer B is twice layer A.
[[nodiscard]] inline Result sample_result() {
  Result result;
  result.request = sample_request();
  for (std::size_t i = 0; i < 2; ++i) {
    LayerResult layer;
    layer.name = result.request.workload.layers[i].name;
    layer.request = result.request.layers[i];
    layer.active_pes = 5;
    layer.ofmap_hash = "0123456789abcdef";
    layer.measures = sample_measures(i + 1);
    result.layers.push_back(layer);
  }
  return result;
}

}  // namespace rowan::sim
