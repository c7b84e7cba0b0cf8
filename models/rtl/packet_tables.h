// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/dataflow/pass.h"

namespace rowan::rtl {

/// A list of bases as a table that is gone through `repeats` times, each time `stride` higher.
struct BaseTable {
  std::vector<std::uint32_t> bases;
  std::uint32_t repeats = 1;
  std::uint32_t stride = 0;
};

/// The shortest table that stands for the list; one of no bases for an empty list.
[[nodiscard]] BaseTable base_table(const std::vector<std::uint32_t>& bases);

/// Entries of the packet tables of a machine.
struct TableSizes {
  std::uint64_t filter_steps = 1024;
  std::uint64_t filter_bases = 1;
  std::uint64_t ifmap_steps = 1024;
  std::uint64_t ifmap_bases = 1024;
  std::uint64_t psum_gin_steps = 1024;
  std::uint64_t psum_gin_bases = 1;
  std::uint64_t gon_steps = 1024;
  std::uint64_t gon_bases = 1;

  [[nodiscard]] bool operator==(const TableSizes& other) const;
};

/// `sizes`, each doubled until a pass of this shape fits.
[[nodiscard]] TableSizes fitted(TableSizes sizes, const dataflow::PassShape& shape);

}  // namespace rowan::rtl
