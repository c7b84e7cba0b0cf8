// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace rowan::sim {

/// Writes a text to standard output. Throws InputError when that takes it only in part, or not.
void print(const std::string& text);

/// Writes a file, replacing one of that name, or leaves everything as it was. Throws InputError
/// when that fails, or when there is something that is no file.
void write_file(const std::string& path, const std::string& text);

}  // namespace rowan::sim
