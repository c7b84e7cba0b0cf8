// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/base/random.h"
#include "models/dataflow/pass_executor.h"
#include "models/dataflow/row_stationary/layer_plan.h"

/// Passes carried out the slow way, and words for them.
namespace rowan::support {

/// What is done, as the PEs do it. Products and sums are made from what the type's numbers and
/// weights are, not by its functions.
struct Arithmetic {
  const arithmetic::PeType& type;
  arithmetic::MacFormat format;
};

/// Sends every packet to the PEs with its ID, computes every window, and collects the psums.
/// `columns` of the array.
dataflow::DataCounts interpret(const dataflow::PassShape& shape, std::size_t columns,
                               const Arithmetic& arithmetic, const dataflow::PassWords& words);

/// Random words for a shape, some of them zero; of binary32 some infinities and NaNs.
struct Words {
  Words(const dataflow::PassShape& shape, const Arithmetic& arithmetic, Random& random);
  [[nodiscard]] dataflow::PassWords pass();

  std::vector<arithmetic::Word> ifmap;
  std::vector<arithmetic::Word> filters;
  std::vector<arithmetic::Word> psums;
  std::size_t row_words = 0;
};

/// The shapes of all passes of a layer, without repetition.
[[nodiscard]] std::vector<std::shared_ptr<const dataflow::PassShape>> shapes_of(
    const dataflow::row_stationary::LayerPlan& plan);

}  // namespace rowan::support
