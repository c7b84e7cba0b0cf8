// SPDX-License-Identifier: Apache-2.0
#include "models/functional/executor.h"

#include <algorithm>
#include <utility>

#include "models/functional/pass_plan.h"

namespace rowan::functional {
namespace {

/// Multiplies integers of up to 16 bits.
bool is_integer(const arithmetic::PeType& type) {
  return type.numbers == arithmetic::Numbers::kInteger && type.weight_fraction_bits == 0;
}

}  // namespace

Executor::Executor(const arithmetic::PeType& type, const arithmetic::MacFormat& format)
    : Executor(type, format, integer_kernels().front()) {}

Executor::Executor(const arithmetic::PeType& type, const arithmetic::MacFormat& format,
                   const IntegerKernel& kernel)
    : arithmetic_{type, format},
      kernel_(kernel),
      any_order_(is_integer(type) && format.overflow == arithmetic::Overflow::kWrap) {}

dataflow::DataCounts Executor::execute(const std::shared_ptr<const dataflow::PassShape>& shape,
                                       const dataflow::PassWords& words) {
  auto found = compiled_.find(shape);
  if (found == compiled_.end()) found = compiled_.emplace(shape, compile(*shape)).first;
  found->second.pass->run(words);
  return {macs_on_zero(found->second, words.ifmap)};
}

Executor::Compiled Executor::compile(const dataflow::PassShape& shape) const {
  PassPlan plan = plan_pass(shape);
  Compiled compiled;
  compiled.macs_on_word = plan.macs_on_word;
  std::uint32_t most = 1;
  for (const std::uint32_t macs : plan.macs_on_word) most = std::max(most, macs);
  compiled.chunk = UINT32_MAX / most;
  compiled.pass = any_order_ ? compile_integer_pass(std::move(plan), arithmetic_, kernel_)
                             : compile_ordered_pass(std::move(plan), arithmetic_);
  return compiled;
}

std::uint64_t Executor::macs_on_zero(const Compiled& compiled, const arithmetic::Word* ifmap) {
  const std::vector<std::uint32_t>& macs = compiled.macs_on_word;
  std::uint64_t total = 0;
  for (std::size_t begin = 0; begin < macs.size(); begin += compiled.chunk) {
    const std::size_t end = std::min(macs.size(), begin + compiled.chunk);
    std::uint32_t sum = 0;
    for (std::size_t i = begin; i < end; ++i) sum += macs[i] & (ifmap[i] == 0 ? ~0U : 0U);
    total += sum;
  }
  return total;
}

}  // namespace rowan::functional
