// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "models/analytical/fmap_assumptions.h"
#include "models/dataflow/row_stationary/mapping.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/layer.h"

namespace rowan::analytical {

/// What tiles and filter blocks move over the link to DRAM, and inside the GLB where an fmap is
/// resident.
struct TileTraffic {
  std::uint64_t ifmap_bytes = 0;  ///< of DRAM
  std::uint64_t filter_bytes = 0;
  std::uint64_t ofmap_bytes = 0;
  std::uint64_t bursts = 0;
  std::uint64_t decoded = 0;  ///< code words
  std::uint64_t encoded = 0;
  std::uint64_t resident_reads = 0;  ///< words
  std::uint64_t resident_writes = 0;
};

/// Bytes and bursts of the filter blocks of all passes. `mapping` is clipped.
[[nodiscard]] TileTraffic filter_traffic(const dataflow::row_stationary::Mapping& mapping,
                                         const workloads::ConvolutionShape& shape, unsigned batch,
                                         const spec::AcceleratorSpec& accelerator);

/// Adds up what is expected of tiles with zeros at random places.
class ExpectedTraffic {
 public:
  ExpectedTraffic(const spec::AcceleratorSpec& accelerator, const FmapAssumptions& fmaps);

  /// `tiles` times a tile of so many words, in so many bytes if it is not resident.
  void add_ifmap(std::uint64_t tiles, std::uint64_t words, double bytes);
  void add_ofmap(std::uint64_t tiles, std::uint64_t words, double bytes);
  void add_filters(std::uint64_t blocks, double bytes);

  [[nodiscard]] TileTraffic sum() const;

 private:
  /// Of one fmap.
  struct Stream {
    bool resident = false;
    bool coded = false;
    bool certain = true;  ///< bytes are no expectation
    double bytes = 0;
    std::uint64_t words = 0;
  };
  void add(Stream& stream, std::uint64_t tiles, std::uint64_t words, double bytes);

  double burst_;  ///< bytes
  Stream ifmap_;
  Stream ofmap_;
  double filter_bytes_ = 0;
  double bursts_ = 0;
};

}  // namespace rowan::analytical
