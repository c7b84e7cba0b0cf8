// SPDX-License-Identifier: Apache-2.0
//
// The fp32 units against the processor's own arithmetic: random pairs of every kind, and pairs
// chosen so that sums cancel, round to a tie, or leave the exponent's range.
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>

#include <Vfp32_units.h>
#include <verilated.h>

namespace {

float number(std::uint32_t word) {
  float value;
  std::memcpy(&value, &word, sizeof(value));
  return value;
}

std::uint32_t word(float value) {
  if (std::isnan(value)) return 0x7fc00000;
  std::uint32_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return bits;
}

class Pairs {
 public:
  explicit Pairs(std::uint64_t seed) : random_(seed) {}

  void next(std::uint32_t& a, std::uint32_t& b) {
    a = operand();
    switch (random_() % 4) {
      case 0:  // near in magnitude: cancellation
        b = a ^ (random_() % 2 << 31) ^ (1U << random_() % 26) ^
            static_cast<std::uint32_t>(random_() % 4);
        break;
      case 1: {  // exponents whose sum is near the ends of the range, or whose distance is small
        const auto of_a = static_cast<int>(a >> 23 & 255);
        const int near = random_() % 2 ? (random_() % 2 ? 127 : 381) - of_a : of_a;
        const int exponent = near + static_cast<int>(random_() % 60) - 30;
        b = static_cast<std::uint32_t>(exponent & 255) << 23 | mantissa() | sign();
        break;
      }
      default:
        b = operand();
    }
  }

 private:
  std::uint32_t sign() { return static_cast<std::uint32_t>(random_() % 2) << 31; }
  /// Often with few ones, so that results lie on ties.
  std::uint32_t mantissa() {
    const auto bits = static_cast<std::uint32_t>(random_()) & 0x7fffff;
    switch (random_() % 4) {
      case 0:
        return bits & bits << 1 & 0x7fffff & static_cast<std::uint32_t>(random_());
      case 1:
        return (0x7fffffU << random_() % 24) & 0x7fffff;
      case 2:
        return 0x7fffffU >> random_() % 24;
      default:
        return bits;
    }
  }
  std::uint32_t operand() {
    static constexpr std::uint32_t kSpecial[] = {0,          0x00000001, 0x007fffff, 0x00800000,
                                                 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x7f800001,
                                                 0x3f800000, 0x33800000};
    switch (random_() % 8) {
      case 0:
        return kSpecial[random_() % 10] | sign();
      case 1:
        return mantissa() | sign();  // subnormal
      default:
        return static_cast<std::uint32_t>(random_() % 256) << 23 | mantissa() | sign();
    }
  }

  std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
  const long pairs = argc > 1 ? std::atol(argv[1]) : 1'000'000;
  Pairs source(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
  VerilatedContext context;
  Vfp32_units units(&context);
  long subnormal = 0;
  long infinite = 0;
  long nan = 0;
  for (long i = 0; i < pairs; ++i) {
    source.next(units.a, units.b);
    units.eval();
    const volatile float a = number(units.a);
    const volatile float b = number(units.b);
    const std::uint32_t product = word(a * b);
    const std::uint32_t sum = word(a + b);
    if (units.product != product || units.sum != sum) {
      std::printf("FAIL: %08x %08x: product %08x, expected %08x; sum %08x, expected %08x\n",
                  units.a, units.b, units.product, product, units.sum, sum);
      return 1;
    }
    for (const std::uint32_t result : {product, sum}) {
      subnormal += (result & 0x7f800000) == 0 && (result & 0x7fffffff) != 0 ? 1 : 0;
      infinite += (result & 0x7fffffff) == 0x7f800000 ? 1 : 0;
      nan += result == 0x7fc00000 ? 1 : 0;
    }
  }
  std::printf("PASS: %ld pairs; of the results %ld subnormal, %ld infinite, %ld NaN\n", pairs,
              subnormal, infinite, nan);
  return 0;
}
