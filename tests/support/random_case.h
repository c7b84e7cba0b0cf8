// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <ostream>
#include <string>

#include "models/dataflow/row_stationary/mapping.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/clocked_machine.h"
#include "workloads/layer.h"
#include "workloads/tensor.h"

namespace rowan::support {

/// A small accelerator, a layer and a legal mapping, all drawn from a seed.
struct RandomCase {
  std::uint64_t seed = 0;
  spec::AcceleratorSpec accelerator;
  workloads::Layer layer;
  unsigned batch = 1;
  dataflow::row_stationary::Mapping mapping;  ///< may exceed the layer; see row_stationary::clip()
  unsigned product_bits = 16;                 ///< that of the accelerator
  dataflow::FmapPlaces places;  ///< global_buffer.banks are those that resident fmaps leave

  [[nodiscard]] LayerArithmetic arithmetic() const;
  /// All that defines the case in a few lines, for a failure message.
  [[nodiscard]] std::string describe() const;
};

/// Draws accelerators, layers and mappings until spec::check() and row_stationary::check() accept
/// one that the clocked model runs within about 50 ms. One in six has a resident ifmap or ofmap.
/// PEs are of type int16, psums wrap. The same seed gives the same case everywhere.
[[nodiscard]] RandomCase make_random_case(std::uint64_t seed);
/// The same with any PE type, and integer psums that wrap or saturate.
[[nodiscard]] RandomCase make_random_case_of_any_type(std::uint64_t seed);

/// Draws `most_draws` layers and mappings, or until one is legal on `accelerator` and, for the
/// clocked model, takes about `most_pe_cycles` cycles, summed over the PEs; nothing when none does.
/// Nothing is resident.
[[nodiscard]] std::optional<RandomCase> make_random_layer(std::uint64_t seed,
                                                          const spec::AcceleratorSpec& accelerator,
                                                          std::uint64_t most_pe_cycles,
                                                          std::uint64_t most_draws);

/// Seeded words of a case: `ifmap` [N][C][H][W], `filters` [M][C per group][R][S], as layer.seeded
/// says; of types other than int16 over their full width, binary32 words of moderate exponents and
/// a few special ones.
[[nodiscard]] workloads::LayerTensors make_random_tensors(const RandomCase& test);

/// What makes a case hard; a random test that never meets one of them proves less than it seems.
enum class HardThing : std::uint8_t {
  kFilterFifoFull,
  kIfmapFifoFull,
  kPsumInFifoFullForGin,
  kPsumInFifoFullForLink,
  kPsumOutFifoFull,
  kIfmapMissing,
  kPsumMissing,
  kAccumulatorHazard,
  kBankConflictReadFirst,
  kBankConflictWriteFirst,
  kBankConflictInBlocks,
  kDramBeforeTheFirstPass,
  kDramBetweenPasses,
  kTwoPassesUnderWay,
  kTwoPassesOnTheSamePsums,
  kTwoPassesOnOtherPsums,
  kOverlapWithChangingShapes,
  kDoubleBuffer,
  kSeveralPsumTiles,
  kFilterRingFull,
  kStripRemainder,
  kColumnTileRemainder,
  kFilterGroupRemainder,
  kFilterSubgroupRemainder,
  kFilterSetRemainder,
  kChannelGroupRemainder,
  kChannelSetRemainder,
  kEmptyChannelSet,
  kEmptyFilterSet,
  kImageRemainder,
  kGroupRemainder,
  kFilterRowFolds,
  kFilterRowFoldRemainder,
  kFilterColumnFolds,
  kFilterColumnFoldRemainder,
  kSetSplit,
  kSetSplitOnSeveralShelves,
  kStackedSets,
  kSeveralChains,
  kChainsOnSeveralShelves,
  kGroupsInParallel,
  kGroupsOnOneShelf,
  kDepthwise,
  kSeveralImagesInAPass,
  kStrideAboveKernel,
  kDilation,
  kPadding,
  kOtherPaddingAtTheEnd,
  kInsertedZeros,
  kTileWithoutWords,
  kTileInInsertedZeros,
  kSmallestIfmapSpad,
  kOneWordIfmapFifo,
  kFilterWordWiderThanBus,
  kIfmapWordWiderThanBus,
  kPsumWordWiderThanBus,
  kPsumWordWiderThanLink,
  kIdlePes,
  kGatedMacs,
  kUngatedZeros,
  kRepeatedIfmapReads,
  kUncodedOfmap,
  kLinkFasterThanCore,
  kNoConfiguration,
  kResidentIfmap,
  kResidentOfmap,
  kResidentBoth,
  kInt8,
  kInt4,
  kLightPe1,
  kLightPe2,
  kFp32,
  kSaturatingSums,
  kCount
};

inline constexpr std::size_t kHardThingCount = static_cast<std::size_t>(HardThing::kCount);

/// Counts in how many cases each hard thing occurred.
class HardThings {
 public:
  /// `result` is what the clocked model says of the case.
  void add(const RandomCase& test, const ClockedResult& result);
  [[nodiscard]] std::uint64_t operator[](HardThing thing) const {
    return cases_[static_cast<std::size_t>(thing)];
  }
  [[nodiscard]] bool all_occurred() const;
  HardThings& operator+=(const HardThings& other);

  /// Bytes of serialized(), with which a child process reports.
  static constexpr std::size_t kSerializedSize = (kHardThingCount + 1) * sizeof(std::uint64_t);
  [[nodiscard]] std::string serialized() const;
  /// Throws std::invalid_argument when `bytes` has another size.
  [[nodiscard]] static HardThings deserialized(const std::string& bytes);
  /// One line per thing: cases and name.
  void print(std::ostream& out) const;

 private:
  void note(HardThing thing, bool occurred) {
    if (occurred) ++cases_[static_cast<std::size_t>(thing)];
  }
  void add_stalls(const RandomCase& test, const ClockedResult& result);
  void add_passes(const RandomCase& test, const ClockedResult& result);
  void add_remainders(const RandomCase& test);
  void add_placement(const RandomCase& test);
  void add_sizes(const RandomCase& test, const ClockedResult& result);

  std::array<std::uint64_t, kHardThingCount> cases_{};
  std::uint64_t total_ = 0;
};

[[nodiscard]] const char* name_of(HardThing thing);

}  // namespace rowan::support
