// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/pass_outline.h"

#include <algorithm>

#include "models/base/units.h"

namespace rowan::analytical {
namespace {

/// Windows that are followed: all of them up to kWindows; else so many of an image that the pace
/// has settled.
constexpr std::uint64_t kWindows = 12;
constexpr std::uint64_t kWindowsOfImage = 6;

void sort_out(std::vector<std::uint32_t>& values) {
  std::sort(values.begin(), values.end());
  values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::uint32_t before(const std::vector<std::uint32_t>& values, std::uint32_t value) {
  return static_cast<std::uint32_t>(std::lower_bound(values.begin(), values.end(), value) -
                                    values.begin());
}

}  // namespace

void PassOutline::lay_out(const PassPattern& pattern, const PassWork& work) {
  pattern_ = pattern;
  work_ = work;
  sets_ = static_cast<unsigned>(ceil_div(work.channels, pattern.q));
  filter_sets_ = static_cast<unsigned>(ceil_div(work.filters, pattern.p));
  full_filter_sets_ = work.filters / pattern.p;
  chain_height = sets_ * work.filter_rows;
  most_channels = channels_of(0);
  common_channels = channels_of(sets_ - 1);
  const auto packets = [&](unsigned filters) { return ceil_div(filters, pattern.psum_packet); };
  rest_psum_packets = packets(work.filters % pattern.p);
  most_psum_packets = packets(std::min(pattern.p, work.filters));
  window_psum_packets = std::uint64_t{work.groups} * work.ofmap_rows *
                        (full_filter_sets_ * packets(pattern.p) + rest_psum_packets);
  choose_windows();
  choose_columns();
  place_pes();
  plan_windows();
  plan_ifmap();
  plan_filters();
}

unsigned PassOutline::channels_of(unsigned set) const {
  return std::min(pattern_.q, work_.channels - pattern_.q * set);
}

std::uint64_t PassOutline::filter_packets(unsigned filters, unsigned channels) const {
  return ceil_div(std::uint64_t{filters} * channels * work_.filter_columns, pattern_.filter_packet);
}

void PassOutline::choose_windows() {
  images = work_.images;
  windows = work_.ofmap_columns;
  if (images * windows <= kWindows) return;
  windows = std::min(windows, kWindowsOfImage);
  images = std::min(images, std::max<std::uint64_t>(2, kWindows / windows));
}

void PassOutline::choose_columns() {
  const std::uint64_t all = std::uint64_t{work_.groups} * filter_sets_ * work_.ofmap_rows;
  chosen_ = {0};
  // The last one with all filters, where the last chain has fewer.
  if (full_filter_sets_ > 0 && full_filter_sets_ < filter_sets_ && all > work_.ofmap_rows + 1) {
    chosen_.push_back(all - work_.ofmap_rows - 1);
  }
  if (all > 1) chosen_.push_back(all - 1);
  columns.clear();
  for (const std::uint64_t index : chosen_) {
    Column column;
    column.chain = static_cast<unsigned>(index / work_.ofmap_rows);
    column.ofmap_row = static_cast<unsigned>(index % work_.ofmap_rows);
    column.group = column.chain / filter_sets_;
    column.filter_set = column.chain % filter_sets_;
    column.filters = std::min(pattern_.p, work_.filters - pattern_.p * column.filter_set);
    column.psum_packets = ceil_div(column.filters, pattern_.psum_packet);
    columns.push_back(column);
  }
}

void PassOutline::place_pes() {
  pes.resize(columns.size() * chain_height);
  for (std::uint32_t i = 0; i < pes.size(); ++i) {
    Pe& pe = pes[i];
    const unsigned height = i % chain_height;
    pe.column = i / chain_height;
    pe.set = height / work_.filter_rows;
    pe.filter_row = work_.filter_rows - 1 - height % work_.filter_rows;
    pe.channels = channels_of(pe.set);
  }
}

void PassOutline::plan_windows() {
  used_.clear();
  for (std::uint32_t f = 0; f < windows; ++f) {
    for (std::uint32_t s = 0; s < work_.filter_columns; ++s) {
      used_.push_back(f * pattern_.stride + s * pattern_.dilation);
    }
  }
  sort_out(used_);
  taps.clear();
  freed.clear();
  for (std::uint32_t f = 0; f < windows; ++f) {
    for (std::uint32_t s = 0; s < work_.filter_columns; ++s) {
      taps.push_back(before(used_, f * pattern_.stride + s * pattern_.dilation));
    }
    freed.push_back(f + 1 == windows ? static_cast<std::uint32_t>(used_.size())
                                     : before(used_, (f + 1) * pattern_.stride));
  }
  image_columns = used_.size();
}

void PassOutline::plan_ifmap() {
  used_.clear();
  for (unsigned i = 0; i < work_.filter_rows; ++i) {
    for (unsigned j = 0; j < work_.ofmap_rows; ++j) {
      used_.push_back(i * pattern_.dilation + j * pattern_.stride);
    }
  }
  sort_out(used_);
  receivers.clear();
  column_packets = 0;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> taken;
  for (unsigned lacking = 0; lacking < 2; ++lacking) {
    ifmap[lacking].clear();
    const unsigned sets = sets_ - lacking;
    ifmap_packets[lacking] = std::uint64_t{work_.groups} * sets * used_.size();
    column_packets +=
        ifmap_packets[lacking] * (lacking == 0 ? common_channels : most_channels - common_channels);
    if (lacking == 1 && common_channels == most_channels) break;
    taken.clear();
    for (std::uint32_t i = 0; i < pes.size(); ++i) {
      if (pes[i].set >= sets) continue;
      const Column& column = columns[pes[i].column];
      const std::uint32_t row =
          pes[i].filter_row * pattern_.dilation + column.ofmap_row * pattern_.stride;
      taken.emplace_back(
          (std::uint64_t{column.group} * sets + pes[i].set) * used_.size() + before(used_, row), i);
    }
    std::sort(taken.begin(), taken.end());
    for (const auto& [place, pe] : taken) {
      const auto at = static_cast<std::uint32_t>(receivers.size());
      if (ifmap[lacking].empty() || ifmap[lacking].back().place != place) {
        ifmap[lacking].push_back({place, at, at});
      }
      receivers.push_back(pe);
      ++ifmap[lacking].back().end;
    }
  }
}

void PassOutline::plan_filters() {
  filter_rows.clear();
  most_filter_packets = filter_packets(std::min(pattern_.p, work_.filters), most_channels);
  const unsigned rest = work_.filters % pattern_.p;
  least_filter_packets = filter_packets(rest > 0 ? rest : pattern_.p, common_channels);
  for (std::uint32_t first = 0; first < columns.size();) {
    std::uint32_t end = first + 1;
    while (end < columns.size() && columns[end].chain == columns[first].chain) ++end;
    for (unsigned set = 0; set < sets_; ++set) {
      for (unsigned row = 0; row < work_.filter_rows; ++row) {
        FilterRow found;
        found.chain = columns[first].chain;
        found.set = set;
        found.row = row;
        found.words =
            std::uint64_t{columns[first].filters} * channels_of(set) * work_.filter_columns;
        found.begin = first;
        found.end = end;
        found.height = set * work_.filter_rows + work_.filter_rows - 1 - row;
        found.place = (std::uint64_t{found.chain} * sets_ + set) * work_.filter_rows + row;
        filter_rows.push_back(found);
      }
    }
    first = end;
  }
}

/// Filter rows of a chain in its first `sets` sets that have such a packet.
std::uint64_t PassOutline::rows_with(std::uint64_t packet, unsigned filters, unsigned sets) const {
  if (filters == 0) return 0;
  std::uint64_t with =
      filter_packets(filters, most_channels) > packet ? std::min(sets, sets_ - 1) : 0;
  if (sets == sets_ && filter_packets(filters, common_channels) > packet) ++with;
  return with * work_.filter_rows;
}

std::uint64_t PassOutline::filter_packets_of(std::uint64_t packet) const {
  return work_.groups * (full_filter_sets_ * rows_with(packet, pattern_.p, sets_) +
                         rows_with(packet, work_.filters % pattern_.p, sets_));
}

std::uint64_t PassOutline::filter_place(std::uint64_t packet, const FilterRow& row) const {
  if (packet < least_filter_packets) return row.place;
  const unsigned rest = work_.filters % pattern_.p;
  const std::uint64_t of_full = rows_with(packet, pattern_.p, sets_);
  const std::uint64_t of_group = full_filter_sets_ * of_full + rows_with(packet, rest, sets_);
  const unsigned filter_set = row.chain % filter_sets_;
  return row.chain / filter_sets_ * of_group + filter_set * of_full +
         rows_with(packet, filter_set < full_filter_sets_ ? pattern_.p : rest, row.set) + row.row;
}

std::uint64_t PassOutline::psum_place(std::uint64_t packet, const Column& column) const {
  const std::uint64_t earlier =
      work_.groups * (packet * full_filter_sets_ + std::min(packet, rest_psum_packets));
  const std::uint64_t chains = full_filter_sets_ + (packet < rest_psum_packets ? 1 : 0);
  const std::uint64_t chain = earlier + column.group * chains + column.filter_set;
  return chain * work_.ofmap_rows + column.ofmap_row;
}

}  // namespace rowan::analytical
