// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/pass_cache.h"

#include <algorithm>
#include <utility>

namespace rowan::hardware {
namespace {

/// One hit in so many is verified, and the first of every entry.
constexpr std::uint64_t kVerifiedShare = 8;
std::size_t bytes_of(const std::string& key, const PassEffect& effect) {
  return key.size() + sizeof effect + effect.state.size() + effect.pes.size() * sizeof(PeCycles) +
         effect.filter_reads.size() * sizeof(FilterRing::Read);
}

}  // namespace

std::string difference(const PassEffect& expected, const PassEffect& found) {
  std::string text;
  const auto compare = [&text](const std::string& what, std::uint64_t a, std::uint64_t b) {
    if (a != b) {
      text += "  " + what + ": replayed " + std::to_string(a) + ", simulated " + std::to_string(b) +
              "\n";
    }
  };
  compare("cycles to the drain", expected.drained, found.drained);
  for (const CounterInfo& info : counter_table()) {
    compare(std::string(info.component) + "." + info.action, expected.counts[info.counter],
            found.counts[info.counter]);
  }
  for (std::size_t pe = 0; pe < found.pes.size(); ++pe) {
    for (std::size_t i = 0; i < kPeActivityCount; ++i) {
      const auto activity = static_cast<PeActivity>(i);
      if (expected.pes[pe][activity] == found.pes[pe][activity]) continue;
      compare("PE " + std::to_string(pe) + ", " + name_of(activity), expected.pes[pe][activity],
              found.pes[pe][activity]);
    }
  }
  const auto same_read = [](const FilterRing::Read& a, const FilterRing::Read& b) {
    return a.words == b.words && a.cycle == b.cycle;
  };
  if (!std::equal(expected.filter_reads.begin(), expected.filter_reads.end(),
                  found.filter_reads.begin(), found.filter_reads.end(), same_read)) {
    text += "  the cycles in which filters are read differ\n";
  }
  if (expected.state_base != found.state_base || expected.state != found.state) {
    text += "  the state after the pass differs\n";
  }
  return text;
}

ActivityCounts data_counts(std::uint64_t macs, std::uint64_t gated, std::uint64_t accumulations) {
  ActivityCounts counts;
  counts.add(Counter::kMacCompute, macs - gated);
  counts.add(Counter::kMacGated, gated);
  counts.add(Counter::kFilterSpadRead, macs - gated);
  counts.add(Counter::kPsumSpadRead, macs - gated + accumulations);
  counts.add(Counter::kPsumSpadWrite, macs - gated + accumulations);
  return counts;
}

void PassCache::start_layer(const FastForwardJob& job, bool allowed) {
  job_ = job;
  if (!allowed) job_.replay = Replay::kOff;
  entries_.clear();
  bytes_ = 0;
  forgotten_ = {};
  forgotten_cycles_.clear();
  random_ = Random(job_.seed);
}

std::string PassCache::shortened(const std::string& key) const {
  return job_.shorten_key ? job_.shorten_key(key) : key;
}

PassCache::Entry* PassCache::find(const std::string& key) {
  const auto found = entries_.find(shortened(key));
  return found == entries_.end() ? nullptr : &found->second;
}

bool PassCache::verifies(Entry& entry) {
  if (job_.replay != Replay::kVerify) return false;
  const bool first = !entry.verified;
  entry.verified = true;
  return random_.below(kVerifiedShare) == 0 || first;
}

void PassCache::add(const std::string& key, PassEffect effect) {
  const std::size_t bytes = bytes_of(key, effect);
  if (!entries_.empty() && bytes_ + bytes > job_.most_bytes) forget();
  bytes_ += bytes;
  entries_[shortened(key)].effect = std::move(effect);
}

void PassCache::forget() {
  ActivityCounts counts;
  add_counts(counts);
  forgotten_ = counts;
  std::vector<PeCycles> pes(entries_.empty() ? 0 : entries_.begin()->second.effect.pes.size());
  add_cycles(pes);
  forgotten_cycles_ = std::move(pes);
  entries_.clear();
  bytes_ = 0;
}

void PassCache::add_counts(ActivityCounts& counts) const {
  counts += forgotten_;
  for (const auto& [key, entry] : entries_) {
    for (const CounterInfo& info : counter_table()) {
      counts.add(info.counter, entry.effect.counts[info.counter] * entry.replays);
    }
  }
}

void PassCache::add_cycles(std::vector<PeCycles>& pes) const {
  for (std::size_t pe = 0; pe < forgotten_cycles_.size(); ++pe) pes[pe] += forgotten_cycles_[pe];
  for (const auto& [key, entry] : entries_) {
    if (entry.replays == 0) continue;
    for (std::size_t pe = 0; pe < pes.size(); ++pe) {
      for (std::size_t i = 0; i < kPeActivityCount; ++i) {
        const auto activity = static_cast<PeActivity>(i);
        pes[pe].add(activity, entry.effect.pes[pe][activity] * entry.replays);
      }
    }
  }
}

}  // namespace rowan::hardware
