// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "models/base/activity.h"
#include "models/base/clock.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/clocked_buffer.h"
#include "tests/support/clocked_controller.h"
#include "tests/support/clocked_pe.h"

namespace rowan::support {

/// Real: with bandwidth and latency. Ideal: a transfer takes no time, but waits for its buffer.
enum class Link : std::uint8_t { kReal, kIdeal };

/// DRAM, its link, the banks of resident fmaps and the path to them, the DMA with its codec and the
/// post-processing unit.
///
/// In a cycle: arrive(), the controller's release with may_release(), then issue(). `memory` and
/// `resident` [bytes] start at address 0.
class ClockedDram {
 public:
  ClockedDram(const spec::AcceleratorSpec& spec, const LayerArithmetic& arithmetic, Link link,
              const ClockedSteps& steps, const ClockedController& controller, ClockedBuffer& buffer,
              std::vector<std::uint8_t>& memory, std::vector<std::uint8_t>& resident);

  /// Bursts whose arrival cycle is `now`, and tiles that need none.
  void arrive(std::uint64_t now, ActivityCounts& counts);
  /// The pass's tile is ready, its filters are in the ring and its psum tile has a buffer.
  [[nodiscard]] bool may_release(std::size_t pass, std::uint64_t now) const;
  /// At most one burst.
  void issue(std::uint64_t now, ActivityCounts& counts);
  /// Every store has ended.
  [[nodiscard]] bool finished() const { return stores_ended_ == steps_.stores.size(); }

  /// With the ideal link: brings all that a pass needs as it is released, and writes all tiles at
  /// the end.
  void bring(std::size_t pass, ActivityCounts& counts);
  void write_all(ActivityCounts& counts);

 private:
  enum class Kind : std::uint8_t { kFilter, kIfmap, kOfmap };
  struct Burst {
    Kind kind = Kind::kFilter;
    std::size_t index = 0;  ///< pass, load or store
    std::uint64_t offset = 0;
    std::uint64_t bytes = 0;
    std::uint64_t arrival = 0;  ///< cycle; of one over the link
  };
  /// A finished tile as it goes to DRAM.
  struct Outgoing {
    std::uint64_t queued = 0;  ///< cycle
    std::vector<std::uint8_t> bytes;
    /// [code words or ofmap words] words of the tile that stand in them and those before
    std::vector<std::uint64_t> words_so_far;
    std::uint64_t bits_per_entry = 0;  ///< of words_so_far
  };

  [[nodiscard]] bool issue_filters(std::uint64_t now, ActivityCounts& counts);
  [[nodiscard]] bool issue_ifmap(std::uint64_t now, ActivityCounts& counts);
  [[nodiscard]] bool issue_ofmap(std::uint64_t now, ActivityCounts& counts);
  [[nodiscard]] bool way_is_free(dataflow::FmapPlace place) const;
  void send(Burst burst, dataflow::FmapPlace place, std::uint64_t now, ActivityCounts& counts);
  void send_over_link(Burst burst, std::uint64_t now, ActivityCounts& counts);
  void land(const Burst& burst, std::uint64_t now, ActivityCounts& counts);
  [[nodiscard]] std::vector<std::uint8_t>& bytes_of(dataflow::FmapPlace place);
  [[nodiscard]] std::uint64_t burst_bytes(std::uint64_t offset, std::uint64_t total) const;

  [[nodiscard]] std::uint64_t filter_block_bytes(std::size_t pass) const;
  [[nodiscard]] std::uint64_t filter_words(std::size_t pass, const Burst& burst) const;
  void fill_ring(std::size_t pass, const Burst& burst, ActivityCounts& counts);
  void unpack_tile(std::size_t load, ActivityCounts& counts);
  void skip_empty_tiles(std::uint64_t now, ActivityCounts& counts);
  void skip_empty_blocks(std::uint64_t now);
  [[nodiscard]] bool ifmap_buffer_free(std::size_t load, std::uint64_t now) const;
  [[nodiscard]] bool psum_buffer_free(std::size_t store, std::uint64_t now) const;
  [[nodiscard]] Outgoing pack_tile(std::size_t store, std::uint64_t queued, ActivityCounts& counts);
  [[nodiscard]] std::vector<arithmetic::Word> plane(std::size_t store, std::size_t index);
  /// The word whose lowest bit is bit `first_bit` of the memory.
  [[nodiscard]] static arithmetic::Word memory_word(const std::vector<std::uint8_t>& memory,
                                                    std::uint64_t first_bit, unsigned bits);

  const spec::AcceleratorSpec& spec_;
  LayerArithmetic arithmetic_;
  ClockedArithmetic post_processing_;
  Link link_;
  const ClockedSteps& steps_;
  const ClockedController& controller_;
  ClockedBuffer& buffer_;
  std::vector<std::uint8_t>& memory_;
  std::vector<std::uint8_t>& resident_;
  Clock core_clock_;
  Clock link_clock_;
  std::uint64_t buffers_;  ///< tiles of a kind that the GLB holds

  std::deque<Burst> in_flight_;
  /// On the path to the resident banks: a row of them a cycle, one burst at a time.
  std::optional<Burst> on_path_;
  std::uint64_t rows_left_ = 0;  ///< of that burst
  std::uint64_t link_free_edge_ =
      0;  ///< end of the last burst on the link, a cycle of the link clock

  std::size_t filter_pass_ = 0;  ///< whose filters are fetched
  std::uint64_t filter_offset_ = 0;
  std::vector<std::uint64_t> filters_ready_;  ///< [passes] cycle

  std::size_t load_ = 0;  ///< that is fetched
  std::uint64_t load_offset_ = 0;
  std::vector<std::uint64_t> tile_ready_;  ///< [loads] cycle

  std::size_t store_ = 0;  ///< that is written
  std::uint64_t store_offset_ = 0;
  std::vector<Outgoing> outgoing_;          ///< stores that have been queued
  std::vector<std::uint64_t> store_ended_;  ///< [stores] cycle
  std::size_t stores_ended_ = 0;
};

}  // namespace rowan::support
