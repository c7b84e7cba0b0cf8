// SPDX-License-Identifier: Apache-2.0
//
// Estimates per second, and the search for the mapping of a layer on Eyeriss: AlexNet's CONV
// layers, batch 4, and shapes of other networks, batch 1.

#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/mapper/search.h"
#include "tests/support/small_layer.h"

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
    return jobs;
  }();
  return all;
}

const spec::AcceleratorSpec& platform() {
  static const auto spec = support::eyeriss();
  return spec;
}

void estimate(benchmark::State& state) {
  const Job& job = jobs()[static_cast<std::size_t>(state.range(0))];
  const auto mapping =
      mapper::search(job.shape, job.batch, platform(), job.fmaps, mapper::latency_cost)
          .best.front()
          .mapping;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        analytical::estimate(mapping, job.shape, job.batch, platform(), job.fmaps));
  }
  state.SetLabel(job.name);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(estimate)->DenseRange(0, 15);

void search(benchmark::State& state) {
  const Job& job = jobs()[static_cast<std::size_t>(state.range(0))];
  const mapper::Objective& objective = mapper::kObjectives[state.range(1)];
  mapper::SearchResult result;
  for (auto _ : state) {
    result = mapper::search(job.shape, job.batch, platform(), job.fmaps, objective.cost, 5);
  }
  const auto& best = result.best.front();
  state.SetLabel(job.name + ", " + objective.name);
  state.counters["considered"] = static_cast<double>(result.considered);
  state.counters["total_cycles"] = static_cast<double>(best.estimate.total.value());
}
BENCHMARK(search)
    ->ArgsProduct({benchmark::CreateDenseRange(0, 15, 1), {0, 1}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace rowan

BENCHMARK_MAIN();
