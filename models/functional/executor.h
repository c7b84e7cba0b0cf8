// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/pass_executor.h"
#include "models/functional/compiled_pass.h"
#include "models/functional/integer_kernel.h"
#include "models/functional/ordered_kernel.h"
#include "models/functional/pass_plan.h"

namespace rowan::functional {

/// Carries out processing passes on words alone, many MACs at once: the words and data-dependent
/// counts that the array would have, without its time and without its code.
///
/// Of a PE type it takes what numbers and weights are, not its multiply unit. A shape is compiled
/// when it is first seen, and kept. One executor serves one layer (its format) and one thread.
class Executor final : public dataflow::PassExecutor {
 public:
  Executor(const arithmetic::PeType& type, const arithmetic::MacFormat& format);
  /// With kernels of integer_kernels() and ordered_kernels() that are not the fastest.
  Executor(const arithmetic::PeType& type, const arithmetic::MacFormat& format,
           const IntegerKernel& integer_kernel, const OrderedKernel& ordered_kernel);

  /// Reads `words.ifmap` up to the last word that the shape names. Throws HardwareError for a shape
  /// that plan_pass() refuses.
  dataflow::DataCounts execute(const std::shared_ptr<const dataflow::PassShape>& shape,
                               const dataflow::PassWords& words) override;

 private:
  struct Compiled {
    std::unique_ptr<CompiledPass> pass;
    std::vector<std::uint32_t> macs_on_word;  ///< as in PassPlan
    std::size_t chunk = 1;                    ///< words whose MACs can be summed up in 32 bits
    std::size_t filter_words = 0;
  };
  [[nodiscard]] Compiled compile(const dataflow::PassShape& shape) const;
  [[nodiscard]] std::unique_ptr<CompiledPass> compile_plan(PassPlan plan) const;
  /// The filters as two's complement words, or as they are.
  [[nodiscard]] const arithmetic::Word* decoded(const arithmetic::Word* filters, std::size_t count);
  [[nodiscard]] std::uint64_t macs_on_zero(const Compiled& compiled,
                                           const arithmetic::Word* ifmap) const;

  arithmetic::Numbers numbers_;
  arithmetic::MacFormat format_;
  IntegerKernel integer_kernel_;
  OrderedKernel ordered_kernel_;
  /// [weight codes] what a product counts for an activation of 1; empty where weights are numbers.
  std::vector<arithmetic::Word> weights_;
  std::vector<arithmetic::Word> decoded_;  ///< filters of a pass
  std::unordered_map<std::shared_ptr<const dataflow::PassShape>, Compiled> compiled_;
};

}  // namespace rowan::functional
