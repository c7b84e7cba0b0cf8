// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/arithmetic/floating_point.h"
#include "models/arithmetic/pe_type.h"
#include "models/base/random.h"

/// MACs per second of the simulator's hot loop, by PE type, instruction set, overflow (1:
/// saturating), words of a window and psums.
namespace rowan::arithmetic {
namespace {

std::vector<Word> random_words(std::size_t count, unsigned bits, Numbers numbers, Random& random) {
  std::vector<Word> words(count);
  for (Word& word : words) {
    word = wrap(static_cast<std::int64_t>(random.bits() >> 1U), bits);
    // Ordinary numbers: a processor may take long over the others.
    if (numbers == Numbers::kFloat) word = bits_of(static_cast<float>(word) / 65536);
  }
  return words;
}

void run(benchmark::State& state, const PeType& type, MacWindow mac_window) {
  MacFormat format{{0, type.product_bits}, type.psum_bits};
  if (state.range(0) == 1) format.overflow = Overflow::kSaturate;
  const auto words = static_cast<std::size_t>(state.range(1));
  const auto psum_count = static_cast<std::size_t>(state.range(2));
  Random random(1);
  const std::vector<Word> ifmap = random_words(words, type.activation_bits, type.numbers, random);
  const std::vector<Word> filters =
      random_words(words * psum_count, type.weight_bits, type.numbers, random);
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
  for (const auto& type : rowan::arithmetic::pe_types()) {
    for (const auto& mac : type.mac_windows) {
      const std::string name = std::string("mac_window/") + type.name + "/" + mac.instruction_set;
      benchmark::RegisterBenchmark(name.c_str(), rowan::arithmetic::run, type, mac.mac_window)
          ->ArgNames({"saturate", "words", "psums"})
          ->ArgsProduct({{0, 1}, {9, 33}, {1, 4, 16, 24}});
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
