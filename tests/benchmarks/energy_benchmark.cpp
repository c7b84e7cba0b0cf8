// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <benchmark/benchmark.h>

#include "models/energy/pricer.h"
#include "models/energy/table_file.h"
#include "models/spec/platform_file.h"

namespace rowan::energy {
namespace {

const std::string kPlatforms = std::string(ROWAN_SOURCE_DIR) + "/platforms";

ActivityCounts some_counts() {
  ActivityCounts counts;
  for (const CounterInfo& info : counter_table()) counts.add(info.counter, 123'456);
  return counts;
}

Pricer eyeriss_pricer() {
  return Pricer(load_table(kPlatforms + "/energy/eyeriss_65nm.yaml"),
                spec::load_platform(kPlatforms + "/eyeriss.yaml"));
}

/// What the mapper does with each candidate.
void one_sum(benchmark::State& state) {
  const Pricer pricer = eyeriss_pricer();
  ActivityCounts counts = some_counts();
  for (auto _ : state) {
    benchmark::DoNotOptimize(counts);
    benchmark::DoNotOptimize(pricer.picojoules(counts, Cycles(1'000'000)));
  }
}
BENCHMARK(one_sum);

void breakdown(benchmark::State& state) {
  const Pricer pricer = eyeriss_pricer();
  const ActivityCounts counts = some_counts();
  for (auto _ : state) benchmark::DoNotOptimize(pricer.price(counts, Cycles(1'000'000)));
}
BENCHMARK(breakdown);

}  // namespace
}  // namespace rowan::energy

BENCHMARK_MAIN();
