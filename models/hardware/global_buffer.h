// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include <systemc>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/schedule.h"
#include "models/hardware/block.h"
#include "models/hardware/psum_banks.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// The filter banks: a ring of words that the DMA fills and the filter GIN empties, each in order.
///
/// A word's slot can be filled from the cycle after the GIN has read it. Reads carry cycles that
/// may lie ahead of the DMA's time; slots are handed out by these cycles.
class FilterRing {
 public:
  explicit FilterRing(std::uint64_t capacity) : words_(capacity) {}

  void start_layer();
  [[nodiscard]] std::uint64_t capacity() const { return words_.size(); }

  /// Words taken in a cycle.
  struct Read {
    std::uint64_t words = 0;
    Stamp cycle = 0;
  };

  /// GIN: takes `count` words in cycle `now`.
  void read(arithmetic::Word* to, std::uint32_t count, Stamp now);
  /// Puts a copy of all reads to come into `reads`, or ends that (null).
  void record(std::vector<Read>* reads) { recorded_ = reads; }
  /// The next `count` words, which stay.
  void peek(std::uint64_t count, std::vector<arithmetic::Word>& to) const;
  /// Takes words in these cycles, counted from `base`.
  void replay(const std::vector<Read>& reads, Stamp base);

  /// DMA: first cycle in which `count` more words have room, or nullopt while the reads that make
  /// it are not known.
  [[nodiscard]] std::optional<Stamp> room_from(std::uint64_t count);
  /// DMA: appends a word.
  void write(arithmetic::Word word) { words_[written_++ % words_.size()] = word; }

  [[nodiscard]] std::uint64_t words_read() const { return read_; }
  [[nodiscard]] std::uint64_t words_written() const { return written_; }

 private:
  std::vector<arithmetic::Word> words_;
  std::uint64_t read_ = 0;
  std::uint64_t written_ = 0;
  std::deque<Read> reads_;  ///< with all words up to and with each
  std::vector<Read>* recorded_ = nullptr;
};

/// The banks of the global buffer: ifmap tiles, psum tiles, filter ring, what a layer's plan gives
/// to each; and fmaps that stay there between two layers.
///
/// Bus-wide rows of psums, words of ifmaps, bytes of resident fmaps. Accesses are immediate; the
/// networks and the DMA keep the times. Out-of-range accesses throw HardwareError.
class GlobalBuffer final : public sc_core::sc_module {
 public:
  GlobalBuffer(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec);

  /// Gives the banks to ifmaps and psums; buffers per tile: 1 or 2.
  void start_layer(const dataflow::BufferPlan& plan);

  [[nodiscard]] unsigned tiles() const { return tiles_; }
  /// First word (ifmap) or row (psum) of the buffer that tile `number` uses.
  [[nodiscard]] std::uint32_t ifmap_base(std::uint64_t number) const;
  [[nodiscard]] std::uint32_t psum_base(std::uint64_t number) const;

  [[nodiscard]] arithmetic::Word& ifmap(std::uint32_t word);
  /// Words of a psum row, as many as a packet holds.
  [[nodiscard]] arithmetic::Word* psum_row(std::uint32_t row);
  [[nodiscard]] std::size_t psum_row_words() const { return row_words_; }
  /// A copy of the psum tile that starts at row `base`.
  [[nodiscard]] std::vector<arithmetic::Word> psum_tile(std::uint32_t base) const;
  /// Tiles of resident fmaps, as they would stand in DRAM, from address 0: the host puts them there
  /// before a layer and takes them after it, in place of the address generators of the two layers.
  [[nodiscard]] std::vector<std::uint8_t>& resident() { return resident_; }
  /// DMA: bytes of a resident tile.
  void read_resident(std::uint64_t address, std::uint8_t* to, std::uint64_t count) const;
  void write_resident(std::uint64_t address, const std::uint8_t* from, std::uint64_t count);
  [[nodiscard]] FilterRing& filters() { return filters_; }
  [[nodiscard]] PsumBanks& psum_banks() { return psum_banks_; }

 private:
  [[noreturn]] void out_of_range(const char* what, std::uint64_t address) const;
  void check_resident(std::uint64_t address, std::uint64_t count) const;

  unsigned tiles_;
  std::uint64_t row_words_;
  dataflow::BufferPlan plan_;
  std::vector<arithmetic::Word> ifmap_;
  std::vector<arithmetic::Word> psum_;
  std::vector<std::uint8_t> resident_;
  FilterRing filters_;
  PsumBanks psum_banks_;
};

}  // namespace rowan::hardware
