// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/spec/accelerator_spec.h"

/// Platforms as YAML files, schema `rowan.platform/1`.
namespace rowan::spec {

/// Reads a platform. Throws InputError with file, line, column and key path when the file cannot be
/// read, a key is unknown, a value is out of range, or values do not fit together.
[[nodiscard]] AcceleratorSpec load_platform(const std::string& path);
/// Reads a text; `file` is the name in messages. Throws as load_platform() does.
[[nodiscard]] AcceleratorSpec parse_platform(const std::string& text, const std::string& file);
/// The platform as a file with every key, which reads back the same.
[[nodiscard]] std::string dump(const AcceleratorSpec& spec);
/// Every key of a platform file with default, range and meaning, as a Markdown table.
[[nodiscard]] std::string platform_reference();

}  // namespace rowan::spec
