// SPDX-License-Identifier: Apache-2.0
#include "models/functional/executor.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rowan::functional {
namespace {

/// The integers that weight codes stand for, in units of the smallest.
std::vector<arithmetic::Word> weights_of(const arithmetic::PeType& type) {
  std::vector<arithmetic::Word> weights;
  if (type.weight_fraction_bits == 0) return weights;
  for (std::int64_t code = 0; code < std::int64_t{1} << type.weight_bits; ++code) {
    const double value = type.weight_value(arithmetic::wrap(code, type.weight_bits));
    weights.push_back(static_cast<arithmetic::Word>(
        std::lround(std::ldexp(value, static_cast<int>(type.weight_fraction_bits)))));
  }
  return weights;
}

}  // namespace

Executor::Executor(const arithmetic::PeType& type, const arithmetic::MacFormat& format)
    : Executor(type, format, integer_kernels().front(), ordered_kernels().front()) {}

Executor::Executor(const arithmetic::PeType& type, const arithmetic::MacFormat& format,
                   const IntegerKernel& integer_kernel, const OrderedKernel& ordered_kernel)
    : numbers_(type.numbers),
      format_(format),
      integer_kernel_(integer_kernel),
      ordered_kernel_(ordered_kernel),
      weights_(weights_of(type)) {}

dataflow::DataCounts Executor::execute(const std::shared_ptr<const dataflow::PassShape>& shape,
                                       const dataflow::PassWords& words) {
  auto found = compiled_.find(shape);
  if (found == compiled_.end()) found = compiled_.emplace(shape, compile(*shape)).first;
  const Compiled& compiled = found->second;
  dataflow::PassWords with_weights = words;
  with_weights.filters = decoded(words.filters, compiled.filter_words);
  compiled.pass->run(with_weights);
  return {macs_on_zero(compiled, words.ifmap)};
}

const arithmetic::Word* Executor::decoded(const arithmetic::Word* filters, std::size_t count) {
  if (weights_.empty()) return filters;
  const std::size_t codes = weights_.size() - 1;
  decoded_.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    decoded_[i] = weights_[static_cast<std::uint32_t>(filters[i]) & codes];
  }
  return decoded_.data();
}

Executor::Compiled Executor::compile(const dataflow::PassShape& shape) const {
  PassPlan plan = plan_pass(shape);
  Compiled compiled;
  compiled.macs_on_word = plan.macs_on_word;
  std::uint32_t most = 1;
  for (const std::uint32_t macs : plan.macs_on_word) most = std::max(most, macs);
  compiled.chunk = UINT32_MAX / most;
  compiled.filter_words = plan.filter_words;
  compiled.pass = compile_plan(std::move(plan));
  return compiled;
}

std::unique_ptr<CompiledPass> Executor::compile_plan(PassPlan plan) const {
  switch (numbers_) {
    case arithmetic::Numbers::kInteger:
      if (format_.overflow == arithmetic::Overflow::kWrap) {
        return compile_integer_pass(std::move(plan), format_, integer_kernel_);
      }
      return compile_ordered_pass(std::move(plan), format_, ordered_kernel_.saturating);
    case arithmetic::Numbers::kFloat:
      break;
  }
  return compile_ordered_pass(std::move(plan), format_, ordered_kernel_.floats);
}

std::uint64_t Executor::macs_on_zero(const Compiled& compiled,
                                     const arithmetic::Word* ifmap) const {
  if (numbers_ == arithmetic::Numbers::kFloat) return 0;
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
