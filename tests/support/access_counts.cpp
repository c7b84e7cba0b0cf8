// SPDX-License-Identifier: Apache-2.0
#include "tests/support/access_counts.h"

namespace rowan::support {

bool is_time(const CounterInfo& info) {
  const std::string action = info.action;
  return action == "blocked" || action == "bank_conflict";
}

ActivityCounts ungated(ActivityCounts counts) {
  const std::uint64_t gated = counts[Counter::kMacGated];
  for (const Counter counter : {Counter::kMacCompute, Counter::kFilterSpadRead,
                                Counter::kPsumSpadRead, Counter::kPsumSpadWrite}) {
    counts.add(counter, gated);
  }
  counts.set(Counter::kMacGated, 0);
  return counts;
}

std::string access_differences(const ActivityCounts& found, const ActivityCounts& expected,
                               const std::function<bool(Counter)>& left_out) {
  std::string lines;
  for (const CounterInfo& info : counter_table()) {
    if (is_time(info) || left_out(info.counter)) continue;
    if (found[info.counter] == expected[info.counter]) continue;
    lines += std::string(info.component) + "." + info.action + ": " +
             std::to_string(found[info.counter]) + ", not " +
             std::to_string(expected[info.counter]) + "\n";
  }
  return lines;
}

}  // namespace rowan::support
