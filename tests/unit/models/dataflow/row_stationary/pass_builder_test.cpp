// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/pass_builder.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "models/dataflow/row_stationary/buffers.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/placement.h"
#include "tests/support/small_layer.h"

namespace rowan::dataflow::row_stationary {
namespace {

using Words = std::vector<std::uint32_t>;

/// The first pass of an AlexNet layer on the chip.
std::shared_ptr<const PassShape> first_pass(const char* name) {
  const LayerPlan plan(support::alexnet_layer(name).shape, 4, support::alexnet_mapping(name),
                       support::eyeriss());
  return PassBuilder(plan.mapping(), plan.shape(), plan.accelerator())
      .build(plan.extents(LoopIndex()));
}

unsigned active(const PassShape& pass) {
  return static_cast<unsigned>(std::count_if(pass.pes.begin(), pass.pes.end(),
                                             [](const PeProgram& pe) { return pe.active; }));
}

// JSSC 2017, Table V.
TEST(PassBuilder, ActivatesThePublishedPesOfAlexNet) {
  const std::map<std::string, unsigned> published{
      {"CONV1", 154}, {"CONV2", 135}, {"CONV3", 156}, {"CONV4", 156}, {"CONV5", 156}};
  for (const auto& [name, pes] : published) {
    const auto pass = first_pass(name.c_str());
    EXPECT_EQ(pass->active_pes, pes) << name;
    EXPECT_EQ(active(*pass), pes) << name;
    EXPECT_EQ(pass->pes.size(), 168U);
  }
}

TEST(PassBuilder, LeadsPsumsFromTheLowestToTheTopmostPe) {
  const auto pass = first_pass("CONV4");  // two chains of 6 rows
  for (unsigned row = 0; row < 12; ++row) {
    const PeProgram& pe = pass->pes[row * 14 + 3];
    EXPECT_EQ(pe.source, row % 6 == 5 ? PsumSource::kNone : PsumSource::kLocal) << row;
    EXPECT_EQ(pe.sink, row % 6 == 0 ? PsumSink::kGlobal : PsumSink::kLocal) << row;
    EXPECT_TRUE((pe.psum_id == MulticastId{row, 3})) << row;
    EXPECT_EQ(pe.psums, 16U);
    EXPECT_EQ(pe.images, 4U);
  }
  EXPECT_FALSE(pass->pes[13].active);
  EXPECT_TRUE(pass->pes[13].ifmap_id == kNobody);
}

TEST(PassBuilder, TakesPsumsFromTheTopmostSetThatHasChannels) {
  // Sets of 2 channels, three in a chain; 3 channels leave the third set out.
  workloads::ConvolutionShape shape;
  shape.channels = 6;
  shape.height = 2;
  Mapping mapping;
  mapping.q = 2;
  mapping.r = 3;
  PassExtents extents;
  extents.images = extents.ofmap_rows = extents.ofmap_columns = 1;
  extents.groups = extents.filters = extents.filter_rows = extents.filter_columns = 1;
  extents.channels = 3;
  extents.reads_psums = true;
  const auto pass = PassBuilder(mapping, shape, support::small_accelerator(3, 1)).build(extents);
  EXPECT_FALSE(pass->pes[0].active);
  EXPECT_EQ(pass->pes[1].sink, PsumSink::kGlobal);
  EXPECT_EQ(pass->pes[1].source, PsumSource::kLocal);
  EXPECT_EQ(pass->pes[1].windows->run, 1U);
  EXPECT_EQ(pass->pes[2].source, PsumSource::kGlobal);
  EXPECT_EQ(pass->pes[2].windows->run, 2U);
  EXPECT_TRUE((pass->psum_out.step.at(0).id == MulticastId{1, 0}));
  EXPECT_TRUE((pass->psum_in.step.at(0).id == MulticastId{2, 0}));
  // Channel 0 of sets 0 and 1, then channel 1 of set 0: planes 0, 2, 1 of one word.
  ASSERT_EQ(pass->ifmap.step.size(), 3U);
  EXPECT_EQ(pass->ifmap.step[0].address, 0U);
  EXPECT_EQ(pass->ifmap.step[1].address, 2U);
  EXPECT_EQ(pass->ifmap.step[2].address, 1U);
}

struct Windows {
  unsigned stride;
  unsigned dilation;
  unsigned columns;  ///< of the filter
  unsigned count;
  unsigned channels;
  std::uint32_t words;
  Words run_begin;
  Words released;
};

TEST(PassBuilder, PlansWindowsOverTheColumnsThatAreUsed) {
  const Windows cases[] = {
      // Columns 0 1 2, 1 2 3, 2 3 4, two words each.
      {1, 1, 3, 3, 2, 10, {0, 2, 4, 2, 4, 6, 4, 6, 8}, {2, 4, 10}},
      // 0 1 2, 2 3 4.
      {2, 1, 3, 2, 1, 5, {0, 1, 2, 2, 3, 4}, {2, 5}},
      // 0 1, 3 4: column 2 is not sent.
      {3, 1, 2, 2, 1, 4, {0, 1, 2, 3}, {2, 4}},
      // 0 1 2, 4 5 6.
      {4, 1, 3, 2, 1, 6, {0, 1, 2, 3, 4, 5}, {3, 6}},
      // 0 2 4, 1 3 5.
      {1, 2, 3, 2, 1, 6, {0, 2, 4, 1, 3, 5}, {1, 6}},
      // 0 2, 2 4, 4 6: odd columns are not sent.
      {2, 2, 2, 3, 1, 4, {0, 1, 1, 2, 2, 3}, {1, 2, 4}},
      // 0 2, 3 5: column 1 and 4 are not sent; two words each.
      {3, 2, 2, 2, 2, 8, {0, 2, 4, 6}, {4, 8}},
  };
  for (const Windows& expected : cases) {
    workloads::ConvolutionShape shape;
    shape.stride = expected.stride;
    shape.dilation = expected.dilation;
    shape.channels = expected.channels;
    Mapping mapping;
    mapping.q = expected.channels;
    mapping.f = expected.count;
    mapping.filter_columns = expected.columns;
    PassExtents extents;
    extents.images = extents.ofmap_rows = extents.groups = 1;
    extents.filters = extents.filter_rows = 1;
    extents.channels = expected.channels;
    extents.ofmap_columns = expected.count;
    extents.filter_columns = expected.columns;
    const auto pass = PassBuilder(mapping, shape, support::small_accelerator(1, 1)).build(extents);
    const WindowPlan& plan = *pass->pes[0].windows;
    EXPECT_EQ(plan.windows, expected.count);
    EXPECT_EQ(plan.run, expected.channels);
    EXPECT_EQ(plan.runs_per_window, expected.columns);
    EXPECT_EQ(plan.words_per_image, expected.words);
    EXPECT_EQ(plan.run_begin, expected.run_begin);
    EXPECT_EQ(plan.released, expected.released);
  }
}

TEST(FilterPackets, GoRoundTheRowsBeforeTheNextPacketOfARow) {
  // Two sets on filters: 2 and 1 of them; one channel, 3 columns: 6 and 3 words a row; 2 rows.
  Mapping mapping;
  mapping.p = 2;
  mapping.t = 2;
  PassExtents extents;
  extents.groups = extents.channels = 1;
  extents.filters = 3;
  extents.filter_rows = 2;
  extents.filter_columns = 3;
  const auto packets = filter_packets(extents, mapping, 4);
  const std::vector<std::vector<unsigned>> expected{
      // filter set, filter row, first word, words
      {0, 0, 0, 4}, {0, 1, 0, 4}, {1, 0, 0, 3}, {1, 1, 0, 3}, {0, 0, 4, 2}, {0, 1, 4, 2}};
  ASSERT_EQ(packets.size(), expected.size());
  for (std::size_t i = 0; i < packets.size(); ++i) {
    EXPECT_EQ((std::vector<unsigned>{packets[i].filter_set, packets[i].filter_row,
                                     packets[i].first_word, packets[i].words}),
              expected[i])
        << i;
  }
}

TEST(PassBuilder, PsumPacketsGoRoundChainsAndColumns) {
  // 9 filters: a set of 6, packets of 4 and 2, and a set of 3; two ofmap rows.
  workloads::ConvolutionShape shape;
  shape.filters = 9;
  shape.height = 2;
  Mapping mapping;
  mapping.m = 9;
  mapping.p = 6;
  mapping.t = 2;
  mapping.e = 2;
  PassExtents extents;
  extents.images = extents.groups = extents.channels = 1;
  extents.filter_rows = extents.filter_columns = 1;
  extents.ofmap_rows = 2;
  extents.ofmap_columns = 3;
  extents.filters = 9;
  const auto pass = PassBuilder(mapping, shape, support::small_accelerator(1, 4)).build(extents);
  const std::vector<std::vector<std::uint32_t>> expected{
      // column, words
      {0, 4}, {1, 4}, {2, 3}, {3, 3}, {0, 2}, {1, 2}};
  ASSERT_EQ(pass->psum_out.step.size(), 6U);
  for (std::uint32_t i = 0; i < 6; ++i) {
    const Packet& packet = pass->psum_out.step[i];
    EXPECT_EQ((std::vector<std::uint32_t>{packet.id.column, packet.words}), expected[i]) << i;
    EXPECT_EQ(packet.address, i);
  }
  EXPECT_EQ(pass->psum_out.bases, (Words{0, 6, 12}));
  EXPECT_TRUE(pass->psum_in.step.empty());
  EXPECT_TRUE(pass->psum_in.bases.empty());
}

/// Calls with the plan, the extents and the shape of every pass of random layers.
template <class Visit>
void for_random_passes(std::uint64_t seed, unsigned layers, Visit visit) {
  Random random(seed);
  for (unsigned trial = 0; trial < layers; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    SCOPED_TRACE(layer.text());
    const LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
    const PassBuilder builder(plan.mapping(), plan.shape(), plan.accelerator());
    std::map<PassExtents, std::shared_ptr<const PassShape>> shapes;
    LoopIndex index;
    do {
      const PassExtents extents = plan.extents(index);
      auto& shape = shapes[extents];
      if (!shape) {
        shape = builder.build(extents);
        visit(plan, extents, *shape);
      }
    } while (advance(plan, index));
    if (testing::Test::HasFailure()) return;
  }
}

TEST(PassBuilder, MacsOfAllPassesAreThoseOfTheLayer) {
  Random random(31);
  for (unsigned trial = 0; trial < 150; ++trial) {
    const support::MappedLayer layer = support::random_mapped_layer(random);
    const LayerPlan plan(layer.shape, layer.batch, layer.mapping, layer.accelerator);
    const PassBuilder builder(plan.mapping(), plan.shape(), plan.accelerator());
    std::map<PassExtents, std::uint64_t> macs;
    std::uint64_t sum = 0;
    LoopIndex index;
    do {
      const PassExtents extents = plan.extents(index);
      const auto [found, is_new] = macs.emplace(extents, 0);
      if (is_new) found->second = builder.build(extents)->macs;
      sum += found->second;
    } while (advance(plan, index));
    EXPECT_EQ(sum, layer.shape.macs_per_image() * layer.batch) << layer.text();
  }
}

TEST(PassBuilder, MacsOfAPassAreThoseOfItsPes) {
  for_random_passes(32, 60, [](const LayerPlan&, const PassExtents&, const PassShape& pass) {
    std::uint64_t macs = 0;
    for (const PeProgram& pe : pass.pes) {
      if (pe.active) {
        macs += std::uint64_t{pe.filter_words()} * pe.windows->windows * pe.images;
      }
    }
    EXPECT_EQ(pass.macs, macs);
    EXPECT_EQ(pass.active_pes, active(pass));
  });
}

TEST(PassBuilder, SendsEveryFilterWordOnceAndToItsRowAlone) {
  for_random_passes(
      33, 100, [](const LayerPlan& plan, const PassExtents& e, const PassShape& pass) {
        const unsigned packet_words = filter_packet_words(plan.accelerator());
        std::map<MulticastId, std::uint32_t> words;
        std::uint32_t next = 0;
        EXPECT_EQ(pass.filter.bases, Words{0});
        for (const Packet& packet : pass.filter.step) {
          EXPECT_EQ(packet.address, next);
          EXPECT_GE(packet.words, 1U);
          EXPECT_LE(packet.words, packet_words);
          next += packet.words;
          words[packet.id] += packet.words;
        }
        EXPECT_EQ(pass.filter_words, next);
        EXPECT_EQ(next, e.groups * e.filters * e.channels * e.filter_rows * e.filter_columns);
        std::set<MulticastId> taken;
        for (const PeProgram& pe : pass.pes) {
          if (!pe.active) continue;
          EXPECT_EQ(words[pe.filter_id], pe.filter_words());
          taken.insert(pe.filter_id);
        }
        EXPECT_EQ(taken.size(), words.size());
      });
}

TEST(FilterPackets, HoldEveryWordOfEveryRowOnce) {
  for_random_passes(34, 60, [](const LayerPlan& plan, const PassExtents& e, const PassShape&) {
    using Row = std::tuple<unsigned, unsigned, unsigned, unsigned>;
    std::map<Row, unsigned> next;
    for (const FilterPacket& packet :
         filter_packets(e, plan.mapping(), filter_packet_words(plan.accelerator()))) {
      unsigned& word = next[Row{packet.group, packet.filter_set, packet.set, packet.filter_row}];
      EXPECT_EQ(packet.first_word, word);  // consecutive
      word += packet.words;
    }
    for (const auto& [row, words] : next) {
      const unsigned p = filters_of_set(e, plan.mapping(), std::get<1>(row));
      const unsigned q = channels_of_set(e, plan.mapping(), std::get<2>(row));
      EXPECT_EQ(words, p * q * e.filter_columns);
    }
  });
}

/// Columns of an ifmap tile that a window uses, by trying them all.
std::vector<unsigned> used_columns(const PassExtents& e, const workloads::ConvolutionShape& shape) {
  std::vector<unsigned> used;
  for (unsigned column = 0; column < tile_plane(e, shape).columns; ++column) {
    bool found = false;
    for (unsigned f = 0; f < e.ofmap_columns; ++f) {
      for (unsigned s = 0; s < e.filter_columns; ++s) {
        found |= f * shape.stride + s * shape.dilation == column;
      }
    }
    if (found) used.push_back(column);
  }
  return used;
}

TEST(PassBuilder, SendsEveryIfmapWordThatIsUsedOnce) {
  for_random_passes(
      35, 100, [](const LayerPlan& plan, const PassExtents& e, const PassShape& pass) {
        const TilePlane plane = tile_plane(e, plan.shape());
        std::set<std::uint32_t> sent;
        for (const std::uint32_t base : pass.ifmap.bases) {
          for (const Packet& packet : pass.ifmap.step) {
            EXPECT_EQ(packet.words, 1U);
            EXPECT_TRUE(sent.insert(base + packet.address).second);
          }
        }
        std::set<unsigned> rows;
        for (unsigned i = 0; i < e.filter_rows; ++i) {
          for (unsigned j = 0; j < e.ofmap_rows; ++j) {
            rows.insert(i * plan.shape().dilation + j * plan.shape().stride);
          }
        }
        const std::vector<unsigned> columns = used_columns(e, plan.shape());
        std::set<std::uint32_t> used;
        for (unsigned channel = 0; channel < e.images * e.groups * e.channels; ++channel) {
          for (const unsigned row : rows) {
            for (const unsigned column : columns) {
              used.insert((channel * plane.rows + row) * plane.columns + column);
            }
          }
        }
        EXPECT_EQ(sent, used);
      });
}

TEST(PassBuilder, SendsEachPeTheIfmapWordsOfItsRowInOrder) {
  for_random_passes(
      36, 100, [](const LayerPlan& plan, const PassExtents& e, const PassShape& pass) {
        const auto& shape = plan.shape();
        const Mapping& mapping = plan.mapping();
        const unsigned array_columns = plan.accelerator().array.columns;
        const Placement placement(mapping, shape, array_columns);
        const TilePlane plane = tile_plane(e, shape);
        const std::vector<unsigned> columns = used_columns(e, shape);
        std::map<MulticastId, Words> streams;
        for (const std::uint32_t base : pass.ifmap.bases) {
          for (const Packet& packet : pass.ifmap.step) {
            streams[packet.id].push_back(base + packet.address);
          }
        }
        unsigned pes = 0;
        for (unsigned group = 0; group < e.groups; ++group) {
          for (unsigned t = 0; t * mapping.p < e.filters && t < mapping.t; ++t) {
            for (unsigned set = 0; set * mapping.q < e.channels && set < mapping.r; ++set) {
              for (unsigned i = 0; i < e.filter_rows; ++i) {
                for (unsigned j = 0; j < e.ofmap_rows; ++j) {
                  const auto at = placement.pe({group, t}, set, i, e.filter_rows, j);
                  const PeProgram& pe = pass.pes[at.row * array_columns + at.column];
                  ASSERT_TRUE(pe.active);
                  ++pes;
                  const unsigned first = set * mapping.q;
                  const unsigned channels = std::min(mapping.q, e.channels - first);
                  Words expected;
                  for (unsigned image = 0; image < e.images; ++image) {
                    for (const unsigned column : columns) {
                      for (unsigned c = first; c < first + channels; ++c) {
                        const unsigned row = i * shape.dilation + j * shape.stride;
                        const unsigned channel = (image * e.groups + group) * e.channels + c;
                        expected.push_back((channel * plane.rows + row) * plane.columns + column);
                      }
                    }
                  }
                  EXPECT_EQ(streams[pe.ifmap_id], expected);
                  EXPECT_EQ(std::size_t{pe.windows->words_per_image} * pe.images, expected.size());
                }
              }
            }
          }
        }
        EXPECT_EQ(pes, pass.active_pes);
      });
}

TEST(PassBuilder, PsumPacketsHoldAWordPerFilterAndPosition) {
  for_random_passes(
      37, 100, [](const LayerPlan& plan, const PassExtents& e, const PassShape& pass) {
        const unsigned array_columns = plan.accelerator().array.columns;
        std::uint64_t words = 0;
        std::map<MulticastId, std::uint32_t> of_pe;
        for (std::size_t i = 0; i < pass.psum_out.step.size(); ++i) {
          const Packet& packet = pass.psum_out.step[i];
          EXPECT_EQ(packet.address, i);
          EXPECT_LE(packet.words, psum_packet_words(plan.accelerator()));
          const PeProgram& pe = pass.pes[packet.id.row * array_columns + packet.id.column];
          EXPECT_EQ(pe.sink, PsumSink::kGlobal);
          words += packet.words;
          of_pe[packet.id] += packet.words;
        }
        EXPECT_EQ(words, std::uint64_t{e.groups} * e.filters * e.ofmap_rows);
        for (const auto& [id, sum] : of_pe) {
          EXPECT_EQ(sum, pass.pes[id.row * array_columns + id.column].psums);
        }
        EXPECT_EQ(pass.psum_out.bases.size(), e.images * e.ofmap_columns);
        EXPECT_EQ(pass.reads_psums, e.reads_psums);
        ASSERT_EQ(pass.psum_in.step.size(), e.reads_psums ? pass.psum_out.step.size() : 0);
        for (std::size_t i = 0; i < pass.psum_in.step.size(); ++i) {
          const Packet& in = pass.psum_in.step[i];
          const Packet& out = pass.psum_out.step[i];
          EXPECT_EQ(in.address, out.address);
          EXPECT_EQ(in.words, out.words);
          EXPECT_EQ(in.id.column, out.id.column);
          EXPECT_EQ(pass.pes[in.id.row * array_columns + in.id.column].source, PsumSource::kGlobal);
        }
        if (e.reads_psums) {
          EXPECT_EQ(pass.psum_in.bases, pass.psum_out.bases);
        }
      });
}

TEST(TilePlane, ReachesFromTheFirstToTheLastWordOfTheWindows) {
  workloads::ConvolutionShape shape;
  shape.stride = 3;
  shape.dilation = 2;
  PassExtents extents;
  extents.ofmap_rows = 2;
  extents.ofmap_columns = 4;
  extents.filter_rows = 3;
  extents.filter_columns = 1;
  EXPECT_EQ(tile_plane(extents, shape).rows, 3 + 4 + 1U);
  EXPECT_EQ(tile_plane(extents, shape).columns, 9 + 0 + 1U);
}

TEST(SharesOfSets, GoToTheFirstSetsFirst) {
  Mapping mapping;
  mapping.p = 4;
  mapping.q = 3;
  PassExtents extents;
  extents.filters = 6;
  extents.channels = 3;
  EXPECT_EQ(filters_of_set(extents, mapping, 0), 4U);
  EXPECT_EQ(filters_of_set(extents, mapping, 1), 2U);
  EXPECT_EQ(filters_of_set(extents, mapping, 2), 0U);
  EXPECT_EQ(channels_of_set(extents, mapping, 0), 3U);
  EXPECT_EQ(channels_of_set(extents, mapping, 1), 0U);
  EXPECT_EQ(channels_of_set(extents, mapping, 2), 0U);
}

}  // namespace
}  // namespace rowan::dataflow::row_stationary
