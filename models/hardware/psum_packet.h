// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>

#include "models/hardware/block.h"

namespace rowan::hardware {

/// Psums that leave the array together.
struct PsumPacket {
  Stamp cycle = 0;              ///< in which the GON issues
  std::uint32_t row = 0;        ///< of the psum tile
  const Word* words = nullptr;  ///< [count]
  std::uint32_t count = 0;
};

using PsumObserver = std::function<void(const PsumPacket&)>;

}  // namespace rowan::hardware
