// SPDX-License-Identifier: Apache-2.0
//
// Estimates and lower bounds per second, and the search for the mapping of a layer: on Eyeriss
// AlexNet's CONV layers, batch 4, shapes of other networks, and all of ResNet-50's; on an array of
// 64 x 64 PEs batches of 64.

#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/analytical/lower_bound.h"
#include "models/mapper/search.h"
#include "tests/support/small_layer.h"
#include "tests/support/weighted_energy.h"

namespace rowan {
namespace {

struct Job {
  std::string name;
  workloads::ConvolutionShape shape;
  unsigned batch = 1;
  analytical::FmapAssumptions fmaps;
};

workloads::ConvolutionShape layer(unsigned channels, unsigned extent, unsigned filters,
                                  unsigned kernel, unsigned padding, unsigned groups = 1) {
  workloads::ConvolutionShape shape;
  shape.groups = groups;
  shape.filters = filters;
  shape.channels = channels;
  shape.height = shape.width = extent;
  shape.kernel_height = shape.kernel_width = kernel;
  shape.padding = padding;
  return shape;
}

/// A product of matrices as a 1 x 1 convolution, its groups the heads.
workloads::ConvolutionShape tokens(unsigned count, unsigned channels, unsigned filters,
                                   unsigned heads = 1) {
  workloads::ConvolutionShape shape = layer(channels, 1, filters, 1, 0, heads);
  shape.width = count;
  return shape;
}

const std::vector<Job>& jobs() {
  static const auto all = [] {
    std::vector<Job> jobs;
    for (const char* name : {"CONV1", "CONV2", "CONV3", "CONV4", "CONV5"}) {
      const auto alexnet = support::alexnet_layer(name);
      jobs.push_back({name, alexnet.shape, 4, analytical::assumptions_of(alexnet)});
    }
    const analytical::FmapAssumptions half{false, 0.5, 0.5};
    jobs.push_back({"224x224x64x64 3x3", layer(64, 224, 64, 3, 1), 1, half});
    jobs.push_back({"56x56x256x256 3x3", layer(256, 56, 256, 3, 1), 1, half});
    jobs.push_back({"14x14x512x512 3x3", layer(512, 14, 512, 3, 1), 1, half});
    jobs.push_back({"14x14x512x512 3x3, batch 4", layer(512, 14, 512, 3, 1), 4, half});
    jobs.push_back({"56x56x64x256 1x1", layer(64, 56, 256, 1, 0), 1, half});
    jobs.push_back({"14x14x512x512 1x1", layer(512, 14, 512, 1, 0), 1, half});
    jobs.push_back({"7x7x1024x1024 1x1, batch 4", layer(1024, 7, 1024, 1, 0), 4, half});
    jobs.push_back({"112x112x32 3x3, depthwise", layer(32, 112, 32, 3, 1, 32), 1, half});
    jobs.push_back({"14x14x512 3x3, depthwise", layer(512, 14, 512, 3, 1, 512), 1, half});
    jobs.push_back({"FC 6x6x256x4096", layer(256, 6, 4096, 6, 0), 1, half});
    jobs.push_back({"FC 4096x4096, batch 4", layer(4096, 1, 4096, 1, 0), 4, half});
    jobs.push_back({"FC 7x7x512x4096", layer(512, 7, 4096, 7, 0), 1, half});
    jobs.push_back({"197 tokens 768x3072", tokens(197, 768, 3072), 1, half});
    jobs.push_back({"128 tokens 768x768", tokens(128, 768, 768), 1, half});
    jobs.push_back({"128 tokens, 12 heads", tokens(128, 12 * 64, 12 * 128, 12), 1, half});
    jobs.push_back({"1024 tokens, 12 heads", tokens(1024, 12 * 64, 12 * 1024, 12), 1, half});
    return jobs;
  }();
  return all;
}

/// The different shapes of ResNet-50 (v1), batch 1.
const std::vector<Job>& resnet50() {
  static const auto all = [] {
    std::vector<Job> jobs;
    const auto add = [&jobs](unsigned channels, unsigned extent, unsigned filters, unsigned kernel,
                             unsigned stride) {
      workloads::ConvolutionShape shape = layer(channels, extent, filters, kernel, kernel / 2);
      shape.stride = stride;
      const std::string text = std::to_string(channels) + " x " + std::to_string(extent) + " x " +
                               std::to_string(extent) + " to " + std::to_string(filters) + ", " +
                               std::to_string(kernel) + " x " + std::to_string(kernel) + " / " +
                               std::to_string(stride);
      jobs.push_back({text, shape, 1, {jobs.empty(), 0.5, 0.5}});
    };
    add(3, 224, 64, 7, 2);
    unsigned before = 64;
    for (unsigned stage = 0; stage < 4; ++stage) {
      const unsigned width = 64U << stage;
      const unsigned extent = 56U >> stage;
      const unsigned stride = stage == 0 ? 1 : 2;
      add(before, extent * stride, width, 1, stride);
      add(before, extent * stride, 4 * width, 1, stride);
      add(width, extent, width, 3, 1);
      if (stage > 0) add(width, extent, 4 * width, 1, 1);
      add(4 * width, extent, width, 1, 1);
      before = 4 * width;
    }
    add(2048, 1, 1000, 1, 1);
    return jobs;
  }();
  return all;
}

/// Layers with many mappings on a large array.
const std::vector<Job>& large_jobs() {
  static const std::vector<Job> all{
      {"13x13x256x384 3x3, batch 64", layer(256, 13, 384, 3, 1), 64, {false, 0.5, 0.5}},
      {"14x14x512x512 3x3, batch 64", layer(512, 14, 512, 3, 1), 64, {false, 0.5, 0.5}},
      {"14x14x1024x256 1x1, batch 64", layer(1024, 14, 256, 1, 0), 64, {false, 0.5, 0.5}}};
  return all;
}

const spec::AcceleratorSpec& platform() {
  static const auto spec = support::eyeriss();
  return spec;
}

/// Eyeriss with 64 x 64 PEs and buffers to match.
const spec::AcceleratorSpec& large_platform() {
  static const auto spec = [] {
    spec::AcceleratorSpec large = support::eyeriss();
    large.array.rows = large.array.columns = 64;
    for (spec::GinSpec* gin : {&large.ifmap_gin, &large.filter_gin, &large.psum_gin}) {
      gin->row_id_bits = gin->column_id_bits = 8;
    }
    large.global_buffer.banks *= 32;
    large.global_buffer.filter_banks *= 16;
    return large;
  }();
  return spec;
}

dataflow::row_stationary::Mapping best_of(const Job& job) {
  return mapper::search(job.shape, job.batch, platform(), job.fmaps,
                        mapper::cost_function(mapper::kObjectives[0], {}))
      .best.front()
      .mapping;
}

void estimate(benchmark::State& state) {
  const Job& job = jobs()[static_cast<std::size_t>(state.range(0))];
  const auto mapping = best_of(job);
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        analytical::estimate(mapping, job.shape, job.batch, platform(), job.fmaps));
  }
  state.SetLabel(job.name);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(estimate)->DenseRange(0, 15);

void lower_bound(benchmark::State& state) {
  const Job& job = jobs()[static_cast<std::size_t>(state.range(0))];
  const auto mapping = best_of(job);
  analytical::LowerBound bound(job.shape, job.batch, platform(), job.fmaps);
  for (auto _ : state) benchmark::DoNotOptimize(bound(mapping));
  state.SetLabel(job.name);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(lower_bound)->DenseRange(0, 15);

void search_for(benchmark::State& state, const Job& job, const spec::AcceleratorSpec& accelerator) {
  const mapper::Objective& objective = mapper::kObjectives[state.range(1)];
  mapper::SearchResult result;
  for (auto _ : state) {
    result = mapper::search(job.shape, job.batch, accelerator, job.fmaps,
                            mapper::cost_function(objective, support::weighted_energy), {5});
  }
  const auto& best = result.best.front();
  state.SetLabel(job.name + ", " + objective.name);
  state.counters["considered"] = static_cast<double>(result.considered);
  state.counters["total_cycles"] = static_cast<double>(best.estimate.total.value());
}

void search(benchmark::State& state) {
  search_for(state, jobs()[static_cast<std::size_t>(state.range(0))], platform());
}
BENCHMARK(search)
    ->ArgsProduct({benchmark::CreateDenseRange(0, 20, 1), {0, 1}})
    ->Unit(benchmark::kMillisecond);

void search_large_array(benchmark::State& state) {
  search_for(state, large_jobs()[static_cast<std::size_t>(state.range(0))], large_platform());
}
BENCHMARK(search_large_array)
    ->ArgsProduct({benchmark::CreateDenseRange(0, 2, 1), {0, 1}})
    ->Unit(benchmark::kMillisecond);

void search_resnet50(benchmark::State& state) {
  search_for(state, resnet50()[static_cast<std::size_t>(state.range(0))], platform());
}
BENCHMARK(search_resnet50)
    ->ArgsProduct({benchmark::CreateDenseRange(0, 20, 1), {0, 1}})
    ->Unit(benchmark::kSecond);

/// Each shape once.
void search_all_of_resnet50(benchmark::State& state) {
  const mapper::Objective& objective = mapper::kObjectives[state.range(0)];
  for (auto _ : state) {
    for (const Job& job : resnet50()) {
      benchmark::DoNotOptimize(
          mapper::search(job.shape, job.batch, platform(), job.fmaps,
                         mapper::cost_function(objective, support::weighted_energy), {5}));
    }
  }
  state.SetLabel(std::string("all, ") + objective.name);
}
BENCHMARK(search_all_of_resnet50)->Arg(0)->Arg(1)->Unit(benchmark::kSecond);

}  // namespace
}  // namespace rowan

BENCHMARK_MAIN();
