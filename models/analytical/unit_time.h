// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

#include "models/base/clock.h"
#include "models/dataflow/schedule.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::analytical {

/// A tile of the post-processing unit, in what decides its time.
struct TimedTile {
  std::uint64_t cycles = 0;           ///< of its pass, from release to drain
  std::uint64_t parameters = 0;       ///< words of its filter block
  std::uint64_t parameter_bytes = 0;  ///< of all of the block
  std::uint64_t load_bytes = 0;
  std::uint64_t store_bytes = 0;
  std::uint64_t results = 0;  ///< words
  bool coded_results = false;
};

/// When the tiles of a layer of the post-processing unit are loaded, done and stored: the rules of
/// docs/machine.md, sections 4, 10 and 11, as a recurrence over passes and transfers.
///
/// Bursts of a transfer that go on alike are one step, and so are repetitions of a sequence of
/// tiles once it has found its pace, which is measured over some repetitions. Nothing else is
/// approximated but the words that a burst of a coded ofmap tile holds: equally many in each.
class UnitTimer {
 public:
  /// The accelerator outlives it.
  UnitTimer(const spec::AcceleratorSpec& accelerator, dataflow::FmapPlaces places);

  /// Cycle in which the last store ends, of `repeats` times the tiles. Either all tiles have
  /// parameters, or none.
  [[nodiscard]] std::uint64_t total(const std::vector<TimedTile>& tiles, std::uint64_t repeats);
  /// Cycles from one to the next of many equal tiles.
  [[nodiscard]] double pace(const TimedTile& tile);

 private:
  using Time = std::uint64_t;
  static constexpr Time kNever = std::numeric_limits<Time>::max();
  enum class Stream { kFilter, kIfmap, kOfmap };
  /// The transfer that a stream is at.
  struct Cursor {
    std::uint64_t tile = 0;
    std::uint64_t sent = 0;  ///< bytes of it
  };

  void start(const std::vector<TimedTile>& tiles, std::uint64_t repeats);
  [[nodiscard]] const TimedTile& tile(std::uint64_t index) const {
    return (*tiles_)[index % tiles_->size()];
  }
  void release_what_can();
  [[nodiscard]] Time ready(std::uint64_t pass) const;
  void skip_repetitions();

  [[nodiscard]] Cursor& at(Stream stream) { return cursors_[static_cast<std::size_t>(stream)]; }
  [[nodiscard]] const Cursor& at(Stream stream) const {
    return cursors_[static_cast<std::size_t>(stream)];
  }
  [[nodiscard]] std::uint64_t bytes(Stream stream) const;
  [[nodiscard]] bool resident(Stream stream) const;
  /// First cycle in which the stream's next burst can go, the way aside; kNever while that is not
  /// known.
  [[nodiscard]] Time eligible(Stream stream);
  [[nodiscard]] Time filter_room(std::uint64_t words);
  [[nodiscard]] Time passed(std::uint64_t end) const;
  /// First cycle in which the way takes a burst.
  [[nodiscard]] Time way_free(Stream stream) const;
  void send_next();
  /// Sends a burst in a cycle; returns its arrival.
  Time send(Stream stream, std::uint64_t length, Time now);
  void end_transfer(Stream stream, Time arrival);
  /// Sends bursts that follow alike, while they are issued before a cycle.
  void send_alike(Stream stream, Time until, bool waited_for_words);
  [[nodiscard]] bool lanes_set_pace(Stream stream, double pace) const;
  void send_at_pace_of_lanes(Stream stream, std::uint64_t most, Time until);
  void send_at_pace_of_path(Stream stream, std::uint64_t most, Time until);
  void send_at_pace_of_link(Stream stream, std::uint64_t most, Time until);
  void send_at_measured_pace(Stream stream, std::uint64_t most, Time until);

  const spec::AcceleratorSpec& accelerator_;
  dataflow::FmapPlaces places_;
  Clock core_;
  Clock link_;
  std::uint64_t latency_ps_;
  std::uint64_t link_bytes_;
  std::uint64_t burst_;
  std::uint64_t burst_cycles_;  ///< of the link
  double core_per_link_;        ///< core cycles of a link cycle
  double link_pace_;            ///< core cycles from a burst to the next, of many
  bool link_stays_busy_;        ///< with many bursts, whatever the clocks' edges
  std::uint64_t row_bits_;
  std::uint64_t lanes_;
  std::uint64_t setup_;
  Time configured_;
  std::uint64_t buffers_;
  std::uint64_t ring_;
  unsigned weight_bits_;
  unsigned activation_bits_;

  const std::vector<TimedTile>* tiles_ = nullptr;
  std::uint64_t count_ = 0;
  std::array<Cursor, 3> cursors_;
  std::uint64_t pass_ = 0;  ///< next to be released
  std::array<Time, 8> drained_{};
  std::array<Time, 8> load_ready_{};
  std::array<Time, 8> store_ended_{};
  std::deque<Time> filters_ready_;  ///< of passes from pass_ on
  struct Read {
    std::uint64_t words = 0;  ///< of the ring, up to this pass
    Time released = 0;
  };
  std::deque<Read> reads_;
  std::uint64_t words_read_ = 0;
  std::uint64_t words_written_ = 0;
  std::vector<Time> arrivals_;  ///< of the latest bursts on the link, as many as can be in flight
  std::size_t oldest_ = 0;      ///< of them
  Time last_arrival_ = 0;
  std::uint64_t link_free_ = 0;  ///< link cycle
  bool link_was_busy_ = false;   ///< when the latest burst came
  Time next_issue_ = 0;          ///< first cycle after the latest issue, rows of bursts aside
  Time next_on_link_ = 0;        ///< the same, rows of bursts included
  Time path_free_ = 0;           ///< to the resident banks
  /// Bursts of one transfer on the link, one after the other.
  struct Row {
    Stream stream = Stream::kFilter;
    std::uint64_t tile = 0;
    std::uint64_t bursts = 0;
    std::uint64_t mark = 0;  ///< link cycle in which an early one ended
  } row_;
  std::vector<Time> repetitions_;  ///< first release of each, until some are skipped
  bool skipped_ = false;
};

}  // namespace rowan::analytical
