// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/pass.h"

namespace rowan::dataflow {

/// The words that a pass works on, as the GLB holds them.
struct PassWords {
  const arithmetic::Word* ifmap =
      nullptr;  ///< of its ifmap tile, padding and inserted zeros included
  const arithmetic::Word* filters = nullptr;  ///< its filter block, in bus order
  arithmetic::Word* psums = nullptr;          ///< rows of its psum tile, from Pass::psum_row on
  std::size_t psum_row_words = 0;             ///< words from one psum row to the next
};

/// What of a pass's activity depends on its words.
struct DataCounts {
  /// MACs that zero gating leaves out: those on an ifmap word of zero, summed over the PEs. With
  /// floating point it leaves out none: 0 times infinity is a NaN.
  std::uint64_t macs_on_zero = 0;
};

/// Carries out passes on words alone, without time.
class PassExecutor {
 public:
  virtual ~PassExecutor() = default;
  /// Does to the psums what the array does in a pass of this shape.
  virtual DataCounts execute(const std::shared_ptr<const PassShape>& shape,
                             const PassWords& words) = 0;
};

}  // namespace rowan::dataflow
