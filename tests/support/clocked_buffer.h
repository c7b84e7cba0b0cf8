// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/base/error.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::support {

/// The filter banks as one ring of words. A burst takes its slots when it is issued; a slot of a
/// word that is taken in cycle c is free from c + 1.
class ClockedFilterRing {
 public:
  explicit ClockedFilterRing(std::uint64_t capacity) : capacity_(capacity) {}

  [[nodiscard]] bool has_room(std::uint64_t words) const { return used_ + words <= capacity_; }
  void reserve(std::uint64_t words) { used_ += words; }
  void fill(arithmetic::Word word) { words_.push_back(word); }
  [[nodiscard]] arithmetic::Word take() {
    if (words_.empty()) throw HardwareError("clocked model: the filter ring is empty");
    const arithmetic::Word word = words_.front();
    words_.pop_front();
    ++taken_;
    return word;
  }
  void commit() {
    used_ -= taken_;
    taken_ = 0;
  }

 private:
  std::uint64_t capacity_;
  std::deque<arithmetic::Word> words_;
  std::uint64_t used_ = 0;   ///< slots of words that are there or on their way
  std::uint64_t taken_ = 0;  ///< in this cycle
};

/// Words of the global buffer. Tiles are kept by their number; which of them have a buffer is the
/// DMA's business.
struct ClockedBuffer {
  ClockedFilterRing ring;
  std::map<std::uint64_t, std::vector<arithmetic::Word>> ifmap_tiles;
  /// [psum rows][lanes]
  std::map<std::uint64_t, std::vector<arithmetic::Word>> psum_tiles;
  std::uint64_t psum_rows = 0;
  std::uint64_t lanes = 0;

  [[nodiscard]] arithmetic::Word& psum(std::uint64_t tile, std::uint64_t row, std::uint64_t lane) {
    std::vector<arithmetic::Word>& words = psum_tiles[tile];
    if (words.empty()) words.resize(psum_rows * lanes);
    if (row >= psum_rows || lane >= lanes) throw HardwareError("clocked model: no such psum row");
    return words[row * lanes + lane];
  }
};

}  // namespace rowan::support
