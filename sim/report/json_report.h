// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "sim/engine/result.h"

namespace rowan::sim {

/// A result as JSON, schema `rowan.result/1` (docs/result_schema.md). The same request gives the
/// same text: no times of day, hosts or paths.
[[nodiscard]] nlohmann::ordered_json result_json(const Result& result);

/// The same as indented text.
[[nodiscard]] std::string json_report(const Result& result);

}  // namespace rowan::sim
