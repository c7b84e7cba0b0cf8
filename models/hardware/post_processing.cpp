// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/post_processing.h"

#include "models/arithmetic/fixed_point.h"
#include "models/arithmetic/floating_point.h"

namespace rowan::hardware {
namespace {

Word process_integer(Word psum, const arithmetic::OfmapRule& rule, std::uint32_t channel) {
  const std::int64_t value = rule.relu && psum < 0 ? 0 : psum;
  return arithmetic::clamp(arithmetic::shift_to_nearest(value, rule.shift_of(channel)),
                           rule.activation_bits);
}

Word process_float(Word psum, const arithmetic::OfmapRule& rule) {
  return rule.relu && arithmetic::float_of(psum) <= 0 ? 0 : psum;
}

}  // namespace

Word PostProcessingUnit::process(Word psum, std::uint32_t channel) {
  ++words_;
  switch (rule_.numbers) {
    case arithmetic::Numbers::kInteger:
      return process_integer(psum, rule_, channel);
    case arithmetic::Numbers::kFloat:
      break;
  }
  return process_float(psum, rule_);
}

}  // namespace rowan::hardware
