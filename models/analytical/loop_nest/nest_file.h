// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/analytical/loop_nest/nest.h"

namespace rowan::analytical::loop_nest {

/// Reads a loop nest, schema `rowan.loop_nest/1` (docs/loop_nest.md). Throws InputError with file,
/// line, column and key path, also for a nest with a fault (see find_fault()).
[[nodiscard]] Nest load_loop_nest(const std::string& path);
/// Reads a text; `file` is the name in messages. Throws as load_loop_nest() does.
[[nodiscard]] Nest parse_loop_nest(const std::string& text, const std::string& file);
/// The nest as a file with every key, which reads back the same.
[[nodiscard]] std::string dump(const Nest& nest);

}  // namespace rowan::analytical::loop_nest
