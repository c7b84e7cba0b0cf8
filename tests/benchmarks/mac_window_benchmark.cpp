// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/arithmetic/integer_mac.h"
#include "models/base/random.h"

/// MACs per second of the simulator's hot loop, by instruction set, window bits, words of a window
/// and psums.
namespace rowan::arithmetic {
namespace {

std::vector<Word> random_words(std::size_t count, Random& random) {
  std::vector<Word> words(count);
  for (Word& word : words) word = static_cast<Word>(random.between(-32768, 32767));
  return words;
}

void run(benchmark::State& state, MacWindow mac_window) {
  const MacFormat format{{8, static_cast<unsigned>(state.range(0))}, 16};
  const auto words = static_cast<std::size_t>(state.range(1));
  const auto psum_count = static_cast<std::size_t>(state.range(2));
  Random random(1);
  const std::vector<Word> ifmap = random_words(words, random);
  const std::vector<Word> filters = random_words(words * psum_count, random);
  std::vector<Word> psums(psum_count);
  for (auto step : state) {
    static_cast<void>(step);
    mac_window(ifmap.data(), words, filters.data(), psum_count, format, psums.data());
    benchmark::DoNotOptimize(psums.data());
    benchmark::ClobberMemory();
  }
  state.counters["MAC/s"] = benchmark::Counter(static_cast<double>(words * psum_count),
                                               benchmark::Counter::kIsIterationInvariantRate);
}

}  // namespace
}  // namespace rowan::arithmetic

int main(int argc, char** argv) {
  for (const auto& variant : rowan::arithmetic::integer_macs()) {
    const std::string name = std::string("mac_window/") + variant.instruction_set;
    benchmark::RegisterBenchmark(name.c_str(), rowan::arithmetic::run, variant.mac_window)
        ->ArgNames({"window_bits", "words", "psums"})
        ->ArgsProduct({{16, 12}, {9, 33}, {1, 4, 16, 24}});
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
