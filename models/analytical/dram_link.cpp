// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/dram_link.h"

#include <algorithm>
#include <cmath>

#include "models/arithmetic/run_length.h"
#include "models/spec/derived.h"

namespace rowan::analytical {

DramLink::DramLink(const spec::AcceleratorSpec& accelerator) {
  const spec::DramSpec& dram = accelerator.dram;
  const double clocks =
      static_cast<double>(accelerator.clock.value()) / static_cast<double>(dram.link_clock.value());
  burst_ = static_cast<double>(dram.burst.value());
  burst_rows_ = static_cast<double>(
      ceil_div(dram.burst.value() * 8, accelerator.global_buffer.row_width.value()));
  per_byte_ = clocks / static_cast<double>(spec::link_bytes(dram).value());
  in_flight_ = static_cast<double>(dram.outstanding_bursts);
  least_latency_ = static_cast<double>(dram.latency.value()) *
                   static_cast<double>(accelerator.clock.value()) / 1e6;
  // To the next edge of the link's clock, and of the core's: half a cycle each.
  latency_ = least_latency_ + 0.5 * clocks + 0.5;
}

double DramLink::occupied(double bytes) const {
  const double bursts = std::ceil(bytes / burst_);
  const double moving = bytes * per_byte_;
  return std::max({moving, (bursts * latency_ + moving) / in_flight_, bursts});
}

double DramLink::inside(double bytes) const { return std::ceil(bytes / burst_) * burst_rows_; }

double DramLink::cycles(double bytes) const {
  return bytes == 0 ? 0 : std::max(latency_ + bytes * per_byte_, occupied(bytes)) + 1;
}

double packed_tile_bytes(std::uint64_t words, unsigned word_bits) {
  return static_cast<double>(ceil_div(words * word_bits, 64) * 8);
}

double coded_tile_bytes(std::uint64_t frames, std::uint64_t words, unsigned word_bits,
                        double zeros) {
  using namespace arithmetic::run_length;
  if (words == 0) return 0;
  const auto count = static_cast<double>(frames) * 8;
  if (zeros <= 0) return count * static_cast<double>(worst_case_code_words(words, word_bits));
  // A pair ends at a word that is not zero, at the latest at the 32nd zero.
  constexpr std::uint64_t kLongest = 32;
  if (zeros >= 1) {
    return count *
           static_cast<double>(ceil_div(ceil_div(words, kLongest), pairs_per_code_word(word_bits)));
  }
  const auto in_frame = static_cast<double>(words);
  const double words_per_pair = (1 - std::pow(zeros, static_cast<double>(kLongest))) / (1 - zeros);
  // Zeros at the end take a pair, too; pairs fill their last code word at random.
  const double pairs = in_frame / words_per_pair + zeros * (1 - 1 / words_per_pair);
  const double per_code_word = pairs_per_code_word(word_bits);
  const double code_words =
      std::max(1.0, pairs / per_code_word + (per_code_word - 1) / (2 * per_code_word));
  return count * std::min(code_words, static_cast<double>(worst_case_code_words(words, word_bits)));
}

}  // namespace rowan::analytical
