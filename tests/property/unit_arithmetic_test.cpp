// SPDX-License-Identifier: Apache-2.0
//
// The post-processing unit's functions against the golden operations, which were written from the
// same table without each other.

#include <vector>

#include <gtest/gtest.h>

#include "models/arithmetic/special_functions.h"
#include "models/base/random.h"
#include "workloads/golden.h"

namespace rowan {
namespace {

using arithmetic::Word;
using workloads::Tensor;

Tensor random_words(Random& random, const workloads::Extents& extents, std::int64_t most) {
  Tensor tensor(extents);
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    tensor.data()[i] = static_cast<Word>(random.between(-most - 1, most));
  }
  return tensor;
}

TEST(UnitArithmetic, GeluIsTheGoldenOneForEveryWordAndFormat) {
  Tensor all({1, 1, 256, 256});
  for (std::size_t i = 0; i < all.size(); ++i) all.data()[i] = static_cast<Word>(i) - 32768;
  workloads::UnitAttributes attributes;
  for (attributes.fraction_bits = 0; attributes.fraction_bits <= 15; ++attributes.fraction_bits) {
    const Tensor golden = workloads::golden::gelu(all, attributes, 16);
    for (std::size_t i = 0; i < all.size(); ++i) {
      ASSERT_EQ(arithmetic::gelu(all.data()[i], attributes.fraction_bits, 16), golden.data()[i])
          << all.data()[i] << " with " << attributes.fraction_bits << " fraction bits";
    }
  }
}

TEST(UnitArithmetic, SoftmaxIsTheGoldenOneForEveryDistance) {
  workloads::UnitAttributes attributes;
  attributes.ofmap_fraction_bits = 15;
  Tensor pairs({1, 2, 256, 256});
  for (std::size_t i = 0; i < 65'536; ++i) {
    pairs.data()[i] = static_cast<Word>(i) - 32768;
    pairs.data()[65'536 + i] = 32767;
  }
  for (attributes.fraction_bits = 0; attributes.fraction_bits <= 15; ++attributes.fraction_bits) {
    const Tensor golden = workloads::golden::softmax(pairs, attributes, 16);
    for (std::size_t i = 0; i < 65'536; ++i) {
      const Word x[] = {pairs.data()[i], 32767};
      Word results[2];
      arithmetic::softmax(x, 2, attributes.fraction_bits, 15, 16, results);
      ASSERT_EQ(results[0], golden.data()[i]);
      ASSERT_EQ(results[1], golden.data()[65'536 + i]);
    }
  }
}

TEST(UnitArithmetic, SoftmaxIsTheGoldenOneForManyWords) {
  Random random(11);
  for (unsigned round = 0; round < 3'000; ++round) {
    const auto count = static_cast<std::size_t>(random.between(1, round % 100 == 0 ? 2'000 : 60));
    const std::int64_t most = random.between(0, 1) == 0 ? 32767 : random.between(1, 3'000);
    const Tensor x = random_words(random, {1, count, 1, 1}, most);
    workloads::UnitAttributes attributes;
    attributes.fraction_bits = static_cast<unsigned>(random.between(0, 15));
    attributes.ofmap_fraction_bits = static_cast<unsigned>(random.between(0, 15));
    Tensor results(x.extents());
    arithmetic::softmax(x.data(), count, attributes.fraction_bits, attributes.ofmap_fraction_bits,
                        16, results.data());
    ASSERT_TRUE(results == workloads::golden::softmax(x, attributes, 16)) << "round " << round;
  }
}

TEST(UnitArithmetic, LayerNormIsTheGoldenOneForManyWords) {
  Random random(12);
  for (unsigned round = 0; round < 3'000; ++round) {
    const auto count = static_cast<std::size_t>(random.between(1, round % 100 == 0 ? 5'000 : 60));
    const std::int64_t most = random.between(0, 1) == 0 ? 32767 : random.between(0, 300);
    const Tensor x = random_words(random, {1, count, 1, 1}, most);
    const Tensor parameters = random_words(random, {count, 2, 1, 1}, 32767);
    workloads::UnitAttributes attributes;
    attributes.ofmap_fraction_bits = static_cast<unsigned>(random.between(0, 15));
    attributes.gain_fraction_bits = static_cast<unsigned>(random.between(0, 15));
    Tensor results(x.extents());
    arithmetic::layer_norm(x.data(), count, parameters.data(),
                           {attributes.ofmap_fraction_bits, attributes.gain_fraction_bits, 16},
                           results.data());
    ASSERT_TRUE(results == workloads::golden::layer_norm(x, parameters, attributes, 16))
        << "round " << round;
  }
}

}  // namespace
}  // namespace rowan
