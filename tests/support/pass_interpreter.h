// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/base/random.h"
#include "models/dataflow/pass_executor.h"
#include "models/dataflow/row_stationary/layer_plan.h"

/// Passes carried out the slow way, and words for them.
namespace rowan::support {

/// What is done, as the PEs do it: `mac_window` is of the definition, not of the library.
struct Arithmetic {
  arithmetic::MacWindow mac_window;
  arithmetic::MacFormat format;
  arithmetic::AddPsums add_psums = arithmetic::pe_type("int16").add_psums;
};

/// A MacWindow: the definition, one product after the other.
void mac_window(const arithmetic::Word* ifmap, std::size_t words, const arithmetic::Word* filters,
                std::size_t psum_count, const arithmetic::MacFormat& format,
                arithmetic::Word* psums);

/// Sends every packet to the PEs with its ID, computes every window, and collects the psums.
/// `columns` of the array.
dataflow::DataCounts interpret(const dataflow::PassShape& shape, std::size_t columns,
                               const Arithmetic& arithmetic, const dataflow::PassWords& words);

/// Random words for a shape: ifmap words and filters of 16 bits, some of them zero, and psums.
struct Words {
  Words(const dataflow::PassShape& shape, unsigned psum_bits, Random& random);
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
