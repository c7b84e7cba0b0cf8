// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_nest/positions.h"

#include <algorithm>

namespace rowan::analytical::loop_nest {

std::uint64_t Positions::size() const {
  std::int64_t sum = 0;
  for (const Run& run : runs_) sum += run.end - run.begin;
  return static_cast<std::uint64_t>(sum);
}

std::uint64_t Positions::span() const {
  if (runs_.empty()) return 0;
  return static_cast<std::uint64_t>(runs_.back().end - runs_.front().begin);
}

void Positions::spread(std::uint64_t count, std::uint64_t step) {
  if (runs_.size() == 1 && span() >= step) {
    runs_.front().end += static_cast<std::int64_t>((count - 1) * step);
    return;
  }
  for (std::uint64_t have = 1; have < count;) {
    const std::uint64_t more = std::min(have, count - have);
    add_shifted(static_cast<std::int64_t>(more * step));
    have += more;
  }
}

void Positions::add_shifted(std::int64_t shift) {
  std::vector<Run> merged;
  merged.reserve(2 * runs_.size());
  const auto add = [&merged](Run run) {
    if (!merged.empty() && run.begin <= merged.back().end) {
      merged.back().end = std::max(merged.back().end, run.end);
    } else {
      merged.push_back(run);
    }
  };
  auto stayed = runs_.begin();
  for (Run moved : runs_) {
    moved.begin += shift;
    moved.end += shift;
    for (; stayed != runs_.end() && stayed->begin <= moved.begin; ++stayed) add(*stayed);
    add(moved);
  }
  for (; stayed != runs_.end(); ++stayed) add(*stayed);
  runs_ = std::move(merged);
}

Positions Positions::without_shifted(std::int64_t shift) const {
  Positions left;
  left.runs_.clear();
  auto moved = runs_.begin();
  for (Run run : runs_) {
    while (moved != runs_.end() && moved->end + shift <= run.begin) ++moved;
    for (auto cut = moved; cut != runs_.end() && cut->begin + shift < run.end; ++cut) {
      if (cut->begin + shift > run.begin) left.runs_.push_back({run.begin, cut->begin + shift});
      run.begin = std::max(run.begin, cut->end + shift);
    }
    if (run.begin < run.end) left.runs_.push_back(run);
  }
  return left;
}

}  // namespace rowan::analytical::loop_nest
