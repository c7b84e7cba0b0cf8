// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/analytical/pass_outline.h"
#include "models/analytical/pass_work.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::analytical {

/// Whether reads and writes of psums wait for each other.
enum class PsumPorts { kOwn, kShared };

/// Cycles of a pass, and of passes of its shape that overlap.
struct PassCycles {
  std::uint64_t first_mac = 0;          ///< from the release to the first MAC of all
  std::uint64_t last_accumulation = 0;  ///< from the release
  std::uint64_t alone = 0;              ///< from the release to the drain, in an empty array
  std::uint64_t filters_sent = 0;       ///< from the release to the last filter packet
  std::uint64_t pace = 0;  ///< from drain to drain of passes that overlap (pass_transition)
  std::uint64_t filters_before_drain = 0;  ///< of such a pass: from its last filter packet
};

/// The timing contract (docs/machine.md, section 3) as a max-plus recurrence over what a
/// PassOutline follows: every packet, pop, round and accumulation takes place in the latest of the
/// cycles that it waits for. The packets of other columns pass the buses in between, and never
/// wait. What is not followed goes on at the last pace.
///
/// With one port to a psum bank a conflict takes no time but where all psum rows are in one bank.
class PassRecurrence {
 public:
  PassRecurrence(const PassPattern& pattern, const spec::AcceleratorSpec& accelerator,
                 PsumPorts ports);

  [[nodiscard]] PassCycles time(const PassWork& work);

 private:
  using Time = std::uint64_t;
  /// A bus: `next` is the first cycle in which the packet at `place` can go.
  struct Bus {
    std::uint64_t interval = 1;
    std::uint64_t latency = 1;  ///< of a word, to its last part
    Time next = 0;
    std::uint64_t place = 0;   ///< from the first pass on
    std::uint64_t origin = 0;  ///< place of a step's first packet

    [[nodiscard]] Time first(std::uint64_t in_step) const {
      return next + (origin + in_step - place) * interval;
    }
    void issue(std::uint64_t in_step, Time now) {
      next = now + interval;
      place = origin + in_step + 1;
    }
    void release(Time at);
    [[nodiscard]] Time last() const { return next - interval; }
  };
  /// A PE's place in the recurrence.
  struct State {
    Time compute = 0;  ///< first cycle in which it can issue
    Time round = 0;    ///< start of the last round of MACs
    Time ifmap = 0;    ///< first cycle of the next ifmap pop
    Time filter = 0;   ///< first cycle of the next filter pop
    Time first_mac = 0;
    std::uint64_t delivered = 0;  ///< ifmap words
    std::uint64_t freed = 0;      ///< of these, no longer needed
    std::uint64_t image = 0;      ///< first word of the image
    std::uint64_t added = 0;      ///< accumulations
    std::uint64_t left = 0;       ///< psums that have left
    std::uint64_t in_cycle = 0;   ///< words that its link moved in the last cycle
    // Histories: cycles that the recurrence reads again.
    Time* usable = nullptr;  ///< ifmap words: the cycle after the pop
    Time* room = nullptr;    ///< their places in the scratchpad are free
  };
  /// The psums of a PE in a window, at about an even pace.
  struct Span {
    Time first = 0;
    Time last = 0;
    [[nodiscard]] Time at(std::uint64_t psum, std::uint64_t psums) const {
      return psums < 2 ? last : first + (last - first) * psum / (psums - 1);
    }
  };
  /// Cycles that the recurrence reads again: a stretch for each PE.
  struct History {
    std::vector<Time> cycles;
    std::size_t stretch = 0;
    void resize(std::size_t pes, std::size_t length) {
      stretch = length;
      if (cycles.size() < pes * length) cycles.resize(pes * length);
    }
    [[nodiscard]] Time* of(std::size_t pe) { return &cycles[pe * stretch]; }
  };

  void begin(const PassWork& work, std::uint64_t passes);
  Time run_pass(Time release, Time psums_written);
  void load_filters(Time release);
  void send_filters(std::uint64_t packet, const PassOutline::FilterRow& row);
  void deliver_column(Time release);
  void multiply(std::size_t pe, std::uint64_t window);
  [[nodiscard]] bool load_unhindered(Time release);
  [[nodiscard]] bool is_coarse() const;
  void accumulate(Time psums_written);
  void accumulate_whole(Time psums_written);
  void add_lowest(std::size_t column, std::uint64_t packet, Time psums_written);
  void climb_whole(std::size_t column);
  [[nodiscard]] Time fetch_psums(std::size_t column, std::uint64_t packet, std::uint64_t words,
                                 Time psums_written);
  void climb(std::size_t column, bool first, Time visible);
  [[nodiscard]] Time climb_one(std::size_t pe, bool first, bool top, Time visible);
  void note_window(std::uint64_t image, std::uint64_t window);
  [[nodiscard]] std::uint64_t unfollowed() const;
  [[nodiscard]] std::uint64_t unfollowed_columns() const;
  [[nodiscard]] std::uint64_t of_port() const;
  void overlap(PassCycles& cycles, Time drained);

  PassPattern pattern_;
  std::uint64_t link_words_;
  std::uint64_t link_interval_;
  std::uint64_t pipeline_;
  std::uint64_t accumulate_latency_;
  std::uint64_t ifmap_spad_;
  std::uint64_t ifmap_fifo_;
  std::uint64_t filter_fifo_;
  std::uint64_t psum_in_fifo_;
  std::uint64_t psum_out_fifo_;
  PsumPorts ports_;
  bool drain_;

  PassWork work_;
  PassOutline outline_;
  std::uint64_t spad_ = 0;  ///< words of the ifmap scratchpad
  Bus filter_;
  Bus ifmap_;
  Bus psum_;
  Bus gon_;
  std::vector<State> states_;
  History usable_;
  History room_;
  History filter_pops_;  ///< first word of each packet
  History added_;        ///< accumulations
  History left_;         ///< psums that leave the psum-out FIFO
  bool coarse_ = false;
  std::uint64_t window_ = 0;  ///< of all passes, while coarse
  std::uint64_t all_windows_ = 0;
  std::vector<Span> taken_;        ///< [columns][windows] by the lowest PE, while coarse
  std::vector<Span> sent_;         ///< [columns][windows] by the GON, while coarse
  std::vector<Span> added_whole_;  ///< [columns] in the PE last looked at
  Time first_out_ = 0;             ///< of the first pass: its first packet on the GON
  std::uint64_t read_before_ = 0;  ///< psum packets read before that
  // Cycles of the GON's last packets: of the pass, of windows and images before.
  Time window_from_ = 0;
  Time image_from_ = 0;
};

}  // namespace rowan::analytical
