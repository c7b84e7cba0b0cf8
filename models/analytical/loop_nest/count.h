// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/analytical/loop_nest/nest.h"
#include "models/base/units.h"

namespace rowan::analytical::loop_nest {

/// Of one data type, words in an instance of a level; all instances count the same.
///
/// An instance holds its current tile and nothing else. When loops outside it move on, the words of
/// the new tile that the old one lacks are filled, from the next level outwards that keeps the data
/// type; outputs that the new tile lacks go there. What several children need, or give, at the
/// same step is one word. The arithmetic holds nothing: each MAC takes its words in each cycle.
struct DataCounts {
  Data data = Data::kWeights;
  std::uint64_t tile = 0;     ///< words held
  std::uint64_t reads = 0;    ///< for the children; of outputs, partial sums to add to
  std::uint64_t fills = 0;    ///< written from outside; of outputs, partial sums, so not at first
  std::uint64_t updates = 0;  ///< outputs, written from inside
  std::uint64_t temporal_reductions = 0;  ///< updates of a word that had been written before
};

struct LevelCounts {
  std::string name;
  std::uint64_t instances = 1;
  std::vector<DataCounts> data;  ///< of what it keeps, in the order of Data
};

struct NestCounts {
  std::uint64_t macs = 0;
  std::uint64_t units = 1;          ///< multiply-accumulate units in use
  Cycles cycles{1};                 ///< no stalls and no fill latency
  std::vector<LevelCounts> levels;  ///< outermost first
};

/// Counts in closed form: nothing of the nest is enumerated. Throws InputError when the nest has a
/// fault (see find_fault()).
[[nodiscard]] NestCounts count(const Nest& nest);

/// Head and rows of a table of the counts: one row per level and data type, outermost first.
constexpr std::array<const char*, 8> kCountsHead{"level",
                                                 "data",
                                                 "tile_words",
                                                 "reads_per_instance",
                                                 "fills_per_instance",
                                                 "updates_per_instance",
                                                 "temporal_reductions_per_instance",
                                                 "instances"};
[[nodiscard]] std::vector<std::array<std::string, kCountsHead.size()>> rows(
    const NestCounts& counts);

}  // namespace rowan::analytical::loop_nest
