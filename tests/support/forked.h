// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>

namespace rowan::support {

/// Runs `work` in a child process and returns what it returns: SystemC elaborates only once per
/// process. Throws std::runtime_error when the child dies; an exception in the child becomes its
/// what().
[[nodiscard]] std::string run_forked(const std::function<std::string()>& work);

}  // namespace rowan::support
