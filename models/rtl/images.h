// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/rtl/host_port.h"

/// The files of images/: docs/rtl.md, section 4.
namespace rowan::rtl {

/// A psum word that leaves the array.
struct PsumWord {
  std::uint64_t cycle = 0;  ///< from the release
  std::uint32_t index = 0;  ///< row of the psum tile * words of a psum packet + lane
  std::uint32_t word = 0;   ///< its bits, zeros above
};

/// What the host reads after a pass.
struct HostRead {
  std::uint32_t address = 0;
  std::uint64_t data = 0;
};

[[nodiscard]] std::string configuration_hex(const std::vector<HostWrite>& writes);
[[nodiscard]] std::string psums_hex(const std::vector<PsumWord>& psums);
[[nodiscard]] std::string counters_hex(const std::vector<HostRead>& reads);

}  // namespace rowan::rtl
