// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/result.h"

#include "models/arithmetic/pe_type.h"

namespace rowan::sim {

LayerMeasures& LayerMeasures::operator+=(const LayerMeasures& other) {
  macs += other.macs;
  passes += other.passes;
  processing += other.processing;
  total += other.total;
  counts += other.counts;
  pe_cycles += other.pe_cycles;
  fast_forward += other.fast_forward;
  if (other.check) {
    if (check) {
      *check += *other.check;
    } else {
      check = other.check;
    }
  }
  return *this;
}

LayerMeasures Result::total() const {
  LayerMeasures sum;
  for (const LayerResult& layer : layers) sum += layer.measures;
  return sum;
}

double milliseconds(const Request& request, Cycles cycles) {
  return static_cast<double>(cycles.value()) / static_cast<double>(request.platform.clock.value());
}

double utilization(const Request& request, const LayerMeasures& measures) {
  const spec::ArraySpec& array = request.platform.array;
  const double pe_cycles = static_cast<double>(measures.processing.value()) *
                           static_cast<double>(array.rows) * static_cast<double>(array.columns);
  return pe_cycles > 0 ? static_cast<double>(measures.macs) / pe_cycles : 0.0;
}

Bytes dram_bytes(const LayerMeasures& measures) {
  return Bytes(measures.counts[Counter::kDramIfmapRead] +
               measures.counts[Counter::kDramFilterRead] +
               measures.counts[Counter::kDramOfmapWrite]);
}

Bytes glb_bytes(const Request& request, const LayerMeasures& measures) {
  const spec::PeSpec& pe = request.platform.pe;
  const arithmetic::PeType& type = arithmetic::pe_type(pe.type);
  const ActivityCounts& counts = measures.counts;
  const std::uint64_t psums = counts[Counter::kGlbPsumRead] + counts[Counter::kGlbPsumWrite] +
                              counts[Counter::kGlbOfmapRead];
  const std::uint64_t bits = counts[Counter::kGlbIfmapRead] * type.activation_bits +
                             counts[Counter::kGlbFilterRead] * type.weight_bits +
                             psums * pe.psum_bits;
  return Bytes(ceil_div(bits, 8));
}

}  // namespace rowan::sim
