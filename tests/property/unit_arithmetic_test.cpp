// SPDX-License-Identifier: Apache-2.0
//
// The post-processing unit's functions, and on binary32 its whole layers, against the golden
// operations, which were written from the same table without each other.

#include <map>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "models/arithmetic/floating_point.h"
#include "models/arithmetic/special_functions.h"
#include "models/base/error.h"
#include "models/base/random.h"
#include "models/dataflow/post_processing/dram_image.h"
#include "models/dataflow/post_processing/layer_plan.h"
#include "models/dataflow/post_processing/layer_schedule.h"
#include "models/functional/layer_execution.h"
#include "tests/support/random_unit_case.h"
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

// ---- binary32 ----

/// Numbers of like size for integers; some zeros of either sign, infinities, NaNs and subnormals.
void make_floats(Tensor& tensor, Random& random, bool with_specials) {
  constexpr std::uint32_t kSpecials[] = {0x80000000, 0x7f800000, 0xff800000,
                                         0x7fc00000, 0x00000001, 0x807fffff};
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    Word& word = tensor.data()[i];
    word = arithmetic::bits_of(static_cast<float>(word) / 2048);
    if (with_specials && random.below(50) == 0)
      word = static_cast<Word>(kSpecials[random.below(6)]);
  }
}

/// The case on binary32, with as many more banks as wider words need.
support::RandomUnitCase of_floats(support::RandomUnitCase test) {
  spec::PeSpec& pe = test.accelerator.pe;
  pe.type = "fp32";
  pe.product_bits = pe.psum_bits = 32;
  pe.zero_gating = false;
  Bits& row_width = test.accelerator.global_buffer.row_width;
  row_width = Bits(2 * row_width.value());  // a row holds a word of 32 bits, as of 16 before
  for (;; test.accelerator.global_buffer.banks += 4) {
    try {
      (void)test.plan();
      return test;
    } catch (const InputError&) {
    }
  }
}

/// By the functional executor.
Tensor ofmap_of(const support::RandomUnitCase& test, const workloads::LayerTensors& tensors) {
  namespace unit = dataflow::post_processing;
  const unit::LayerPlan plan = test.plan();
  const unit::DramImage image =
      unit::make_dram_image(plan, tensors, test.network_input, test.places);
  functional::LayerWork work;
  work.schedule = std::make_shared<unit::LayerSchedule>(plan, image.layout);
  work.buffers = plan.buffers();
  work.post_processing.activation_bits = 32;
  work.post_processing.numbers = arithmetic::Numbers::kFloat;
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  std::vector<std::uint8_t> resident = image.resident;
  resident.resize(image.layout.resident_bytes);
  (void)functional::run_layer(work, test.accelerator, memory, resident);
  const bool stays = test.places.ofmap == dataflow::FmapPlace::kResident;
  return unit::read_ofmap(plan, image.layout, stays ? resident : memory);
}

TEST(UnitArithmetic, LayersOfBinary32AreTheGoldenOnes) {
  std::map<dataflow::UnitOperation, unsigned> compared;
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    const support::RandomUnitCase test = of_floats(support::make_random_unit_case(seed));
    const auto layer = support::layer_of(test);
    if (!layer) continue;
    workloads::LayerTensors tensors = support::make_random_unit_tensors(test);
    Random random(seed);
    const bool with_specials = random.below(4) == 0;
    for (Tensor& input : tensors.inputs) make_floats(input, random, with_specials);
    make_floats(tensors.parameters, random, with_specials);
    workloads::golden::Arithmetic how;
    how.type = &arithmetic::pe_type("fp32");
    ASSERT_TRUE(ofmap_of(test, tensors) == workloads::golden::layer(*layer, tensors, how))
        << test.describe();
    ++compared[test.shape.operation];
  }
  EXPECT_EQ(compared.size(), 9U);  // operations
}

}  // namespace
}  // namespace rowan
