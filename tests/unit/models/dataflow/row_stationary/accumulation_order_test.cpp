// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/accumulation_order.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "tests/support/small_layer.h"

namespace rowan::dataflow::row_stationary {
namespace {

using workloads::AccumulationOrder;
using workloads::Tap;

std::vector<std::vector<std::vector<unsigned>>> numbers_of(const AccumulationOrder& order) {
  std::vector<std::vector<std::vector<unsigned>>> numbers;
  for (const auto& chunk : order) {
    numbers.emplace_back();
    for (const Tap& tap : chunk) numbers.back().push_back({tap.channel, tap.row, tap.column});
  }
  return numbers;
}

TEST(AccumulationOrder, GoesUpTheChainAndInAPeChannelByChannel) {
  workloads::ConvolutionShape shape;
  shape.channels = 3;
  shape.kernel_height = shape.kernel_width = 2;
  Mapping mapping;
  mapping.q = 2;
  mapping.r = 2;
  mapping.filter_rows = mapping.filter_columns = 2;
  EXPECT_EQ(numbers_of(accumulation_order(mapping, shape)),
            (std::vector<std::vector<std::vector<unsigned>>>{
                {{0, 1, 0}, {1, 1, 0}, {0, 1, 1}, {1, 1, 1}},  // set 0, the lowest filter row
                {{0, 0, 0}, {1, 0, 0}, {0, 0, 1}, {1, 0, 1}},
                {{2, 1, 0}, {2, 1, 1}},  // set 1 has one channel
                {{2, 0, 0}, {2, 0, 1}}}));
}

TEST(AccumulationOrder, FoldsComeBeforeTheNextChannels) {
  workloads::ConvolutionShape shape;
  shape.channels = 2;
  shape.kernel_height = 3;
  shape.kernel_width = 2;
  Mapping mapping;
  mapping.filter_rows = 2;
  mapping.filter_columns = 1;
  EXPECT_EQ(numbers_of(accumulation_order(mapping, shape)),
            (std::vector<std::vector<std::vector<unsigned>>>{{{0, 1, 0}},
                                                             {{0, 0, 0}},
                                                             {{0, 1, 1}},
                                                             {{0, 0, 1}},
                                                             {{0, 2, 0}},
                                                             {{0, 2, 1}},
                                                             {{1, 1, 0}},
                                                             {{1, 0, 0}},
                                                             {{1, 1, 1}},
                                                             {{1, 0, 1}},
                                                             {{1, 2, 0}},
                                                             {{1, 2, 1}}}));
}

/// Follows the psums of a schedule through the PEs of its passes. Every filter word is marked with
/// its number in [M][C][R][S].
class Tracer {
 public:
  explicit Tracer(const support::MappedLayer& layer)
      : layer_(layer),
        plan_(layer.shape, layer.batch, layer.mapping, layer.accelerator),
        image_(make_dram_image(plan_, workloads::Tensor(ifmap_extents(layer.shape, layer.batch)),
                               marks(layer.shape), true)) {}

  /// The filter and the taps of a psum.
  struct Psum {
    std::set<unsigned> filters;
    AccumulationOrder order;
  };
  /// Every psum of the layer.
  std::vector<Psum> trace() {
    LayerSchedule schedule(plan_, image_.layout);
    Step step;
    while (schedule.next(step)) {
      if (const auto* pass = std::get_if<Pass>(&step)) follow(*pass);
    }
    std::vector<Psum> psums;
    for (auto& [place, psum] : psums_) psums.push_back(std::move(psum));
    return psums;
  }

 private:
  static workloads::Tensor marks(const workloads::ConvolutionShape& shape) {
    workloads::Tensor filters(workloads::filter_extents(shape));
    std::iota(filters.data(), filters.data() + filters.size(), 0);
    return filters;
  }

  /// [PEs] marks in the filter scratchpads.
  std::vector<std::vector<unsigned>> scratchpads(const Pass& pass) const {
    std::vector<std::vector<unsigned>> pads(pass.shape->pes.size());
    for (const Packet& packet : pass.shape->filter.step) {
      for (std::size_t pe = 0; pe < pads.size(); ++pe) {
        if (!pass.shape->pes[pe].active || !(pass.shape->pes[pe].filter_id == packet.id)) continue;
        for (std::uint32_t word = 0; word < packet.words; ++word) {
          const std::uint8_t* at = &image_.bytes[pass.filter_address + (packet.address + word) * 2];
          pads[pe].push_back(at[0] + 256U * at[1]);
        }
      }
    }
    return pads;
  }

  void follow(const Pass& pass) {
    const auto pads = scratchpads(pass);
    const PacketStream& out = pass.shape->psum_out;
    for (const Packet& packet : out.step) {
      std::size_t top = 0;
      while (!pass.shape->pes[top].active || !(pass.shape->pes[top].psum_id == packet.id)) ++top;
      const std::uint32_t first = next_psum_[{pass.number, top}];
      next_psum_[{pass.number, top}] += packet.words;
      for (const std::uint32_t base : out.bases) {
        for (std::uint32_t word = 0; word < packet.words; ++word) {
          Psum& psum = psums_[{pass.psum_tile, pass.psum_row + base + packet.address, word}];
          EXPECT_EQ(psum.order.empty(), !pass.shape->reads_psums);
          add_chain(*pass.shape, pads, top, first + word, psum);
        }
      }
    }
  }

  /// Adds what the PEs below and at `top` add to psum k of a window.
  void add_chain(const PassShape& shape, const std::vector<std::vector<unsigned>>& pads,
                 std::size_t top, std::uint32_t k, Psum& psum) const {
    const std::size_t below = layer_.accelerator.array.columns;
    std::size_t pe = top;
    while (shape.pes[pe].source == PsumSource::kLocal) pe += below;
    for (;; pe -= below) {
      const workloads::ConvolutionShape& s = layer_.shape;
      std::vector<Tap> taps;
      for (std::size_t word = k; word < pads[pe].size(); word += shape.pes[pe].psums) {
        const unsigned mark = pads[pe][word];
        const unsigned row = mark / s.kernel_width % s.kernel_height;
        const unsigned channel = mark / s.kernel_width / s.kernel_height % s.channels_per_group();
        taps.push_back({channel, row, mark % s.kernel_width});
        psum.filters.insert(mark / s.kernel_width / s.kernel_height / s.channels_per_group());
      }
      psum.order.push_back(std::move(taps));
      if (pe == top) return;
    }
  }

  const support::MappedLayer& layer_;
  LayerPlan plan_;
  DramImage image_;
  /// By tile, row of the tile, word of the row.
  std::map<std::tuple<std::uint64_t, std::uint32_t, std::uint32_t>, Psum> psums_;
  /// Psums of a window that a top PE's packets have taken, by pass and PE.
  std::map<std::pair<std::uint64_t, std::size_t>, std::uint32_t> next_psum_;
};

TEST(AccumulationOrder, IsThatOfTheScheduleForEveryPsum) {
  Random random(53);
  std::size_t psums = 0;
  for (unsigned trial = 0; trial < 60; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const Mapping clipped = clip(layer.mapping, layer.shape, layer.batch);
    const auto expected = numbers_of(accumulation_order(clipped, layer.shape));
    const auto traced = Tracer(layer).trace();
    ASSERT_EQ(traced.size(), std::size_t{layer.batch} * layer.shape.filters *
                                 layer.shape.out_height() * layer.shape.out_width());
    for (const auto& psum : traced) {
      ASSERT_EQ(psum.filters.size(), 1U);
      ASSERT_EQ(numbers_of(psum.order), expected);
    }
    psums += traced.size();
  }
  EXPECT_GT(psums, 1000U);
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
