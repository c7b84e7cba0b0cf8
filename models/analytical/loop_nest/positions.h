// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace rowan::analytical::loop_nest {

/// Whole numbers, held as runs of neighbours: where the words of a tile stand along one axis.
class Positions {
 public:
  /// 0 alone.
  Positions() : runs_{{0, 1}} {}

  [[nodiscard]] std::uint64_t size() const;
  /// Largest less smallest, plus 1; 0 of none.
  [[nodiscard]] std::uint64_t span() const;

  /// Adds copies of all of them, `step`, 2 `step`, ... (`count` - 1) `step` further on; both are at
  /// least 1.
  void spread(std::uint64_t count, std::uint64_t step);

  /// Those that are not also in this set moved by `shift`.
  [[nodiscard]] Positions without_shifted(std::int64_t shift) const;

 private:
  struct Run {
    std::int64_t begin;
    std::int64_t end;  ///< one past the last
  };

  void add_shifted(std::int64_t shift);

  std::vector<Run> runs_;  ///< ascending, with gaps between them
};

}  // namespace rowan::analytical::loop_nest
