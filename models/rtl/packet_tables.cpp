// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/packet_tables.h"

#include <tuple>

namespace rowan::rtl {
namespace {

/// Whether the list is its first `period` bases, again and again, each time `stride` higher.
bool repeats(const std::vector<std::uint32_t>& bases, std::size_t period, std::uint32_t stride) {
  for (std::size_t i = period; i < bases.size(); ++i) {
    if (bases[i] != bases[i - period] + stride) return false;
  }
  return true;
}

void double_to(std::uint64_t& size, std::uint64_t needed) {
  while (size < needed) size *= 2;
}

}  // namespace

BaseTable base_table(const std::vector<std::uint32_t>& bases) {
  for (std::size_t period = 1; period < bases.size(); ++period) {
    const std::uint32_t stride = bases[period] - bases[0];
    if (bases.size() % period != 0 || bases[period] < bases[0]) continue;
    if (!repeats(bases, period, stride)) continue;
    return {{bases.begin(), bases.begin() + static_cast<std::ptrdiff_t>(period)},
            static_cast<std::uint32_t>(bases.size() / period),
            stride};
  }
  return {bases, 1, 0};
}

bool TableSizes::operator==(const TableSizes& other) const {
  const auto fields = [](const TableSizes& sizes) {
    return std::tie(sizes.filter_steps, sizes.filter_bases, sizes.ifmap_steps, sizes.ifmap_bases,
                    sizes.psum_gin_steps, sizes.psum_gin_bases, sizes.gon_steps, sizes.gon_bases);
  };
  return fields(*this) == fields(other);
}

TableSizes fitted(TableSizes sizes, const dataflow::PassShape& shape) {
  double_to(sizes.filter_steps, shape.filter.step.size());
  double_to(sizes.filter_bases, base_table(shape.filter.bases).bases.size());
  double_to(sizes.ifmap_steps, shape.ifmap.step.size());
  double_to(sizes.ifmap_bases, base_table(shape.ifmap.bases).bases.size());
  double_to(sizes.psum_gin_steps, shape.psum_in.step.size());
  double_to(sizes.psum_gin_bases, base_table(shape.psum_in.bases).bases.size());
  double_to(sizes.gon_steps, shape.psum_out.step.size());
  double_to(sizes.gon_bases, base_table(shape.psum_out.bases).bases.size());
  return sizes;
}

}  // namespace rowan::rtl
