// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/validation/validate.h"

namespace rowan::sim {

[[nodiscard]] std::string claims_table(const ClaimsFile& file,
                                       const std::vector<ClaimOutcome>& outcomes);
/// Schema `rowan.validation/1`.
[[nodiscard]] std::string claims_json(const ClaimsFile& file,
                                      const std::vector<ClaimOutcome>& outcomes);
/// docs/validation.md.
[[nodiscard]] std::string claims_page(const ClaimsFile& file,
                                      const std::vector<ClaimOutcome>& outcomes);

/// Claims that held when `page` was written, and do not any more.
[[nodiscard]] std::vector<std::string> lost_claims(const std::string& page,
                                                   const std::vector<ClaimOutcome>& outcomes);

}  // namespace rowan::sim
