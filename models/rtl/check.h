// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "models/spec/accelerator_spec.h"
#include "models/spec/check.h"

namespace rowan::rtl {

/// What of an accelerator does not fit the fields of the RTL's host port (docs/rtl.md, section 2);
/// empty when it can be written as Verilog. `spec` has no conflicts by itself.
[[nodiscard]] std::vector<spec::Conflict> check(const spec::AcceleratorSpec& spec);

/// Throws InputError with all of that.
void require_supported(const spec::AcceleratorSpec& spec);

}  // namespace rowan::rtl
