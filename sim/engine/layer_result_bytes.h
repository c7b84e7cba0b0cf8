// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/engine/result.h"

namespace rowan::sim {

/// What a layer's simulation found, as bytes for another process of the same program: everything
/// but the name and the request.
[[nodiscard]] std::string to_bytes(const LayerResult& result);
/// Fills `result` with what to_bytes() wrote. Throws std::invalid_argument when `bytes` are no such
/// bytes.
void from_bytes(const std::string& bytes, LayerResult& result);

}  // namespace rowan::sim
