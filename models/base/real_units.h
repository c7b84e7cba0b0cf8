// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ostream>

namespace rowan {

/// A measured amount with a unit, a double; units.h has the counts. Construction is explicit; only
/// operators that keep the unit exist.
template <class Tag>
class RealQuantity {
 public:
  constexpr RealQuantity() = default;
  constexpr explicit RealQuantity(double value) : value_(value) {}

  [[nodiscard]] constexpr double value() const { return value_; }

  constexpr RealQuantity& operator+=(RealQuantity other) {
    value_ += other.value_;
    return *this;
  }
  friend constexpr RealQuantity operator+(RealQuantity a, RealQuantity b) { return a += b; }
  friend constexpr RealQuantity operator*(RealQuantity a, double factor) {
    return RealQuantity(a.value_ * factor);
  }
  friend constexpr bool operator==(RealQuantity a, RealQuantity b) { return a.value_ == b.value_; }
  friend constexpr bool operator!=(RealQuantity a, RealQuantity b) { return a.value_ != b.value_; }
  friend constexpr bool operator<(RealQuantity a, RealQuantity b) { return a.value_ < b.value_; }
  friend constexpr bool operator>(RealQuantity a, RealQuantity b) { return a.value_ > b.value_; }
  friend std::ostream& operator<<(std::ostream& out, RealQuantity q) { return out << q.value_; }

 private:
  double value_ = 0.0;
};

using Picojoules = RealQuantity<struct PicojoulesTag>;
using SquareMicrometres = RealQuantity<struct SquareMicrometresTag>;

}  // namespace rowan
