// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/schedule.h"
#include "models/rtl/packet_tables.h"
#include "models/spec/accelerator_spec.h"

/// The host port of rowan_machine: docs/rtl.md, sections 2 and 3.
namespace rowan::rtl {

// Widths of fields.
inline constexpr unsigned kIndexBits = 28;      ///< of an address, below the region
inline constexpr unsigned kIdBits = 16;         ///< of a multicast ID in a step table
inline constexpr unsigned kAddressBits = 24;    ///< of a packet in a step table
inline constexpr unsigned kPeRegisterBits = 4;  ///< of an index in region kPes
inline constexpr std::uint64_t kMostPacketWords = 255;

/// Bits 31 to 28 of an address.
enum class Region : std::uint32_t {
  kController = 0,
  kIfmapTile = 1,
  kFilterBlock = 2,
  kPsumTile = 3,
  kSteps = 4,  ///< of network 0; those of the others follow
  kBases = 8,  ///< likewise
  kPes = 12,
};

enum class Network : std::uint32_t { kFilterGin, kIfmapGin, kPsumGin, kGon };

/// What a network counts.
enum class NetworkCounter : std::uint32_t { kPackets = 4, kBlocked = 5 };

[[nodiscard]] constexpr std::uint32_t address_of(Region region, std::uint64_t index) {
  return static_cast<std::uint32_t>(region) << kIndexBits | static_cast<std::uint32_t>(index);
}

/// Reads the cycles from the release to the drain.
[[nodiscard]] constexpr std::uint32_t drain_address() { return address_of(Region::kController, 1); }
[[nodiscard]] constexpr std::uint32_t counter_address(Network network, NetworkCounter counter) {
  return address_of(Region::kController, 16 + 8 * static_cast<std::uint32_t>(network) +
                                             static_cast<std::uint32_t>(counter));
}
/// Reads a PE's cycles: `cause` counts busy, filter_load, ifmap, accumulator_hazard, psum_in,
/// psum_out.
[[nodiscard]] constexpr std::uint32_t pe_cycles_address(std::size_t pe, std::size_t cause) {
  return address_of(Region::kPes, (pe << kPeRegisterBits) + cause);
}
/// A word of row `row` of a psum tile of `banks` banks.
[[nodiscard]] std::uint32_t psum_address(const spec::AcceleratorSpec& spec, std::uint32_t banks,
                                         std::uint32_t row, std::uint32_t lane);

/// A word as the host port carries it: its lowest `bits` (1 to 32).
[[nodiscard]] constexpr std::uint32_t wire_bits(arithmetic::Word word, unsigned bits) {
  return static_cast<std::uint32_t>(word) &
         static_cast<std::uint32_t>((std::uint64_t{1} << bits) - 1);
}

struct HostWrite {
  std::uint32_t address = 0;
  std::uint64_t data = 0;
};

/// A pass, its layer's numbers, and the words it works on.
struct PassContent {
  const dataflow::Pass& pass;
  const dataflow::BufferPlan& buffers;
  unsigned product_shift;
  const std::vector<arithmetic::Word>& ifmap;    ///< its tile
  const std::vector<arithmetic::Word>& filters;  ///< its block, in bus order
  const std::vector<arithmetic::Word>& psums;    ///< [rows][words of a packet] its tile, before it
};

/// Everything that the host writes for a pass; the last write starts it.
///
/// Throws InputError for a shape that the registers cannot describe: windows that are no arithmetic
/// progression, packets whose addresses do not count up.
[[nodiscard]] std::vector<HostWrite> host_writes(const spec::AcceleratorSpec& spec,
                                                 const PassContent& content);

}  // namespace rowan::rtl
