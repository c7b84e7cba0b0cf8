// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>

#include "models/base/random.h"

namespace rowan::support {

/// Draws with the few distributions that cases need.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  unsigned between(unsigned least, unsigned most) {
    return static_cast<unsigned>(random_.between(least, std::max(least, most)));
  }
  bool percent(unsigned chance) { return between(1, 100) <= chance; }
  template <class T>
  T of(std::initializer_list<T> values) {
    return values.begin()[between(0, static_cast<unsigned>(values.size()) - 1)];
  }
  std::uint64_t bits() { return random_.bits(); }

 private:
  Random random_;
};

}  // namespace rowan::support
