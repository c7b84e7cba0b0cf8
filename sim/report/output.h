// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rowan::sim {

/// Writes a text to standard output. Throws InputError when that takes it only in part, or not.
void print(const std::string& text);

}  // namespace rowan::sim
