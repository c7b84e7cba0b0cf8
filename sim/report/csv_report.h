// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/engine/result.h"

namespace rowan::sim {

/// A text as a cell of a CSV file (RFC 4180): in quotes where it has to be.
[[nodiscard]] std::string csv_cell(const std::string& text);

/// The layers of a result as CSV: a head and a line per layer. The columns are the fields of a
/// layer in result_json() under their dotted paths, without `check.first_mismatch`; those of a
/// check that was left out are empty.
[[nodiscard]] std::string csv_report(const Result& result);

}  // namespace rowan::sim
