// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "models/analytical/layer_steps.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::analytical {

/// Layers of so many passes and bursts are timed step by step; a sum over tiles does for the
/// others.
constexpr std::uint64_t kFewPasses = 64;
constexpr double kFewBursts = 500;

/// Times a layer of few passes step by step (docs/machine.md, section 4): a recurrence over its
/// passes and the bursts of its tiles.
class LayerTimer {
 public:
  LayerTimer(const spec::AcceleratorSpec& accelerator, const LayerSteps& steps);

  /// With an infinitely fast link, less the configuration.
  [[nodiscard]] std::uint64_t processing();
  [[nodiscard]] std::uint64_t total();

 private:
  using Time = std::uint64_t;
  static constexpr Time kNever = std::numeric_limits<Time>::max();

  void reset();
  [[nodiscard]] Time earliest_release(std::size_t pass) const;
  void release(std::size_t pass, Time at);
  /// First cycle in which so many filter words of the passes from the first have been read; kNever
  /// when the pass is not released yet.
  [[nodiscard]] Time filters_read(std::uint64_t words);
  [[nodiscard]] bool release_what_can();
  [[nodiscard]] Time filter_time();
  [[nodiscard]] Time ifmap_time();
  [[nodiscard]] Time ofmap_time() const;
  [[nodiscard]] Time way_free(dataflow::FmapPlace place) const;
  Time send(std::uint64_t bytes, dataflow::FmapPlace place, Time now);
  void issue_filters(Time now);
  void issue_ifmap(Time now);
  void issue_ofmap(Time now);

  const spec::AcceleratorSpec& accelerator_;
  const LayerSteps& steps_;
  std::uint64_t setup_;
  std::uint64_t configured_;
  std::uint64_t buffers_;
  std::uint64_t ring_;
  std::uint64_t lanes_;
  std::uint64_t burst_;
  std::uint64_t link_bytes_;
  std::uint64_t outstanding_;
  std::uint64_t row_bits_;
  double clocks_;       ///< core cycles of a link cycle
  double link_cycles_;  ///< link cycles of a core cycle
  double latency_;      ///< link cycles
  bool drain_;

  std::vector<std::size_t> last_of_load_;
  std::vector<std::size_t> last_of_store_;
  std::vector<Time> released_;
  std::vector<Time> drained_;
  std::vector<Time> filters_done_;
  std::vector<std::uint64_t> words_before_;  ///< filter words of the passes before
  std::vector<Time> filters_ready_;
  std::vector<Time> load_ready_;
  std::vector<Time> store_ended_;
  std::size_t next_pass_ = 0;
  std::size_t read_pass_ = 0;
  std::size_t filter_pass_ = 0;
  std::uint64_t filter_offset_ = 0;
  std::size_t load_ = 0;
  std::uint64_t load_offset_ = 0;
  std::size_t store_ = 0;
  std::uint64_t store_offset_ = 0;
  Time last_issue_ = 0;
  double link_edge_ = 0;
  std::vector<Time> in_flight_;  ///< arrivals of the last bursts, a ring
  std::size_t oldest_ = 0;
  Time path_free_ = 0;
};

}  // namespace rowan::analytical
