// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/state_image.h"

#include <vector>

#include <gtest/gtest.h>

#include "models/base/random.h"

namespace rowan::hardware {
namespace {

struct State {
  std::vector<Stamp> stamps;
  std::vector<std::uint64_t> numbers;

  void show(StateImage& image) {
    for (std::size_t i = 0; i < stamps.size(); ++i) {
      image.stamp(stamps[i]);
      image.number(numbers[i]);
    }
  }
  [[nodiscard]] std::string saved(Stamp base) {
    StateImage image = StateImage::saving(base);
    show(image);
    return std::move(image).bytes();
  }
  void restore(Stamp base, const std::string& bytes) {
    StateImage image = StateImage::restoring(base, bytes);
    show(image);
  }
};

TEST(StateImage, HasNoBytesWhenEveryStampIsPast) {
  State state{{0, 7, 100}, {0, 0, 0}};
  EXPECT_EQ(state.saved(100), "");
}

TEST(StateImage, RestoresStampsAgainstAnotherBase) {
  State state{{0, 101, 5000, 100, 1000}, {3, 0, 0, 1, 0}};
  const std::string bytes = state.saved(100);
  State other{{9, 9, 9, 9, 9}, {9, 9, 9, 9, 9}};
  other.restore(700, bytes);
  EXPECT_EQ(other.stamps, (std::vector<Stamp>{700, 701, 5600, 700, 1600}));
  EXPECT_EQ(other.numbers, (std::vector<std::uint64_t>{3, 0, 0, 1, 0}));
}

TEST(StateImage, IsTheSameForStatesThatDifferInThePastAlone) {
  State a{{50, 120}, {0, 2}};
  State b{{99, 120}, {0, 2}};
  State later{{1060, 1120}, {0, 2}};
  EXPECT_EQ(a.saved(100), b.saved(100));
  EXPECT_EQ(a.saved(100), later.saved(1100));
  b.stamps[0] = 101;
  EXPECT_NE(a.saved(100), b.saved(100));
}

TEST(StateImage, TellsTheLatestStamp) {
  State state{{5, 301, 20}, {400, 0, 0}};
  StateImage image = StateImage::saving(10);
  state.show(image);
  EXPECT_EQ(image.latest(), 301U);
}

TEST(StateImage, GivesBackWhatItSaved) {
  Random random(1);
  for (int round = 0; round < 2000; ++round) {
    State state;
    const std::uint64_t size = random.below(20);
    for (std::uint64_t i = 0; i < size; ++i) {
      const bool large = random.below(3) == 0;
      state.stamps.push_back(1000 + (large ? random.bits() >> 20 : random.below(3)));
      state.numbers.push_back(random.below(2) == 0 ? 0 : random.bits());
    }
    State found = state;
    for (Stamp& stamp : found.stamps) stamp = random.bits();
    found.restore(1000, state.saved(1000));
    EXPECT_EQ(found.stamps, state.stamps);
    EXPECT_EQ(found.numbers, state.numbers);
  }
}

}  // namespace
}  // namespace rowan::hardware
