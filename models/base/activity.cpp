// SPDX-License-Identifier: Apache-2.0
#include "models/base/activity.h"

#include <numeric>

namespace rowan {

const CounterTable& counter_table() {
  static constexpr CounterTable kTable{{
      {Counter::kMacCompute, "mac", "compute", "MACs", "MACs carried out", true},
      {Counter::kMacGated, "mac", "gated", "MACs", "MACs suppressed by a zero ifmap word", true},
      {Counter::kAdderAccumulate, "adder", "accumulate", "words",
       "psums that left a PE through its adder"},
      {Counter::kIfmapSpadRead, "ifmap_spad", "read", "words",
       "ifmap words of windows, each read once and held for its MACs"},
      {Counter::kIfmapSpadReadRepeated, "ifmap_spad", "read_repeated", "words",
       "reads of the same words for their further MACs, gated or not; none unless "
       "pe.ifmap_spad_reads is per_mac"},
      {Counter::kIfmapSpadWrite, "ifmap_spad", "write", "words", "ifmap words loaded"},
      {Counter::kFilterSpadRead, "filter_spad", "read", "words", "one per MAC that is not gated",
       true},
      {Counter::kFilterSpadWrite, "filter_spad", "write", "words", "filter words loaded"},
      {Counter::kPsumSpadRead, "psum_spad", "read", "words",
       "one per MAC that is not gated and per accumulation", true},
      {Counter::kPsumSpadWrite, "psum_spad", "write", "words",
       "one per MAC that is not gated and per accumulation", true},
      {Counter::kIfmapFifoPush, "ifmap_fifo", "push", "words", "words pushed"},
      {Counter::kIfmapFifoPop, "ifmap_fifo", "pop", "words", "words popped"},
      {Counter::kFilterFifoPush, "filter_fifo", "push", "words", "words pushed"},
      {Counter::kFilterFifoPop, "filter_fifo", "pop", "words", "words popped"},
      {Counter::kPsumInFifoPush, "psum_in_fifo", "push", "words", "words pushed"},
      {Counter::kPsumInFifoPop, "psum_in_fifo", "pop", "words", "words popped"},
      {Counter::kPsumOutFifoPush, "psum_out_fifo", "push", "words", "words pushed"},
      {Counter::kPsumOutFifoPop, "psum_out_fifo", "pop", "words", "words popped"},
      {Counter::kLocalNetworkWord, "local_network", "word", "words",
       "psums moved from a PE to the PE above"},
      {Counter::kLocalNetworkBlocked, "local_network", "blocked", "cycles",
       "cycles in which a link had a word and bandwidth but psum_in_fifo was full"},
      {Counter::kIfmapGinPacket, "ifmap_gin", "packet", "packets", "packets on the bus"},
      {Counter::kIfmapGinDelivery, "ifmap_gin", "delivery", "words",
       "words times the PEs that took them"},
      {Counter::kIfmapGinHop, "ifmap_gin", "hop", "word hops",
       "words times the PE pitches of bus wire that carried them"},
      {Counter::kIfmapGinBlocked, "ifmap_gin", "blocked", "cycles",
       "cycles in which the bus could send but an ifmap_fifo was full"},
      {Counter::kFilterGinPacket, "filter_gin", "packet", "packets", "packets on the bus"},
      {Counter::kFilterGinDelivery, "filter_gin", "delivery", "words",
       "words times the PEs that took them"},
      {Counter::kFilterGinHop, "filter_gin", "hop", "word hops",
       "words times the PE pitches of bus wire that carried them"},
      {Counter::kFilterGinBlocked, "filter_gin", "blocked", "cycles",
       "cycles in which the bus could send but a filter_fifo was full"},
      {Counter::kPsumGinPacket, "psum_gin", "packet", "packets", "packets on the bus"},
      {Counter::kPsumGinDelivery, "psum_gin", "delivery", "words",
       "words times the PEs that took them"},
      {Counter::kPsumGinHop, "psum_gin", "hop", "word hops",
       "words times the PE pitches of bus wire that carried them"},
      {Counter::kPsumGinBlocked, "psum_gin", "blocked", "cycles",
       "cycles in which the bus could send but a psum_in_fifo was full"},
      {Counter::kGonPacket, "gon", "packet", "packets", "packets on the bus"},
      {Counter::kGonWord, "gon", "word", "words", "psums moved from the array to the GLB"},
      {Counter::kGonHop, "gon", "hop", "word hops",
       "words times the PE pitches of bus wire that carried them"},
      {Counter::kGlbIfmapRead, "global_buffer", "ifmap_read", "words",
       "read by the ifmap GIN, or by the post-processing unit"},
      {Counter::kGlbIfmapWrite, "global_buffer", "ifmap_write", "words",
       "written by the DMA, padding and inserted zeros included"},
      {Counter::kGlbFilterRead, "global_buffer", "filter_read", "words",
       "read by the filter GIN, or by the post-processing unit"},
      {Counter::kGlbFilterWrite, "global_buffer", "filter_write", "words", "written by the DMA"},
      {Counter::kGlbPsumRead, "global_buffer", "psum_read", "words", "read by the psum GIN"},
      {Counter::kGlbPsumWrite, "global_buffer", "psum_write", "words",
       "written by the GON, or by the post-processing unit"},
      {Counter::kGlbOfmapRead, "global_buffer", "ofmap_read", "words",
       "finished psums read by the DMA"},
      {Counter::kGlbResidentRead, "global_buffer", "resident_read", "words",
       "ifmap words read from the banks in which the layer before left them"},
      {Counter::kGlbResidentWrite, "global_buffer", "resident_write", "words",
       "ofmap words written to the banks in which the next layer finds them"},
      {Counter::kGlbBankConflict, "global_buffer", "bank_conflict", "cycles",
       "cycles in which psum GIN or GON lost a bank to the other"},
      {Counter::kRlcDecode, "rlc", "decode", "code words", "64-bit code words decoded"},
      {Counter::kRlcEncode, "rlc", "encode", "code words", "64-bit code words encoded"},
      {Counter::kPostProcessingWord, "post_processing", "word", "words",
       "psums scaled and clamped to ofmap words"},
      {Counter::kPostProcessingOperation, "post_processing", "operation", "words",
       "words taken by layers of the post-processing unit, parameters included"},
      {Counter::kDramIfmapRead, "dram", "ifmap_read", "bytes", "ifmap bytes read"},
      {Counter::kDramFilterRead, "dram", "filter_read", "bytes", "filter bytes read"},
      {Counter::kDramOfmapWrite, "dram", "ofmap_write", "bytes", "ofmap bytes written"},
      {Counter::kDramBurst, "dram", "burst", "bursts", "transactions"},
      {Counter::kControllerPass, "controller", "pass", "passes", "processing passes"},
      {Counter::kControllerConfigurationBit, "controller", "configuration_bit", "bits",
       "bits shifted into the scan chain"},
  }};
  return kTable;
}

ActivityCounts& ActivityCounts::operator+=(const ActivityCounts& other) {
  for (std::size_t i = 0; i < kCounterCount; ++i) values_[i] += other.values_[i];
  return *this;
}

ActivityCounts& ActivityCounts::operator-=(const ActivityCounts& other) {
  for (std::size_t i = 0; i < kCounterCount; ++i) values_[i] -= other.values_[i];
  return *this;
}

namespace {
struct ActivityInfo {
  const char* name;
  const char* description;
};
constexpr std::array<ActivityInfo, kPeActivityCount> kActivities{{
    {"busy", "issues a MAC or an accumulation"},
    {"configuration", "the scan chain is loaded"},
    {"pass_transition", "done with its pass, waits for the others and the controller"},
    {"dram", "the next pass, or the layer's end, waits for DRAM"},
    {"filter_load", "its filters are not in its scratchpad yet"},
    {"ifmap", "an ifmap word is missing"},
    {"accumulator_hazard", "the psum is still in the accumulation pipeline"},
    {"psum_in", "the incoming psum is missing"},
    {"psum_out", "the psum-out FIFO is full"},
    {"idle", "has no part in the pass"},
}};
}  // namespace

const char* name_of(PeActivity activity) {
  return kActivities[static_cast<std::size_t>(activity)].name;
}

const char* description_of(PeActivity activity) {
  return kActivities[static_cast<std::size_t>(activity)].description;
}

std::uint64_t PeCycles::total() const {
  return std::accumulate(values_.begin(), values_.end(), std::uint64_t{0});
}

PeCycles& PeCycles::operator+=(const PeCycles& other) {
  for (std::size_t i = 0; i < kPeActivityCount; ++i) values_[i] += other.values_[i];
  return *this;
}

PeCycles& PeCycles::operator-=(const PeCycles& other) {
  for (std::size_t i = 0; i < kPeActivityCount; ++i) values_[i] -= other.values_[i];
  return *this;
}

}  // namespace rowan
