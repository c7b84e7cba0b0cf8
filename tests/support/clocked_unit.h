// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/base/activity.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/clocked_buffer.h"
#include "tests/support/clocked_controller.h"

namespace rowan::support {

/// The post-processing unit on its own passes: takes `lanes` words a cycle, and makes its results
/// of the words it took, in the order in which it took them.
class ClockedUnit {
 public:
  ClockedUnit(const spec::AcceleratorSpec& spec, ClockedController& controller,
              ClockedBuffer& buffer)
      : lanes_(spec.post_processing.lanes), controller_(controller), buffer_(buffer) {}

  void evaluate(std::uint64_t now, ActivityCounts& counts);

 private:
  void begin(ActivityCounts& counts);
  void take_cycle(ActivityCounts& counts);
  void end(std::uint64_t now, ActivityCounts& counts);

  std::uint64_t lanes_;
  ClockedController& controller_;
  ClockedBuffer& buffer_;

  std::size_t pass_ = 0;  ///< under way, or the next
  bool under_way_ = false;
  std::vector<arithmetic::Word> parameters_;
  std::size_t parameters_taken_ = 0;
  std::vector<std::size_t> order_;       ///< words of the tile that it takes, in order
  std::vector<arithmetic::Word> taken_;  ///< the first of them
};

}  // namespace rowan::support
