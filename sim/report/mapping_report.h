// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/mapper/search.h"
#include "sim/engine/request.h"
#include "sim/report/text_table.h"

namespace rowan::sim {

/// The mappings of a request's layers as a mapping file, which reads back the same.
[[nodiscard]] std::string mapping_yaml(const Request& request);

/// A column for each letter of a mapping, and a row's cells for them.
void add_letter_columns(TextTable& table);
void add_letters(std::vector<std::string>& row, const dataflow::row_stationary::Mapping& mapping);

/// What the mapper found for each layer of a request, in order: letters, estimated cycles, and what
/// they are made of.
[[nodiscard]] std::string search_table(const Request& request, const std::string& objective,
                                       const std::vector<mapper::SearchResult>& found);

}  // namespace rowan::sim
