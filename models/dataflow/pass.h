// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/dataflow/unit_pass.h"

namespace rowan::dataflow {

/// Address of a multicast: every PE that is programmed with both IDs takes the packet.
struct MulticastId {
  std::uint32_t row = 0;
  std::uint32_t column = 0;
  friend bool operator==(const MulticastId& a, const MulticastId& b) {
    return a.row == b.row && a.column == b.column;
  }
  friend bool operator<(const MulticastId& a, const MulticastId& b) {
    return a.row != b.row ? a.row < b.row : a.column < b.column;
  }
};

/// Programmed into a PE that takes no packets of a network.
inline constexpr MulticastId kNobody{0xffffffff, 0xffffffff};

/// Where a PE's psums come from, and where they go.
enum class PsumSource : std::uint8_t { kNone, kGlobal, kLocal };
enum class PsumSink : std::uint8_t { kLocal, kGlobal };

/// The ifmap words of each window of an image, in terms of the word stream that a PE receives.
struct WindowPlan {
  std::uint32_t windows = 0;          ///< per image
  std::uint32_t words_per_image = 0;  ///< words received per image
  std::uint32_t run =
      0;  ///< consecutive stream words that belong together (the channels of a column)
  std::uint32_t runs_per_window = 0;
  /// [windows][runs_per_window] index in the image's stream of each run's first word
  std::vector<std::uint32_t> run_begin;
  /// [windows] words of the image's stream that are not needed any more after the window
  std::vector<std::uint32_t> released;

  [[nodiscard]] std::uint32_t words_per_window() const { return run * runs_per_window; }
};

/// What one PE does in a pass.
struct PeProgram {
  bool active = false;
  PsumSource source = PsumSource::kNone;
  PsumSink sink = PsumSink::kLocal;
  std::uint32_t psums = 0;  ///< filters interleaved, psums per window
  std::uint32_t images = 0;
  std::shared_ptr<const WindowPlan> windows;
  MulticastId ifmap_id = kNobody;
  MulticastId filter_id = kNobody;
  MulticastId psum_id = kNobody;  ///< of the psum GIN and the GON

  [[nodiscard]] std::uint32_t filter_words() const {
    return active ? psums * windows->words_per_window() : 0;
  }
};

/// One packet of a network: `words` consecutive words from (or to) `address`.
struct Packet {
  MulticastId id;
  std::uint32_t words = 1;
  std::uint32_t address = 0;
};

/// A network's packets in a pass: the packets of `step`, in order, once for each base, their
/// addresses relative to it.
struct PacketStream {
  std::vector<std::uint32_t> bases;
  std::vector<Packet> step;

  [[nodiscard]] std::uint64_t packet_count() const { return bases.size() * step.size(); }
  [[nodiscard]] std::uint32_t highest_base() const {
    return bases.empty() ? 0 : *std::max_element(bases.begin(), bases.end());
  }
  /// Highest address of a network whose packets are a row each; 0 without packets.
  [[nodiscard]] std::uint32_t last_row() const {
    std::uint32_t last = 0;
    for (const Packet& packet : step) last = std::max(last, packet.address);
    return highest_base() + last;
  }
  /// Highest address of a network of words; 0 without packets.
  [[nodiscard]] std::uint32_t last_word() const {
    std::uint32_t end = 1;
    for (const Packet& packet : step) end = std::max(end, packet.address + packet.words);
    return highest_base() + end - 1;
  }
};

/// What the array does in a pass: equal shapes take equal time. Names no dataflow.
///
/// With `unit`, the post-processing unit carries the pass out: no PE is active, the packet streams
/// are empty, the filter words are the operation's parameters.
///
/// Addresses: ifmap packets in words of the ifmap tile; filter packets in words of the pass's
/// filter block, consecutive in bus order; psum packets in rows of the psum tile, relative to
/// Pass::psum_row.
struct PassShape {
  std::vector<PeProgram> pes;  ///< [rows][columns] of the array
  PacketStream filter;
  PacketStream ifmap;
  PacketStream psum_out;
  bool reads_psums =
      false;  ///< psum GIN carries the packets of psum_out, in the same order, to the array
  PacketStream psum_in;  ///< empty unless reads_psums
  std::uint32_t filter_words = 0;
  std::uint64_t macs = 0;
  std::uint32_t active_pes = 0;
  std::shared_ptr<const UnitPass> unit;
};

/// A pass: a shape and where its data are.
struct Pass {
  std::uint64_t number = 0;  ///< in the layer, from 0
  std::shared_ptr<const PassShape> shape;
  std::uint64_t ifmap_tile = 0;      ///< sequence number of the LoadTile it reads
  std::uint64_t psum_tile = 0;       ///< sequence number of the psum tile it works on
  std::uint32_t psum_row = 0;        ///< first row within the psum tile
  std::uint64_t filter_address = 0;  ///< byte address of its filter block in DRAM
};

}  // namespace rowan::dataflow
