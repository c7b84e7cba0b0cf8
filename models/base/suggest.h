// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace rowan {

/// Insertions, deletions, substitutions and swaps of neighbours that turn one text into the other.
[[nodiscard]] std::size_t edit_distance(const std::string& a, const std::string& b);

/// What a user who wrote `name` most likely meant: the candidate within a third of its letters in
/// edit distance (the first of equals), else one that differs only in its unit (`depth` or
/// `depth_bytes` for `depth_words`); empty when there is none.
[[nodiscard]] std::string suggest(const std::string& name,
                                  const std::vector<std::string>& candidates);

/// ` (did you mean 'banks'?)`, or nothing: the end of an error message.
[[nodiscard]] std::string did_you_mean(const std::string& name,
                                       const std::vector<std::string>& candidates);

}  // namespace rowan
