// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/coded_fmaps.h"

#include <initializer_list>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/small_layer.h"

namespace rowan::analytical {
namespace {

using arithmetic::Word;

std::uint64_t code_words_of(const std::vector<Word>& words, unsigned word_bits = 16) {
  return code_words({words.data(), 1, words.size(), words.size()}, word_bits);
}

std::vector<Word> zeros(std::size_t count, std::initializer_list<Word> then = {}) {
  std::vector<Word> words(count);
  words.insert(words.end(), then);
  return words;
}

TEST(CodeWords, HoldAsManyPairsAsFit63Bits) {
  EXPECT_EQ(code_words_of({}), 0U);
  EXPECT_EQ(code_words_of({5}), 1U);
  EXPECT_EQ(code_words_of({5, 6, 7}), 1U);
  EXPECT_EQ(code_words_of({5, 6, 7, 8}), 2U);
  EXPECT_EQ(code_words_of({5, 6, 7, 8}, 8), 1U);  // four pairs of 13 bits
  EXPECT_EQ(code_words_of({5, 6, 7, 8, 9}, 8), 2U);
}

TEST(CodeWords, HavePairsOfAtMost31ZerosAndALevel) {
  EXPECT_EQ(code_words_of(zeros(31, {1, 2, 3})), 1U);
  EXPECT_EQ(code_words_of(zeros(32, {1, 2, 3})), 2U);  // (31, 0) (0, 1) (0, 2) (0, 3)
  EXPECT_EQ(code_words_of(zeros(64, {1})), 1U);
  EXPECT_EQ(code_words_of(zeros(64, {1, 2})), 2U);
}

TEST(CodeWords, EndWithALevelOfZeroWhereTheFrameEndsInZeros) {
  EXPECT_EQ(code_words_of({1, 2, 0}), 1U);
  EXPECT_EQ(code_words_of({1, 2, 3, 0}), 2U);
  EXPECT_EQ(code_words_of(zeros(3 * 32)), 1U);
  EXPECT_EQ(code_words_of(zeros(3 * 32 + 1)), 2U);
}

TEST(CodeWords, TakeTheRowsOfAFrameAsOneRun) {
  // Columns 1 and 2 of 4 rows of 3 words: 0 0, 0 7, 0 0, 0 0.
  const std::vector<Word> plane{9, 0, 0, 9, 0, 7, 9, 0, 0, 9, 0, 0};
  EXPECT_EQ(code_words({plane.data() + 1, 4, 2, 3}, 16), 1U);
  const std::vector<Word> full{9, 1, 2, 9, 3, 4};
  EXPECT_EQ(code_words({full.data() + 1, 2, 2, 3}, 16), 2U);
}

workloads::ConvolutionShape shape_3x3() {
  workloads::ConvolutionShape shape;
  shape.filters = 2;
  shape.channels = 1;
  shape.height = shape.width = 3;
  shape.kernel_height = shape.kernel_width = 3;
  return shape;
}

TEST(MacsOnZeros, AreThoseOfTheWindowsThatHaveTheWord) {
  workloads::ConvolutionShape shape = shape_3x3();
  workloads::Tensor ifmap(workloads::ifmap_extents(shape, 1));
  for (std::size_t i = 0; i < 9; ++i) ifmap.data()[i] = 1;
  ifmap.data()[4] = 0;  // in the middle: in one window, at one place of each filter
  EXPECT_EQ(macs_on_zeros(shape, ifmap), 2U);
  shape.padding = 1;  // nine windows, all with the middle word; 81 - 49 words of them are padding
  EXPECT_EQ(macs_on_zeros(shape, ifmap), 2U * (81 - 49 + 9));
  ifmap.data()[4] = 1;
  ifmap.data()[0] = 0;  // in the corner: four windows
  EXPECT_EQ(macs_on_zeros(shape, ifmap), 2U * (81 - 49 + 4));
}

TEST(MacsOnZeros, HaveThoseOnInsertedZeros) {
  workloads::ConvolutionShape shape = shape_3x3();
  shape.input_dilation = 2;  // 5 x 5, nine windows with 4, 2 or 1 words of the ifmap
  workloads::Tensor ifmap(workloads::ifmap_extents(shape, 1));
  for (std::size_t i = 0; i < 9; ++i) ifmap.data()[i] = 1;
  EXPECT_EQ(macs_on_zeros(shape, ifmap), 2U * (81 - (4 * 4 + 4 * 2 + 1)));
}

TEST(CountsOf, FmapsThatDoNotFitTheLayerAreRefused) {
  const workloads::ConvolutionShape shape = shape_3x3();
  const workloads::Tensor ifmap(workloads::ifmap_extents(shape, 1));
  const workloads::Tensor ofmap(workloads::psum_extents(shape, 1));
  const workloads::Tensor two_images(workloads::psum_extents(shape, 2));
  const spec::AcceleratorSpec accelerator = support::small_accelerator(3, 3);
  const dataflow::row_stationary::Mapping mapping;
  EXPECT_NO_THROW((void)counts_of(mapping, shape, accelerator, {ifmap, ofmap}));
  EXPECT_THROW((void)counts_of(mapping, shape, accelerator, {ifmap, two_images}),
               std::invalid_argument);
  EXPECT_THROW((void)counts_of(mapping, shape, accelerator, {ofmap, ofmap}), std::invalid_argument);
}

/// 4 x 1 words of which 1, 2 and 3 come after a zero; kernel 2 x 1, no padding: an ofmap of 3 x 1.
class TilesOfAColumn : public testing::Test {
 protected:
  TilesOfAColumn() {
    shape_.height = 4;
    shape_.kernel_height = 2;
    ifmap_ = workloads::Tensor(workloads::ifmap_extents(shape_, 1));
    for (int i = 0; i < 4; ++i) ifmap_.data()[i] = i;
    ofmap_ = workloads::Tensor(workloads::psum_extents(shape_, 1));
    mapping_.e = 2;
    mapping_.filter_rows = 2;
    accelerator_.dram.burst = Bytes(8);
  }
  [[nodiscard]] TileTraffic traffic(bool network_input, dataflow::FmapPlaces places = {}) const {
    return traffic_of(mapping_, shape_, accelerator_, {ifmap_, ofmap_, network_input, places});
  }

  workloads::ConvolutionShape shape_;
  workloads::Tensor ifmap_;
  workloads::Tensor ofmap_;
  dataflow::row_stationary::Mapping mapping_;
  spec::AcceleratorSpec accelerator_ = support::small_accelerator(2, 2);
};

TEST_F(TilesOfAColumn, OverlapByTheHaloOfAStrip) {
  // Strips of rows 0 to 2 (0, 1, 2: two pairs) and 2 to 3: a code word each. So has the ofmap.
  const TileTraffic found = traffic(false);
  EXPECT_EQ(found.decoded, 2U);
  EXPECT_EQ(found.ifmap_bytes, 16U);
  EXPECT_EQ(found.encoded, 2U);
  EXPECT_EQ(found.ofmap_bytes, 16U);
  EXPECT_EQ(found.filter_bytes, 16U);  // two words, padded to 8 bytes, in each of two passes
  EXPECT_EQ(found.bursts, 6U);
}

TEST_F(TilesOfAColumn, AreLoadedAgainForEveryFilterGroup) {
  shape_.filters = 3;
  ofmap_ = workloads::Tensor(workloads::psum_extents(shape_, 1));
  mapping_.m = 2;
  mapping_.p = 2;
  EXPECT_EQ(traffic(false).decoded, 4U);
  EXPECT_EQ(traffic(false).encoded, 6U);  // a frame of each filter
}

TEST_F(TilesOfAColumn, OfTheNetworksInputArePacked) {
  EXPECT_EQ(traffic(true).decoded, 0U);
  EXPECT_EQ(traffic(true).ifmap_bytes, 16U);  // 6 and 4 bytes, padded to 8
}

TEST_F(TilesOfAColumn, OfResidentFmapsDoNotTouchDram) {
  using dataflow::FmapPlace;
  const TileTraffic found = traffic(false, {FmapPlace::kResident, FmapPlace::kResident});
  EXPECT_EQ(found.ifmap_bytes + found.ofmap_bytes + found.decoded + found.encoded, 0U);
  EXPECT_EQ(found.resident_reads, 5U);
  EXPECT_EQ(found.resident_writes, 3U);
  EXPECT_EQ(found.bursts, 2U);  // of filters
}

}  // namespace
}  // namespace rowan::analytical
