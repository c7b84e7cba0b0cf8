// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "workloads/network.h"

namespace rowan::workloads {

/// The layers whose names match one of the comma-separated patterns, as positions in the network,
/// in its order, each once.
///
/// A pattern matches a whole name as a shell's does: `*` any text, `?` any character, `[a-c]` one
/// of them. Throws InputError when a pattern is empty or matches no layer; the message suggests the
/// nearest name and lists all.
[[nodiscard]] std::vector<std::size_t> select_layers(const Network& network,
                                                     const std::string& patterns);

}  // namespace rowan::workloads
