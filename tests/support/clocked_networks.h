// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

#include "models/base/activity.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/clocked_buffer.h"
#include "tests/support/clocked_controller.h"
#include "tests/support/clocked_pe.h"

namespace rowan::support {

/// Where a network stands: the next packet of the passes' packet streams, pass after pass.
class PacketCursor {
 public:
  PacketCursor(const ClockedController& controller,
               dataflow::PacketStream dataflow::PassShape::*stream);

  [[nodiscard]] bool at_end() const { return pass_ == controller_.pass_count(); }
  [[nodiscard]] std::size_t pass() const { return pass_; }
  [[nodiscard]] std::size_t step() const { return step_; }
  [[nodiscard]] std::uint32_t words() const { return stream().step[step_].words; }
  /// Base and packet address together.
  [[nodiscard]] std::uint64_t address() const {
    return std::uint64_t{stream().bases[base_]} + stream().step[step_].address;
  }
  /// Moves to the next packet; true when that was the last one of its pass.
  bool advance();

 private:
  [[nodiscard]] const dataflow::PacketStream& stream() const {
    return controller_.shape(pass_).*stream_;
  }
  void skip_silent_passes();

  const ClockedController& controller_;
  dataflow::PacketStream dataflow::PassShape::*stream_;
  std::size_t pass_ = 0;
  std::size_t base_ = 0;
  std::size_t step_ = 0;
};

/// The networks between the global buffer and the array, and those within the array.
class ClockedNetworks {
 public:
  ClockedNetworks(const spec::AcceleratorSpec& spec, const LayerArithmetic& arithmetic,
                  std::uint32_t psum_banks, ClockedController& controller, ClockedBuffer& buffer,
                  std::vector<ClockedPe>& pes);

  void evaluate(std::uint64_t now, ActivityCounts& counts);
  /// Nothing is left to send or under way.
  [[nodiscard]] bool empty() const;

 private:
  /// A bus: its place in the packets and when it may issue again.
  struct Bus {
    PacketCursor next;
    std::uint64_t interval;
    std::uint64_t free_from = 0;

    /// Cycle in which the last part of a word leaves that is issued in `now`.
    [[nodiscard]] std::uint64_t last_part(std::uint64_t now) const { return now + interval - 1; }
  };
  /// A row on its way from the GON to its bank.
  struct Write {
    std::uint64_t cycle = 0;
    std::uint64_t tile = 0;
    std::uint64_t row = 0;
    std::vector<arithmetic::Word> words;
  };
  struct Link {
    std::uint64_t free_from = 0;
  };

  void filter_gin(std::uint64_t now, ActivityCounts& counts);
  void ifmap_gin(std::uint64_t now, ActivityCounts& counts);
  void psum_buses(std::uint64_t now, ActivityCounts& counts);
  void issue_psum_gin(std::uint64_t now, ActivityCounts& counts);
  void issue_gon(std::uint64_t now, ActivityCounts& counts);
  void local_network(std::uint64_t now, ActivityCounts& counts);
  void write_psums(std::uint64_t now);

  [[nodiscard]] bool may_send(const Bus& bus, std::uint64_t now) const;
  [[nodiscard]] bool all_have_room(const std::vector<std::size_t>& pes,
                                   ClockedFifo ClockedPe::*fifo, std::uint64_t words) const;
  /// PE pitches of wire that a word takes to (or from) these PEs.
  [[nodiscard]] std::uint64_t wire(const std::vector<std::size_t>& pes) const;
  [[nodiscard]] bool psum_rows_written(std::uint64_t now) const;
  [[nodiscard]] std::uint64_t psum_row(const Bus& bus) const;
  [[nodiscard]] std::uint64_t bank(std::uint64_t row) const;

  const spec::AcceleratorSpec& spec_;
  unsigned psum_banks_;
  ClockedController& controller_;
  ClockedBuffer& buffer_;
  std::vector<ClockedPe>& pes_;
  std::uint64_t link_words_;
  std::uint64_t link_interval_;
  Bus filter_gin_;
  Bus ifmap_gin_;
  Bus psum_gin_;
  Bus gon_;
  std::vector<Link> links_;  ///< [PEs], the link out of the PE
  std::deque<Write> writes_;
};

}  // namespace rowan::support
