// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/spec/accelerator_spec.h"

namespace rowan::analytical {

/// How long transfers take on the DRAM link, in cycles of the core clock. Each frame of a coded
/// tile has zeros at random.
class DramLink {
 public:
  explicit DramLink(const spec::AcceleratorSpec& accelerator);

  /// From the first burst's issue until so many bytes, in bursts one after the other, have arrived;
  /// 0 for none.
  [[nodiscard]] double cycles(double bytes) const;
  /// The time by which a transfer puts off the ones behind it.
  [[nodiscard]] double occupied(double bytes) const;
  /// The same inside the GLB, a burst after the other.
  [[nodiscard]] double inside(double bytes) const;
  /// What so many bytes take at least, in any bursts; and a burst beside its bytes.
  [[nodiscard]] double moving(double bytes) const { return bytes * per_byte_; }
  [[nodiscard]] double latency() const { return latency_; }
  /// The same where the clocks' edges fall together.
  [[nodiscard]] double least_latency() const { return least_latency_; }

 private:
  double burst_;       ///< bytes
  double burst_rows_;  ///< of the GLB
  double per_byte_;    ///< cycles on the link
  double in_flight_;   ///< bursts
  double latency_;     ///< cycles of a burst beside its bytes
  double least_latency_;
};

/// Bytes of `words` packed words of `word_bits`, padded to 8.
[[nodiscard]] double packed_tile_bytes(std::uint64_t words, unsigned word_bits);
/// Expected bytes of `frames` run-length coded frames of `words` words, of which the share `zeros`
/// is zero.
[[nodiscard]] double coded_tile_bytes(std::uint64_t frames, std::uint64_t words, unsigned word_bits,
                                      double zeros);

}  // namespace rowan::analytical
