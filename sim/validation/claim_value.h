// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "sim/validation/claims_file.h"

namespace rowan::sim {

/// The number at a path such as `layers.CONV1.time_ms.total`: keys with dots between them, an
/// element of a list by its `name`; `*` stands for all elements, whose numbers are added. Throws
/// std::invalid_argument naming the first part of the path that is not there.
[[nodiscard]] double value_at(const nlohmann::ordered_json& document, const std::string& path);

/// Throws as value_at() does, and when it would divide by 0.
[[nodiscard]] double evaluate(const ClaimValue& value, const nlohmann::ordered_json& document);

}  // namespace rowan::sim
