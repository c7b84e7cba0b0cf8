// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>

#include "models/base/activity.h"
#include "models/hardware/global_buffer.h"
#include "models/hardware/layer_clock.h"
#include "models/hardware/layer_job.h"
#include "models/hardware/post_processing.h"
#include "models/hardware/rlc_codec.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// Moves tiles and filters between DRAM and the GLB: prefetches filters into the ring, loads ifmap
/// tiles into free buffers, post-processes, codes and stores finished psum tiles. A part of the
/// GLB: its initiator socket is the accelerator's only way to tensors in DRAM. Tiles of resident
/// fmaps move inside the GLB, over a path that carries one burst at a time.
///
/// At most one burst is issued per cycle: filters first, then ifmaps, then ofmaps. It walks the
/// schedule by itself; the controller tells when a tile is done with and asks what is ready.
/// Errors: HardwareError through failure() when DRAM answers with an error. Timing: docs/machine.md
/// sections 4 and 11.
class Dma final : public sc_core::sc_module {
 public:
  Dma(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec, GlobalBuffer& buffer,
      LayerClock& clock);

  tlm_utils::simple_initiator_socket<Dma> socket;

  /// Cycle 0 of a layer; nothing is issued before cycle `from`.
  void start_layer(const LayerJob& job, Stamp from);
  /// Stops, after a failure elsewhere; a target that waits may still hold it in a burst.
  void stop();
  /// In the middle of a step: a layer must not start.
  [[nodiscard]] bool moving() const { return moving_; }
  /// Cycle in which the last burst of the layer arrives.
  [[nodiscard]] Stamp last_arrival() const { return last_arrival_; }

  /// First cycle in which the array may use them, or nullopt while that is not known.
  [[nodiscard]] std::optional<Stamp> ifmap_ready(std::uint64_t tile) const;
  [[nodiscard]] std::optional<Stamp> filters_ready(std::uint64_t pass) const;
  /// First cycle in which the psum tile has a buffer.
  [[nodiscard]] std::optional<Stamp> psum_buffer_free(std::uint64_t tile) const;

  /// The last pass that reads the ifmap tile drained in this cycle (which may lie ahead).
  void release_ifmap(std::uint64_t tile, Stamp drained);
  /// The last pass on the psum tile drained in this cycle.
  void store(dataflow::StoreTile tile, Stamp drained);
  /// The filter GIN has read on.
  void filters_were_read() { look_again_.notify(sc_core::SC_ZERO_TIME); }

  [[nodiscard]] std::uint64_t stores_ended() const { return psum_free_.size(); }
  [[nodiscard]] Stamp last_store_end() const { return last_store_end_; }
  /// Something became ready or ended.
  [[nodiscard]] const sc_core::sc_event& progress() const { return progress_; }
  /// What went wrong; empty while nothing did.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  [[nodiscard]] std::string waiting_for() const;
  void add_counts(ActivityCounts& counts) const;

 private:
  enum class Stream { kFilter, kIfmap, kOfmap };
  /// A filter block, ifmap tile or ofmap tile on its way.
  struct Transfer {
    std::uint64_t number = 0;
    dataflow::FmapPlace place = dataflow::FmapPlace::kDram;
    std::uint64_t address = 0;
    std::uint64_t issued = 0;          ///< bytes
    std::vector<std::uint8_t> bytes;   ///< its content (filled as it comes in, or to go out)
    Stamp from = 0;                    ///< nothing is issued before
    dataflow::LoadTile tile;           ///< of an ifmap tile
    std::uint32_t filter_words = 0;    ///< of a filter block
    std::vector<std::uint64_t> words;  ///< of an ofmap tile: up to the end of each 8 bytes
  };
  struct InFlight {
    Stamp arrival = 0;
    Stream stream = Stream::kFilter;
    std::uint64_t number = 0;
    bool last = false;  ///< of its transfer
  };
  void run();
  /// Does what can be done now; returns the cycle in which to look again, if one is known.
  std::optional<Stamp> step();
  std::optional<Stamp> serve_ideal_link();
  void complete(const InFlight& burst, Stamp ready, Stamp ended);
  void take_arrivals(Stamp now);
  /// Fills `transfer` of the stream with its next block, if there is one to do.
  void open_next(Stream stream);
  void open_filters();
  void open_ifmap();
  void open_ofmap();
  /// First cycle in which the open transfer's next burst can go; nullopt while that is not known or
  /// none is open.
  [[nodiscard]] std::optional<Stamp> eligible(Stream stream);
  [[nodiscard]] std::uint64_t burst_bytes(const Transfer& transfer) const;
  /// Whole words of a filter block in its first `bytes`.
  [[nodiscard]] std::uint64_t filter_words_before(const Transfer& transfer,
                                                  std::uint64_t bytes) const;
  [[nodiscard]] std::uint64_t filter_words_of_burst(const Transfer& transfer) const;
  /// Whether the way to the transfer's place takes a burst now.
  [[nodiscard]] bool path_free(const Transfer& transfer) const;
  void issue(Stream stream);
  void move(Stream stream, Transfer& transfer, std::uint64_t length, sc_core::sc_time& delay);
  void transport(Stream stream, Transfer& transfer, std::uint64_t length, sc_core::sc_time& delay);
  void move_resident(Stream stream, Transfer& transfer, std::uint64_t length);
  void receive_filters(const Transfer& transfer, std::uint64_t words);
  [[nodiscard]] std::optional<Transfer>& open(Stream stream) {
    return open_[static_cast<std::size_t>(stream)];
  }

  const spec::AcceleratorSpec spec_;
  GlobalBuffer& buffer_;
  LayerClock& clock_;
  unsigned weight_bits_;
  PostProcessingUnit post_processing_;
  RlcCodec rlc_;

  sc_core::sc_event start_;
  sc_core::sc_event look_again_;
  sc_core::sc_event progress_;

  bool running_ = false;
  bool moving_ = false;
  Link link_ = Link::kReal;
  Stamp from_ = 0;
  std::unique_ptr<dataflow::Schedule> filter_reader_;
  std::unique_ptr<dataflow::Schedule> ifmap_reader_;
  std::optional<Transfer> open_[3];
  std::deque<std::pair<dataflow::StoreTile, Stamp>>
      stores_;                                     ///< to do, with the cycle of the drain
  std::deque<InFlight> in_flight_;                 ///< over the link
  std::optional<InFlight> on_resident_;            ///< on the path to the resident banks
  std::vector<Stamp> ifmap_released_;              ///< per tile: the drain of its last pass
  std::vector<std::optional<Stamp>> ifmap_ready_;  ///< per tile
  std::vector<Stamp> filters_ready_;               ///< per pass
  std::vector<Stamp> psum_free_;  ///< per stored tile: first cycle in which its buffer is free
  Stamp last_store_end_ = 0;
  Stamp last_arrival_ = 0;
  Stamp next_issue_ = 0;            ///< at most one burst per cycle
  tlm::tlm_generic_payload burst_;  ///< of the burst being issued
  ActivityCounts counts_;
  std::string failure_;
};

}  // namespace rowan::hardware
