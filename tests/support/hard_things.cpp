// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <iomanip>
#include <stdexcept>

#include "tests/support/random_case.h"

namespace rowan::support {
namespace {

using dataflow::row_stationary::Mapping;
using workloads::ConvolutionShape;

constexpr std::array<const char*, kHardThingCount> kNames{
    "filter_fifo full",
    "ifmap_fifo full",
    "psum_in_fifo full for the psum GIN",
    "psum_in_fifo full for a link",
    "psum_out_fifo full",
    "a PE waits for an ifmap word",
    "a PE waits for a psum",
    "accumulator hazard",
    "bank conflict, reads first",
    "bank conflict, writes first",
    "bank conflict, block interleaving",
    "DRAM before the first pass",
    "DRAM between passes",
    "two passes under way",
    "two passes under way, the second reads the first one's psums",
    "two passes under way, the second reads other psums",
    "overlap with changing shapes",
    "double_buffer with several tiles",
    "several psum tiles",
    "filter ring of less than two blocks",
    "remainder: strip",
    "remainder: column tile",
    "remainder: filter group",
    "remainder: filter subgroup",
    "remainder: last filter set",
    "remainder: channel group",
    "remainder: last channel set",
    "a set without channels",
    "a set without filters",
    "remainder: images",
    "remainder: groups",
    "filter folded in rows",
    "remainder: row fold",
    "filter folded in columns",
    "remainder: column fold",
    "set split",
    "set split, several chains",
    "several sets in a chain",
    "several chains",
    "chains on several shelves",
    "groups in parallel",
    "groups on one shelf",
    "depthwise",
    "several images in a pass",
    "stride above the kernel",
    "dilation",
    "padding",
    "padding: another one at the end",
    "inserted zeros",
    "ifmap tile without a word of DRAM",
    "ifmap tile between two words",
    "smallest ifmap_spad",
    "ifmap_fifo of one word",
    "filter word wider than its bus",
    "ifmap word wider than its bus",
    "psum word wider than its bus",
    "psum word wider than the local link",
    "PEs without a part",
    "gated MACs",
    "zeros without gating",
    "ifmap words read for each MAC",
    "uncoded ofmap",
    "link clock above core clock",
    "no configuration",
    "resident ifmap",
    "resident ofmap",
    "resident ifmap and ofmap",
    "type int8",
    "type int4",
    "type lightpe1",
    "type lightpe2",
    "type fp32",
    "sums that saturate",
};

/// Whether a block of `outputs` under a fold of `taps` lies between two rows, or columns, of the
/// ifmap, of which there are `inputs`.
bool between_inputs(const ConvolutionShape& shape, unsigned inputs, unsigned all_outputs,
                    unsigned outputs, unsigned all_taps, unsigned taps) {
  const unsigned step = shape.input_dilation;
  const unsigned last = shape.padding + (inputs - 1) * step;
  for (unsigned output = 0; output < all_outputs; output += outputs) {
    for (unsigned tap = 0; tap < all_taps; tap += taps) {
      const unsigned first = output * shape.stride + tap * shape.dilation;
      const unsigned end = first + (std::min(outputs, all_outputs - output) - 1) * shape.stride +
                           (std::min(taps, all_taps - tap) - 1) * shape.dilation + 1;
      if (first <= shape.padding || end > last) continue;
      if ((first - shape.padding - 1) / step == (end - shape.padding - 1) / step) return true;
    }
  }
  return false;
}

Mapping clipped(const RandomCase& test) {
  return dataflow::row_stationary::clip(test.mapping, test.layer.shape, test.batch);
}

}  // namespace

const char* name_of(HardThing thing) { return kNames[static_cast<std::size_t>(thing)]; }

void HardThings::add(const RandomCase& test, const ClockedResult& result) {
  ++total_;
  add_stalls(test, result);
  add_passes(test, result);
  add_remainders(test);
  add_placement(test);
  add_sizes(test, result);
}

bool HardThings::all_occurred() const {
  return std::all_of(cases_.begin(), cases_.end(), [](std::uint64_t cases) { return cases > 0; });
}

HardThings& HardThings::operator+=(const HardThings& other) {
  for (std::size_t i = 0; i < kHardThingCount; ++i) cases_[i] += other.cases_[i];
  total_ += other.total_;
  return *this;
}

std::string HardThings::serialized() const {
  std::string bytes(kSerializedSize, '\0');
  std::memcpy(bytes.data(), &total_, sizeof total_);
  std::memcpy(bytes.data() + sizeof total_, cases_.data(), kSerializedSize - sizeof total_);
  return bytes;
}

HardThings HardThings::deserialized(const std::string& bytes) {
  if (bytes.size() != kSerializedSize) throw std::invalid_argument("not a serialized HardThings");
  HardThings things;
  std::memcpy(&things.total_, bytes.data(), sizeof things.total_);
  std::memcpy(things.cases_.data(), bytes.data() + sizeof things.total_,
              kSerializedSize - sizeof things.total_);
  return things;
}

void HardThings::print(std::ostream& out) const {
  out << "of " << total_ << " cases:\n";
  for (std::size_t i = 0; i < kHardThingCount; ++i) {
    out << std::setw(8) << cases_[i] << "  " << kNames[i] << "\n";
  }
}

void HardThings::add_stalls(const RandomCase& test, const ClockedResult& result) {
  const ActivityCounts& counts = result.counts;
  PeCycles all;
  for (const PeCycles& pe : result.pes) all += pe;
  note(HardThing::kFilterFifoFull, counts[Counter::kFilterGinBlocked] > 0);
  note(HardThing::kIfmapFifoFull, counts[Counter::kIfmapGinBlocked] > 0);
  note(HardThing::kPsumInFifoFullForGin, counts[Counter::kPsumGinBlocked] > 0);
  note(HardThing::kPsumInFifoFullForLink, counts[Counter::kLocalNetworkBlocked] > 0);
  note(HardThing::kPsumOutFifoFull, all[PeActivity::kPsumOut] > 0);
  note(HardThing::kIfmapMissing, all[PeActivity::kIfmap] > 0);
  note(HardThing::kPsumMissing, all[PeActivity::kPsumIn] > 0);
  note(HardThing::kAccumulatorHazard, all[PeActivity::kAccumulatorHazard] > 0);
  note(HardThing::kIdlePes, all[PeActivity::kIdle] > 0);
  const spec::GlobalBufferSpec& buffer = test.accelerator.global_buffer;
  const bool conflict = counts[Counter::kGlbBankConflict] > 0;
  const bool read_first = buffer.psum_bank_priority == spec::BankPriority::kRead;
  note(HardThing::kBankConflictReadFirst, conflict && read_first);
  note(HardThing::kBankConflictWriteFirst, conflict && !read_first);
  note(HardThing::kBankConflictInBlocks,
       conflict && buffer.psum_bank_interleaving == spec::BankInterleaving::kBlock);
  note(HardThing::kGatedMacs, counts[Counter::kMacGated] > 0);
  note(HardThing::kUngatedZeros,
       !test.accelerator.pe.zero_gating && test.layer.seeded.ifmap_zeros_percent > 0);
  note(HardThing::kRepeatedIfmapReads, counts[Counter::kIfmapSpadReadRepeated] > 0);
}

void HardThings::add_passes(const RandomCase& test, const ClockedResult& result) {
  const ConvolutionShape& shape = test.layer.shape;
  const spec::AcceleratorSpec& accelerator = test.accelerator;
  const Mapping mapping = clipped(test);
  const std::uint64_t configured = ceil_div(accelerator.controller.scan_chain.value(),
                                            accelerator.controller.scan_bits_per_cycle);
  const bool overlap = accelerator.controller.pass_transition == spec::PassTransition::kOverlap;
  const bool under_way = result.most_passes_under_way > 1;
  const std::uint64_t setup = accelerator.controller.pass_setup.value();
  bool after_drain = false;
  bool waited = false;
  for (std::size_t k = 1; k < result.releases.size(); ++k) {
    after_drain = after_drain || result.releases[k] >= result.drains[k - 1];
    waited = waited || result.releases[k] > result.drains[k - 1] + setup;
  }
  note(HardThing::kDramBeforeTheFirstPass, result.releases.front() > configured);
  note(HardThing::kDramBetweenPasses, waited);
  note(HardThing::kTwoPassesUnderWay, under_way);
  note(HardThing::kTwoPassesOnTheSamePsums, result.overlapped_on_same_rows > 0);
  note(HardThing::kTwoPassesOnOtherPsums, result.overlapped_on_other_rows > 0);
  note(HardThing::kOverlapWithChangingShapes, overlap && under_way && after_drain);
  const std::uint64_t psum_tiles =
      ceil_div(shape.groups, mapping.g) * ceil_div(test.batch, mapping.n) *
      ceil_div(shape.out_height(), mapping.e) * ceil_div(shape.out_width(), mapping.f) *
      ceil_div(shape.filters_per_group(), mapping.m);
  note(HardThing::kDoubleBuffer,
       accelerator.dram.overlap == spec::DramOverlap::kDoubleBuffer && psum_tiles > 2);
  note(HardThing::kSeveralPsumTiles, psum_tiles > 1);
  const spec::GlobalBufferSpec& buffer = accelerator.global_buffer;
  const std::uint64_t ring =
      std::uint64_t{buffer.filter_banks} * buffer.bank_rows *
      (buffer.row_width.value() / arithmetic::pe_type(accelerator.pe.type).weight_bits);
  note(HardThing::kFilterRingFull,
       result.releases.size() > 1 &&
           ring < 2 * result.counts[Counter::kGlbFilterWrite] / result.releases.size());
}

void HardThings::add_remainders(const RandomCase& test) {
  const ConvolutionShape& shape = test.layer.shape;
  const Mapping m = clipped(test);
  const unsigned filters = shape.filters_per_group();
  const unsigned channels = shape.channels_per_group();
  const unsigned last_channels = channels % (m.q * m.r) == 0 ? m.q * m.r : channels % (m.q * m.r);
  // Filters of the last pass of a whole filter group, and of the last group of filters.
  const unsigned last_group = filters % m.m == 0 ? m.m : filters % m.m;
  const auto last_subgroup = [&](unsigned group) {
    return group % (m.p * m.t) == 0 ? m.p * m.t : group % (m.p * m.t);
  };
  const auto ragged = [&](unsigned subgroup) { return subgroup % m.p != 0; };
  const auto empty = [&](unsigned subgroup) { return subgroup <= m.p * (m.t - 1); };
  const unsigned a = last_subgroup(m.m);
  const unsigned b = last_subgroup(last_group);
  note(HardThing::kStripRemainder, shape.out_height() % m.e != 0);
  note(HardThing::kColumnTileRemainder, shape.out_width() % m.f != 0);
  note(HardThing::kFilterGroupRemainder, filters % m.m != 0);
  note(HardThing::kFilterSubgroupRemainder, a != m.p * m.t || b != m.p * m.t);
  note(HardThing::kFilterSetRemainder, ragged(a) || ragged(b));
  note(HardThing::kEmptyFilterSet, empty(a) || empty(b));
  note(HardThing::kChannelGroupRemainder, channels > m.q * m.r && channels % (m.q * m.r) != 0);
  note(HardThing::kChannelSetRemainder, last_channels % m.q != 0);
  note(HardThing::kEmptyChannelSet, last_channels <= m.q * (m.r - 1));
  note(HardThing::kImageRemainder, test.batch % m.n != 0);
  note(HardThing::kGroupRemainder, shape.groups % m.g != 0);
  note(HardThing::kFilterRowFolds, m.filter_rows < shape.kernel_height);
  note(HardThing::kFilterRowFoldRemainder, shape.kernel_height % m.filter_rows != 0);
  note(HardThing::kFilterColumnFolds, m.filter_columns < shape.kernel_width);
  note(HardThing::kFilterColumnFoldRemainder, shape.kernel_width % m.filter_columns != 0);
}

void HardThings::add_placement(const RandomCase& test) {
  const ConvolutionShape& shape = test.layer.shape;
  const Mapping m = clipped(test);
  const unsigned columns = test.accelerator.array.columns;
  const unsigned chains_on_a_shelf = std::max(1U, columns / m.e);
  note(HardThing::kSetSplit, m.e > columns);
  note(HardThing::kSetSplitOnSeveralShelves, m.e > columns && m.t * m.g > 1);
  note(HardThing::kStackedSets, m.r > 1);
  note(HardThing::kSeveralChains, m.t > 1);
  note(HardThing::kChainsOnSeveralShelves, m.t > chains_on_a_shelf);
  note(HardThing::kGroupsInParallel, m.g > 1);
  note(HardThing::kGroupsOnOneShelf, m.g > 1 && chains_on_a_shelf / m.t > 1);
  note(HardThing::kDepthwise, shape.groups > 1 && shape.channels == shape.groups);
  note(HardThing::kSeveralImagesInAPass, m.n > 1);
  note(HardThing::kStrideAboveKernel,
       shape.stride > shape.kernel_width || shape.stride > shape.kernel_height);
  note(HardThing::kDilation, shape.dilation > 1 && shape.kernel_width > 1);
  note(HardThing::kPadding, shape.padding > 0);
  note(HardThing::kOtherPaddingAtTheEnd, shape.end_padding() != shape.padding);
  note(HardThing::kInsertedZeros,
       shape.input_dilation > 1 && (shape.height > 1 || shape.width > 1));
}

void HardThings::add_sizes(const RandomCase& test, const ClockedResult& result) {
  const spec::AcceleratorSpec& a = test.accelerator;
  const Mapping m = clipped(test);
  const arithmetic::PeType& type = arithmetic::pe_type(a.pe.type);
  note(HardThing::kSmallestIfmapSpad,
       a.pe.ifmap_spad.size.value() ==
           std::uint64_t{m.q} * ((m.filter_columns - 1) * test.layer.shape.dilation + 1));
  note(HardThing::kOneWordIfmapFifo, a.pe.ifmap_fifo.depth.value() == 1);
  note(HardThing::kFilterWordWiderThanBus, a.filter_gin.width.value() < type.weight_bits);
  note(HardThing::kIfmapWordWiderThanBus, a.ifmap_gin.width.value() < type.activation_bits);
  note(HardThing::kPsumWordWiderThanBus, a.gon.width.value() < a.pe.psum_bits);
  note(HardThing::kPsumWordWiderThanLink, a.local_network.width.value() < a.pe.psum_bits &&
                                              result.counts[Counter::kLocalNetworkWord] > 0);
  note(HardThing::kTileWithoutWords, result.loads_without_bytes > 0);
  const ConvolutionShape& s = test.layer.shape;
  note(HardThing::kTileInInsertedZeros,
       result.loads_without_bytes > 0 &&
           (between_inputs(s, s.height, s.out_height(), m.e, s.kernel_height, m.filter_rows) ||
            between_inputs(s, s.width, s.out_width(), m.f, s.kernel_width, m.filter_columns)));
  note(HardThing::kUncodedOfmap, !a.dram.rlc);
  note(HardThing::kLinkFasterThanCore, a.dram.link_clock > a.clock);
  note(HardThing::kNoConfiguration, a.controller.scan_chain.value() == 0);
  const bool resident_ifmap = test.places.ifmap == dataflow::FmapPlace::kResident;
  const bool resident_ofmap = test.places.ofmap == dataflow::FmapPlace::kResident;
  note(HardThing::kResidentIfmap, resident_ifmap);
  note(HardThing::kResidentOfmap, resident_ofmap);
  note(HardThing::kResidentBoth, resident_ifmap && resident_ofmap);
  note(HardThing::kInt8, a.pe.type == "int8");
  note(HardThing::kInt4, a.pe.type == "int4");
  note(HardThing::kLightPe1, a.pe.type == "lightpe1");
  note(HardThing::kLightPe2, a.pe.type == "lightpe2");
  note(HardThing::kFp32, a.pe.type == "fp32");
  note(HardThing::kSaturatingSums, a.pe.psum_overflow == arithmetic::Overflow::kSaturate);
}

}  // namespace rowan::support
