// SPDX-License-Identifier: Apache-2.0
#include "models/base/suggest.h"

#include <algorithm>
#include <numeric>

namespace rowan {
namespace {

/// Longer names are no slips of the keyboard; comparing them would only cost time.
constexpr std::size_t kLongestName = 64;

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

/// Whether the names are equal up to the unit that follows the last underscore of the candidate.
bool differ_in_unit(const std::string& name, const std::string& candidate) {
  const std::size_t unit = candidate.rfind('_');
  if (unit == std::string::npos || unit == 0) return false;
  const std::string stem = candidate.substr(0, unit);
  return name == stem || name.substr(0, name.rfind('_')) == stem;
}

}  // namespace

std::size_t edit_distance(const std::string& a, const std::string& b) {
  // Rows i-2, i-1 and i of the table of distances between the first i letters of a and the first j
  // of b.
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::string suggest(const std::string& name, const std::vector<std::string>& candidates) {
  if (name.size() > kLongestName) return {};
  const std::string wanted = lower_case(name);
  if (wanted.empty()) return {};
  // A name of which no letter is right is no slip.
  std::size_t smallest =
      std::min(std::max<std::size_t>(1, wanted.size() / 3), wanted.size() - 1) + 1;
  std::string best;
  for (const std::string& candidate : candidates) {
    const std::size_t distance = edit_distance(wanted, lower_case(candidate));
    if (distance < smallest) {
      smallest = distance;
      best = candidate;
    }
  }
  if (!best.empty()) return best;
  const auto unit = std::find_if(candidates.begin(), candidates.end(), [&](const auto& candidate) {
    return differ_in_unit(wanted, lower_case(candidate));
  });
  return unit == candidates.end() ? std::string() : *unit;
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& candidates) {
  const std::string nearest = suggest(name, candidates);
  return nearest.empty() ? std::string() : " (did you mean '" + nearest + "'?)";
}

}  // namespace rowan
