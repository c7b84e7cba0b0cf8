// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/pass_executor.h"
#include "models/functional/compiled_pass.h"
#include "models/functional/integer_kernel.h"

namespace rowan::functional {

/// Carries out processing passes on words alone, many MACs at once: the words and data-dependent
/// counts that the array would have, without its time and without its code.
///
/// A shape is compiled when it is first seen, and kept. One executor serves one layer (its format)
/// and one thread.
class Executor final : public dataflow::PassExecutor {
 public:
  Executor(const arithmetic::PeType& type, const arithmetic::MacFormat& format);
  /// With a kernel of integer_kernels() that is not the fastest.
  Executor(const arithmetic::PeType& type, const arithmetic::MacFormat& format,
           const IntegerKernel& kernel);

  /// Reads `words.ifmap` up to the last word that the shape names. Throws HardwareError for a shape
  /// that plan_pass() refuses.
  dataflow::DataCounts execute(const std::shared_ptr<const dataflow::PassShape>& shape,
                               const dataflow::PassWords& words) override;

 private:
  struct Compiled {
    std::unique_ptr<CompiledPass> pass;
    std::vector<std::uint32_t> macs_on_word;  ///< as in PassPlan
    std::size_t chunk = 1;                    ///< words whose MACs can be summed up in 32 bits
  };
  [[nodiscard]] Compiled compile(const dataflow::PassShape& shape) const;
  [[nodiscard]] static std::uint64_t macs_on_zero(const Compiled& compiled,
                                                  const arithmetic::Word* ifmap);

  PassArithmetic arithmetic_;
  IntegerKernel kernel_;
  bool any_order_;  ///< sums are the same in any order
  std::unordered_map<std::shared_ptr<const dataflow::PassShape>, Compiled> compiled_;
};

}  // namespace rowan::functional
