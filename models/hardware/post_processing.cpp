// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/post_processing.h"

#include <algorithm>

namespace rowan::hardware {

Word PostProcessingUnit::process(Word psum) {
  ++words_;
  std::int64_t value = psum;
  if (how_.relu && value < 0) value = 0;
  if (how_.shift > 0) value = (value + (std::int64_t{1} << (how_.shift - 1))) >> how_.shift;
  const std::int64_t most = (std::int64_t{1} << (how_.activation_bits - 1)) - 1;
  return static_cast<Word>(std::clamp(value, -most - 1, most));
}

}  // namespace rowan::hardware
