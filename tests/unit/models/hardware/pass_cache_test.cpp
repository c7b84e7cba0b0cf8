// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/pass_cache.h"

#include <vector>

#include <gtest/gtest.h>

namespace rowan::hardware {
namespace {

PassEffect effect(std::uint64_t drained, std::uint64_t words) {
  PassEffect effect;
  effect.drained = drained;
  effect.counts.add(Counter::kGonWord, words);
  effect.pes.resize(2);
  effect.pes[1].add(PeActivity::kBusy, drained);
  effect.filter_reads = {{4, 1}};
  return effect;
}

FastForwardJob job(Replay replay) {
  FastForwardJob job;
  job.replay = replay;
  return job;
}

TEST(PassCache, CountsAnEffectOnceForEachReplay) {
  PassCache cache;
  cache.start_layer(job(Replay::kOn), true);
  EXPECT_EQ(cache.find("a"), nullptr);
  cache.add("a", effect(10, 3));
  cache.add("b", effect(20, 5));
  cache.find("a")->replays += 2;
  ActivityCounts counts;
  cache.add_counts(counts);
  EXPECT_EQ(counts[Counter::kGonWord], 6U);
  std::vector<PeCycles> pes(2);
  cache.add_cycles(pes);
  EXPECT_EQ(pes[0].total(), 0U);
  EXPECT_EQ(pes[1][PeActivity::kBusy], 20U);
}

TEST(PassCache, KeepsWhatEntriesCountedThatItForgets) {
  FastForwardJob small = job(Replay::kOn);
  small.most_bytes = 1;
  PassCache cache;
  cache.start_layer(small, true);
  for (const char* key : {"a", "b", "c"}) {
    cache.add(key, effect(10, 3));
    ++cache.find(key)->replays;
  }
  EXPECT_EQ(cache.find("a"), nullptr);
  EXPECT_EQ(cache.find("b"), nullptr);
  EXPECT_NE(cache.find("c"), nullptr);
  ActivityCounts counts;
  cache.add_counts(counts);
  EXPECT_EQ(counts[Counter::kGonWord], 9U);
  std::vector<PeCycles> pes(2);
  cache.add_cycles(pes);
  EXPECT_EQ(pes[1][PeActivity::kBusy], 30U);
}

TEST(PassCache, KnowsNothingOfTheLayerBefore) {
  PassCache cache;
  cache.start_layer(job(Replay::kOn), true);
  cache.add("a", effect(10, 3));
  ++cache.find("a")->replays;
  cache.start_layer(job(Replay::kOn), true);
  EXPECT_EQ(cache.find("a"), nullptr);
  ActivityCounts counts;
  cache.add_counts(counts);
  EXPECT_TRUE(counts == ActivityCounts());
}

TEST(PassCache, IsOffWhereNothingCanBeReplayed) {
  PassCache cache;
  cache.start_layer(job(Replay::kOn), false);
  EXPECT_FALSE(cache.on());
  cache.start_layer(job(Replay::kVerify), true);
  EXPECT_TRUE(cache.on());
}

TEST(PassCache, VerifiesTheFirstHitAndSomeOfTheOthers) {
  PassCache cache;
  cache.start_layer(job(Replay::kVerify), true);
  cache.add("a", effect(10, 3));
  PassCache::Entry& entry = *cache.find("a");
  EXPECT_TRUE(cache.verifies(entry));
  unsigned verified = 0;
  for (unsigned i = 0; i < 800; ++i) verified += cache.verifies(entry) ? 1 : 0;
  EXPECT_GT(verified, 60U);
  EXPECT_LT(verified, 150U);
  cache.start_layer(job(Replay::kOn), true);
  cache.add("a", effect(10, 3));
  EXPECT_FALSE(cache.verifies(*cache.find("a")));
}

TEST(Difference, IsEmptyForEqualEffects) {
  EXPECT_EQ(difference(effect(10, 3), effect(10, 3)), "");
}

TEST(Difference, NamesWhatDiffers) {
  EXPECT_EQ(difference(effect(10, 3), effect(12, 4)),
            "  cycles to the drain: replayed 10, simulated 12\n"
            "  gon.word: replayed 3, simulated 4\n"
            "  PE 1, busy: replayed 10, simulated 12\n");
  PassEffect other = effect(10, 3);
  other.filter_reads[0].cycle = 2;
  other.state = "x";
  EXPECT_EQ(difference(effect(10, 3), other),
            "  the cycles in which filters are read differ\n"
            "  the state after the pass differs\n");
}

TEST(DataCounts, FollowFromMacsGatedMacsAndAccumulations) {
  const ActivityCounts counts = data_counts(100, 30, 8);
  EXPECT_EQ(counts[Counter::kMacCompute], 70U);
  EXPECT_EQ(counts[Counter::kMacGated], 30U);
  EXPECT_EQ(counts[Counter::kFilterSpadRead], 70U);
  EXPECT_EQ(counts[Counter::kPsumSpadRead], 78U);
  EXPECT_EQ(counts[Counter::kPsumSpadWrite], 78U);
}

}  // namespace
}  // namespace rowan::hardware
