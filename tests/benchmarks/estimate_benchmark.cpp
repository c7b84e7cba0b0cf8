// SPDX-License-Identifier: Apache-2.0
//
// How many mappings a core evaluates in a second, cycles and all counts, on the layers of AlexNet
// (batch 4) and VGG-16 on Eyeriss; and the counts that depend on the words, given the fmaps.

#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "models/analytical/coded_fmaps.h"
#include "models/analytical/lower_bound.h"
#include "models/mapper/search.h"
#include "tests/support/small_layer.h"
#include "workloads/array_operands.h"
#include "workloads/network_file.h"
#include "workloads/seeded_tensors.h"

namespace rowan {
namespace {

struct Job {
  std::string name;
  workloads::Layer layer;
  workloads::ConvolutionShape shape;
  unsigned batch = 1;
  analytical::FmapAssumptions fmaps;
  std::vector<dataflow::row_stationary::Mapping> mappings;  ///< the best 64 of the mapper
};

const spec::AcceleratorSpec& platform() {
  static const spec::AcceleratorSpec eyeriss = support::eyeriss();
  return eyeriss;
}

void add_layers(const std::string& name, unsigned batch, std::vector<Job>& jobs) {
  const auto file = std::string(ROWAN_SOURCE_DIR) + "/workloads/zoo/" + name + ".yaml";
  for (const workloads::Layer& layer : workloads::load_network(file).layers) {
    if (!workloads::on_array(layer.kind)) continue;
    Job job{
        name + " " + layer.name,           layer, workloads::array_shape(layer, batch).shape, batch,
        analytical::assumptions_of(layer), {}};
    const auto latency = [](const analytical::Estimate& estimate) {
      return mapper::latency_cost(estimate, {});
    };
    const auto found =
        mapper::search(job.shape, batch, platform(), job.fmaps, latency, {64, false});
    for (const mapper::Candidate& candidate : found.best) {
      job.mappings.push_back(candidate.mapping);
    }
    jobs.push_back(job);
  }
}

const std::vector<Job>& jobs() {
  static const auto all = [] {
    std::vector<Job> jobs;
    add_layers("alexnet", 4, jobs);
    add_layers("vgg16", 1, jobs);
    return jobs;
  }();
  return all;
}

void estimate(benchmark::State& state, const Job& job) {
  std::int64_t evaluations = 0;
  for (auto _ : state) {
    for (const auto& mapping : job.mappings) {
      benchmark::DoNotOptimize(
          analytical::estimate(mapping, job.shape, job.batch, platform(), job.fmaps));
    }
    evaluations += static_cast<std::int64_t>(job.mappings.size());
  }
  state.SetItemsProcessed(evaluations);
}

void lower_bound(benchmark::State& state, const Job& job) {
  analytical::LowerBound bound(job.shape, job.batch, platform(), job.fmaps);
  std::int64_t evaluations = 0;
  for (auto _ : state) {
    for (const auto& mapping : job.mappings) benchmark::DoNotOptimize(bound(mapping));
    evaluations += static_cast<std::int64_t>(job.mappings.size());
  }
  state.SetItemsProcessed(evaluations);
}

/// Words drawn for the ofmap, too, half of them zero.
void counts_of_words(benchmark::State& state, const Job& job) {
  const auto tensors = workloads::seeded_tensors(1, job.layer, job.batch, 16, 16);
  workloads::Layer ofmap = job.layer;
  ofmap.seeded.ifmap_zeros_percent = 50;
  ofmap.shape.channels = job.shape.filters;
  ofmap.shape.height = job.shape.out_height();
  ofmap.shape.width = job.shape.out_width();
  ofmap.shape.groups = 1;
  ofmap.shape.kernel_height = ofmap.shape.kernel_width = 1;
  const auto words = workloads::seeded_tensors(2, ofmap, job.batch, 16, 16);
  const analytical::FmapData data{tensors.ifmap(), words.ifmap(), job.layer.network_input};
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        analytical::counts_of(job.mappings.front(), job.shape, platform(), data));
  }
  state.SetItemsProcessed(state.iterations() *
                          static_cast<std::int64_t>(tensors.ifmap().size() + words.ifmap().size()));
}

}  // namespace
}  // namespace rowan

int main(int count, char** arguments) {
  benchmark::Initialize(&count, arguments);
  for (const rowan::Job& job : rowan::jobs()) {
    benchmark::RegisterBenchmark(("estimate/" + job.name).c_str(), rowan::estimate, job);
    benchmark::RegisterBenchmark(("lower_bound/" + job.name).c_str(), rowan::lower_bound, job);
    benchmark::RegisterBenchmark(("counts_of/" + job.name).c_str(), rowan::counts_of_words, job)
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
