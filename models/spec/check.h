// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/spec/accelerator_spec.h"

namespace rowan::spec {

/// Parameters that do not fit each other.
struct Conflict {
  std::string key;      ///< dotted key of the offending parameter, such as "gon.width_bits"
  std::string message;  ///< the rule and both numbers
};

/// Every conflict between the parameters of an accelerator, each of which is within its range;
/// empty when it can be built.
[[nodiscard]] std::vector<Conflict> check(const AcceleratorSpec& spec);

}  // namespace rowan::spec
