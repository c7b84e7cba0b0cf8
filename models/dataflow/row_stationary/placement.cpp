// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/placement.h"

#include <algorithm>

#include "models/base/units.h"

namespace rowan::dataflow::row_stationary {
namespace {
unsigned ceil_of(unsigned a, unsigned b) { return static_cast<unsigned>(ceil_div(a, b)); }
}  // namespace

Placement::Placement(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                     unsigned array_columns)
    : mapping_(mapping),
      stride_(shape.stride),
      dilation_(shape.dilation),
      array_columns_(array_columns),
      segments_(ceil_of(mapping.e, array_columns)),
      chains_per_shelf_(std::max(1U, array_columns / mapping.e)),
      groups_per_shelf_(std::max(1U, chains_per_shelf_ / mapping.t)),
      shelves_per_group_(ceil_of(mapping.t, chains_per_shelf_)),
      // Rows of a set are i * D + j * U, so modulo U only as many as i * D has can occur.
      ifmap_rows_(std::min(stride_, (mapping.filter_rows - 1) * dilation_ + 1)),
      ifmap_columns_(((mapping.filter_rows - 1) * dilation_ + (mapping.e - 1) * stride_) / stride_ +
                     1) {}

unsigned Placement::shelf(Chain chain) const {
  return (chain.group / groups_per_shelf_) * shelves_per_group_ +
         chain.filter_set / chains_per_shelf_;
}

unsigned Placement::slot(Chain chain) const {
  return (chain.group % groups_per_shelf_) * mapping_.t + chain.filter_set % chains_per_shelf_;
}

Placement::Position Placement::pe(Chain chain, unsigned set, unsigned filter_row,
                                  unsigned filter_rows, unsigned ofmap_row) const {
  const unsigned shelf_rows = mapping_.r * mapping_.filter_rows;
  const unsigned segment = ofmap_row / array_columns_;
  const unsigned bottom = (shelf(chain) * segments_ + segment + 1) * shelf_rows - 1;
  return {bottom - set * filter_rows - (filter_rows - 1 - filter_row),
          slot(chain) * mapping_.e + ofmap_row % array_columns_};
}

Placement::Id Placement::ifmap_id(unsigned group, unsigned set, unsigned ifmap_row) const {
  return {(group / groups_per_shelf_ * mapping_.r + set) * ifmap_rows_ + ifmap_row % stride_,
          group % groups_per_shelf_ * ifmap_columns_ + ifmap_row / stride_};
}

Placement::Id Placement::filter_id(Chain chain, unsigned set, unsigned filter_row) const {
  return {(shelf(chain) * mapping_.r + set) * mapping_.filter_rows + filter_row, slot(chain)};
}

std::uint64_t Placement::rows_needed() const {
  const std::uint64_t shelves =
      ceil_div(mapping_.g, groups_per_shelf_) * shelves_per_group_ * segments_;
  return shelves * mapping_.r * mapping_.filter_rows;
}

Placement::Id Placement::largest_ifmap_id() const {
  const unsigned group_slots = ceil_of(mapping_.g, groups_per_shelf_);
  const unsigned groups_on_a_shelf = std::min(mapping_.g, groups_per_shelf_);
  return {group_slots * mapping_.r * ifmap_rows_ - 1, groups_on_a_shelf * ifmap_columns_ - 1};
}

Placement::Id Placement::largest_filter_id() const {
  const unsigned shelves = ceil_of(mapping_.g, groups_per_shelf_) * shelves_per_group_;
  const unsigned slots =
      std::min(mapping_.g, groups_per_shelf_) * std::min(mapping_.t, chains_per_shelf_);
  return {shelves * mapping_.r * mapping_.filter_rows - 1, slots - 1};
}

}  // namespace rowan::dataflow::row_stationary
