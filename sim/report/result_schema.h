// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace rowan::sim {

/// A field of a result.
struct ResultField {
  const char* path;  ///< below the result, or below a layer, such as `cycles.total`
  const char* type;  ///< whole, number, text; with "or null" where it can be missing
  const char* meaning;
};

/// Fields of the whole result: everything but `layers`, `total` and `request`.
[[nodiscard]] const std::vector<ResultField>& result_fields();
/// Fields of an element of `layers`, but for those below `stalls` and `counts`, which have tables
/// of their own.
[[nodiscard]] const std::vector<ResultField>& layer_fields();
/// Fields of a layer that `total` lacks: they do not add up.
[[nodiscard]] const std::vector<std::string>& fields_without_total();

/// The description of schema `rowan.result/1` as a page of Markdown.
[[nodiscard]] std::string result_schema_page();

}  // namespace rowan::sim
