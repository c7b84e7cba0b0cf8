// SPDX-License-Identifier: Apache-2.0
//
// Networks on Eyeriss with a larger global buffer, fmaps uncoded: what leaves DRAM when ofmaps stay
// in the GLB is exactly what these ofmaps took there, and no output word changes.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include "models/spec/platform_file.h"
#include "sim/engine/engine.h"
#include "sim/engine/layer_result_bytes.h"
#include "sim/engine/resolve.h"
#include "tests/support/forked.h"
#include "tests/support/small_layer.h"

namespace rowan::sim {
namespace {

Request resolve_with_reuse(const std::string& workload, unsigned banks, const char* tensors) {
  spec::AcceleratorSpec platform = support::eyeriss();
  platform.name = "large";
  platform.global_buffer.banks = banks;
  platform.global_buffer.inter_layer_reuse = true;
  platform.dram.rlc = false;
  const auto file = std::filesystem::temp_directory_path() /
                    ("rowan_inter_layer_reuse_" + std::to_string(getpid()) + ".yaml");
  std::ofstream(file) << spec::dump(platform);
  RequestNames names;
  names.platform = file.string();
  names.workload = workload;
  names.batch = 1;
  names.tensors = tensors;
  Request request = resolve(names);
  std::filesystem::remove(file);
  return request;
}

/// In a process of its own: SystemC elaborates once.
std::vector<LayerMeasures> simulate(const Request& request) {
  const std::string bytes = support::run_forked([&] {
    std::string all;
    for (const LayerResult& layer : run(request, [](const Progress&) {}).layers) {
      const std::string one = to_bytes(layer);
      all += std::to_string(one.size()) + " " + one;
    }
    return all;
  });
  std::vector<LayerMeasures> measures;
  for (std::size_t at = 0; at < bytes.size();) {
    std::size_t digits = 0;
    const std::size_t size = std::stoul(bytes.substr(at, 20), &digits);
    LayerResult result;
    from_bytes(bytes.substr(at + digits + 1, size), result);
    measures.push_back(result.measures);
    at += digits + 1 + size;
  }
  return measures;
}

/// The same mappings, everything through DRAM.
Request without_reuse(Request request) {
  request.platform.global_buffer.inter_layer_reuse = false;
  for (LayerRequest& layer : request.layers) layer.resident = {};
  return request;
}

void expect_to_leave_dram(const Request& request) {
  const std::vector<LayerMeasures> with = simulate(request);
  const std::vector<LayerMeasures> without = simulate(without_reuse(request));
  ASSERT_EQ(with.size(), request.layers.size());
  ASSERT_EQ(without.size(), request.layers.size());
  std::uint64_t fallen = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t cycles = 0;
  std::uint64_t cycles_without = 0;
  for (std::size_t i = 0; i < with.size(); ++i) {
    const LayerRequest& layer = request.layers[i];
    SCOPED_TRACE(request.layer(layer).name);
    const ActivityCounts& counts = with[i].counts;
    const ActivityCounts& before = without[i].counts;
    EXPECT_EQ(with[i].check->mismatches, 0U);
    EXPECT_EQ(without[i].check->mismatches, 0U);
    EXPECT_EQ(with[i].processing, without[i].processing);
    EXPECT_EQ(counts[Counter::kDramFilterRead], before[Counter::kDramFilterRead]);
    EXPECT_EQ(counts[Counter::kGlbIfmapWrite], before[Counter::kGlbIfmapWrite]);
    // All extents are multiples of four words: no tile is padded.
    const std::uint64_t words = request.layer(layer).output.words();
    EXPECT_EQ(counts[Counter::kGlbResidentWrite], layer.resident.ofmap ? words : 0);
    EXPECT_EQ(counts[Counter::kDramOfmapWrite],
              layer.resident.ofmap ? 0 : before[Counter::kDramOfmapWrite]);
    EXPECT_EQ(counts[Counter::kDramIfmapRead],
              layer.resident.ifmap ? 0 : before[Counter::kDramIfmapRead]);
    EXPECT_EQ(counts[Counter::kGlbResidentRead],
              layer.resident.ifmap ? before[Counter::kDramIfmapRead] / 2 : 0);
    EXPECT_EQ(before[Counter::kGlbResidentRead] + before[Counter::kGlbResidentWrite], 0U);
    fallen += dram_bytes(without[i]).value() - dram_bytes(with[i]).value();
    if (layer.resident.ofmap) resident_bytes += 2 * words;
    resident_bytes += 2 * counts[Counter::kGlbResidentRead];
    cycles += with[i].total.value();
    cycles_without += without[i].total.value();
  }
  EXPECT_GT(fallen, 0U);
  EXPECT_EQ(fallen, resident_bytes);
  EXPECT_LT(cycles, cycles_without);
}

std::size_t resident_ofmaps(const Request& request) {
  std::size_t count = 0;
  for (const LayerRequest& layer : request.layers) count += layer.resident.ofmap ? 1 : 0;
  return count;
}

// Each of nine blocks hands one ofmap on, from its first convolution to its second; additions take
// the second one's and the shortcuts', two layers the additions' and CONV1's. The last addition and
// the pooling after it have one consumer each, which runs next.
TEST(InterLayerReuse, ResidentFmapsOfResNet20LeaveDram) {
  const Request request = resolve_with_reuse("resnet20", 200, "chain");
  EXPECT_EQ(resident_ofmaps(request), 9 + 2U);
  expect_to_leave_dram(request);
}

// A chain: all but the last ofmap stay.
TEST(InterLayerReuse, ResidentFmapsOfVgg16LeaveDram) {
  const Request request = resolve_with_reuse("vgg16_cifar10", 400, "seeded");
  EXPECT_EQ(resident_ofmaps(request), request.layers.size() - 1);
  expect_to_leave_dram(request);
}

TEST(InterLayerReuse, OnTheChipsOwnBufferSomeFmapsFit) {
  const Request request = resolve_with_reuse("resnet20", 25, "seeded");
  EXPECT_GT(resident_ofmaps(request), 0U);
  for (const LayerMeasures& layer : simulate(request)) EXPECT_EQ(layer.check->mismatches, 0U);
}

}  // namespace
}  // namespace rowan::sim
