// SPDX-License-Identifier: Apache-2.0
#include "tests/support/differences.h"

namespace rowan::support {

void Differences::compare(const std::string& what, std::uint64_t engine, std::uint64_t clocked) {
  if (engine == clocked) return;
  text_ << "  " << what << ": engine " << engine << ", clocked model " << clocked << "\n";
}

void Differences::compare(const hardware::LayerActivity& engine, const ClockedResult& clocked) {
  compare("cycles.total", engine.total.value(), clocked.total);
  compare("cycles.processing", engine.processing.value(), clocked.processing);
  for (const CounterInfo& info : counter_table()) {
    compare(std::string(info.component) + "." + info.action, engine.counts[info.counter],
            clocked.counts[info.counter]);
  }
  compare("PEs", engine.pes.size(), clocked.pes.size());
  for (std::size_t pe = 0; pe < engine.pes.size(); ++pe) {
    compare("PE " + std::to_string(pe) + ", all cycles", engine.pes[pe].total(),
            engine.total.value());
    for (std::size_t i = 0; i < kPeActivityCount; ++i) {
      const auto activity = static_cast<PeActivity>(i);
      compare("PE " + std::to_string(pe) + ", " + name_of(activity), engine.pes[pe][activity],
              clocked.pes[pe][activity]);
    }
  }
}

}  // namespace rowan::support
