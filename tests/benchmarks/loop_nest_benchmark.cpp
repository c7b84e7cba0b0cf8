// SPDX-License-Identifier: Apache-2.0
#include <benchmark/benchmark.h>

#include "models/analytical/loop_nest/count.h"
#include "models/analytical/loop_nest/nest_file.h"

namespace rowan::analytical::loop_nest {
namespace {

void BM_Count(benchmark::State& state, const char* name) {
  const Nest nest =
      load_loop_nest(std::string(ROWAN_SOURCE_DIR "/validation/timeloop/") + name + ".yaml");
  for (auto _ : state) benchmark::DoNotOptimize(count(nest));
  state.counters["nests_per_s"] =
      benchmark::Counter(static_cast<double>(state.iterations()), benchmark::Counter::kIsRate);
}
BENCHMARK_CAPTURE(BM_Count, alexnet_conv1, "alexnet_conv1");
BENCHMARK_CAPTURE(BM_Count, alexnet_conv3, "alexnet_conv3");
BENCHMARK_CAPTURE(BM_Count, tiny_5x5_odd, "tiny_5x5_odd");

}  // namespace
}  // namespace rowan::analytical::loop_nest

BENCHMARK_MAIN();
