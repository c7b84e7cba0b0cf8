// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/functional/layer_execution.h"
#include "models/rtl/packet_tables.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/random_case.h"

namespace rowan::validation {

/// An accelerator whose RTL is simulated.
struct RtlConfiguration {
  std::string name;
  spec::AcceleratorSpec spec;
  rtl::TableSizes tables;
  std::optional<support::RandomCase> layer;  ///< the only one, if it fits few others
};

/// Those of the daily tests: every PE type, one PE to the whole chip, buses narrower than a word,
/// banks of one port, the least FIFOs, no latency and long ones.
[[nodiscard]] std::vector<RtlConfiguration> rtl_configurations();
/// One drawn from a seed, of a few PEs, with a layer.
[[nodiscard]] RtlConfiguration random_rtl_configuration(std::uint64_t seed);

/// A pass of a layer with its words.
struct RtlCase {
  support::RandomCase layer;
  std::uint64_t pass = 0;
  dataflow::BufferPlan buffers;
  arithmetic::MacFormat mac;
  functional::PassState state;

  [[nodiscard]] std::string describe() const;
};

/// Draws layer, mapping, pass and words, which cover the whole range of the type: for fp32
/// subnormal numbers, infinities and NaNs, too. Throws InputError with the configuration's name
/// when none of many draws is legal on it, small enough, and one that its tables hold.
[[nodiscard]] RtlCase random_rtl_case(const RtlConfiguration& configuration, std::uint64_t seed);

}  // namespace rowan::validation
