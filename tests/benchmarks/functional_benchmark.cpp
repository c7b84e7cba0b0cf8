// SPDX-License-Identifier: Apache-2.0
//
// Passes of common layers on words alone, on the chip's array: MACs per second, with all that a
// pass needs besides (filters brought into order, psums fetched and put back, zeros counted).

#include <benchmark/benchmark.h>

#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/functional/executor.h"
#include "models/functional/layer_execution.h"
#include "tests/support/pass_interpreter.h"
#include "tests/support/small_layer.h"
#include "workloads/seeded_tensors.h"

namespace rowan::functional {
namespace {

namespace row_stationary = dataflow::row_stationary;

/// A layer, and a mapping that the chip has room for.
struct Case {
  const char* name;
  workloads::ConvolutionShape shape;
  row_stationary::Mapping mapping;
};

workloads::ConvolutionShape convolution(unsigned groups, unsigned filters, unsigned channels,
                                        unsigned size, unsigned kernel, unsigned stride) {
  workloads::ConvolutionShape shape;
  shape.groups = groups;
  shape.filters = filters;
  shape.channels = channels;
  shape.height = shape.width = size;
  shape.kernel_height = shape.kernel_width = kernel;
  shape.stride = stride;
  shape.padding = kernel / 2;
  return shape;
}

row_stationary::Mapping mapping(unsigned n, unsigned e, unsigned f, unsigned p, unsigned q,
                                unsigned r, unsigned t, unsigned g, unsigned kernel) {
  row_stationary::Mapping mapping;
  mapping.m = p * t;
  mapping.n = n;
  mapping.e = e;
  mapping.f = f;
  mapping.p = p;
  mapping.q = q;
  mapping.r = r;
  mapping.t = t;
  mapping.g = g;
  mapping.filter_rows = mapping.filter_columns = kernel;
  return mapping;
}

std::vector<Case> cases() {
  return {
      {"vgg_conv1_2", convolution(1, 64, 64, 224, 3, 1), mapping(1, 14, 56, 16, 4, 2, 2, 1, 3)},
      {"vgg_conv4_2", convolution(1, 512, 512, 28, 3, 1), mapping(1, 14, 28, 16, 4, 2, 2, 1, 3)},
      {"alexnet_conv1", convolution(1, 96, 3, 227, 11, 4), mapping(1, 7, 55, 16, 1, 1, 2, 1, 11)},
      {"alexnet_conv3", convolution(1, 384, 256, 13, 3, 1), mapping(4, 13, 13, 16, 4, 1, 4, 1, 3)},
      {"resnet_1x1", convolution(1, 256, 64, 56, 1, 1), mapping(1, 14, 28, 16, 12, 3, 4, 1, 1)},
      {"resnet_1x1_wide", convolution(1, 512, 2048, 7, 1, 1), mapping(1, 7, 7, 16, 12, 4, 5, 1, 1)},
      {"p16_t1", convolution(1, 64, 64, 56, 3, 1), mapping(1, 14, 56, 16, 4, 4, 1, 1, 3)},
      {"p4_t1", convolution(1, 64, 64, 28, 3, 1), mapping(1, 14, 28, 4, 4, 4, 1, 1, 3)},
      {"depthwise_112", convolution(32, 32, 32, 112, 3, 1), mapping(1, 14, 112, 1, 1, 1, 1, 4, 3)},
      {"depthwise_14", convolution(512, 512, 512, 14, 3, 1), mapping(1, 14, 14, 1, 1, 1, 1, 4, 3)},
      {"depthwise_7", convolution(960, 960, 960, 7, 3, 1), mapping(1, 7, 7, 1, 1, 1, 1, 8, 3)},
      {"depthwise_stride_2", convolution(96, 96, 96, 112, 3, 2),
       mapping(1, 14, 56, 1, 1, 1, 1, 4, 3)},
      {"fully_connected", convolution(1, 4096, 4096, 1, 1, 1),
       mapping(4, 1, 1, 2, 12, 12, 14, 1, 1)},
  };
}

constexpr unsigned kBatch = 4;

struct Arithmetic {
  const char* name;
  const char* type;
  arithmetic::MacFormat format;
};

void run(benchmark::State& state, const Case& which, const Arithmetic& how,
         const IntegerKernel& kernel, const OrderedKernel& ordered) {
  const row_stationary::LayerPlan plan(which.shape, kBatch, which.mapping, support::eyeriss());
  const auto shapes = support::shapes_of(plan);
  // The first shape sets psums; the others of the same extents add to them.
  const auto& shape = shapes.at(shapes.size() > 1 && shapes[1]->macs == shapes[0]->macs ? 1 : 0);
  Random random(1);
  const arithmetic::PeType& type = arithmetic::pe_type(how.type);
  support::Words words(*shape, {type, how.format}, random);
  // Of binary32 ordinary numbers: a processor may take long over the others.
  if (type.numbers == arithmetic::Numbers::kFloat) {
    for (auto* operand : {&words.ifmap, &words.filters, &words.psums}) {
      for (arithmetic::Word& word : *operand) word = 0x3f800000 | (word & 0xffff);
    }
  }
  words.psums.resize(words.psums.size() / words.row_words * 4);
  words.row_words = 4;
  Executor executor(type, how.format, kernel, ordered);
  for (auto _ : state) {
    benchmark::DoNotOptimize(executor.execute(shape, words.pass()).macs_on_zero);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(shape->macs));
  state.counters["MACs"] = static_cast<double>(shape->macs);
}

/// A whole layer: tiles decoded and coded besides.
void run_layer_of(benchmark::State& state, const Case& which) {
  const row_stationary::LayerPlan plan(which.shape, kBatch, which.mapping, support::eyeriss());
  workloads::Layer layer;
  layer.shape = which.shape;
  layer.seeded.ifmap_zeros_percent = 50;
  const auto tensors = workloads::seeded_tensors(1, layer, kBatch, 16, 16);
  const auto image =
      row_stationary::make_dram_image(plan, tensors.ifmap(), tensors.filters(), false);
  LayerWork work;
  work.schedule = std::make_shared<row_stationary::LayerSchedule>(plan, image.layout);
  work.buffers = plan.buffers();
  work.mac = {{11, 16}, 16};
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  std::uint64_t macs = 0;
  for (auto _ : state) macs += run_layer(work, plan.accelerator(), memory).macs;
  state.SetItemsProcessed(static_cast<std::int64_t>(macs));
}

}  // namespace
}  // namespace rowan::functional

int main(int argc, char** argv) {
  using namespace rowan::functional;
  using rowan::arithmetic::Overflow;
  const std::vector<Arithmetic> wrapping{
      {"int16", "int16", {{11, 16}, 16}},     {"unshifted", "int16", {{0, 16}, 16}},
      {"psum32", "int16", {{0, 32}, 32}},     {"int8", "int8", {{0, 16}, 24}},
      {"int4", "int4", {{0, 8}, 16}},         {"lightpe1", "lightpe1", {{0, 16}, 20}},
      {"lightpe2", "lightpe2", {{0, 17}, 20}}};
  const std::vector<Arithmetic> ordered{
      {"int16_saturating", "int16", {{0, 32}, 32, Overflow::kSaturate}}, {"fp32", "fp32", {}}};
  const auto add = [](const char* kernel, const Arithmetic& how, const IntegerKernel& integer,
                      const OrderedKernel& in_order) {
    for (const Case& which : cases()) {
      const std::string name = std::string(kernel) + "/" + how.name + "/" + which.name;
      benchmark::RegisterBenchmark(name.c_str(), run, which, how, integer, in_order);
    }
  };
  for (const IntegerKernel& kernel : integer_kernels()) {
    for (const Arithmetic& how : wrapping) {
      add(kernel.instruction_set, how, kernel, ordered_kernels().front());
    }
  }
  for (const OrderedKernel& kernel : ordered_kernels()) {
    for (const Arithmetic& how : ordered) {
      add(kernel.instruction_set, how, integer_kernels().front(), kernel);
    }
  }
  for (const Case& which : cases()) {
    benchmark::RegisterBenchmark((std::string("layer/") + which.name).c_str(), run_layer_of, which);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
