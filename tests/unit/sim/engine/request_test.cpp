// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/request.h"

#include <gtest/gtest.h>

#include "tests/unit/sim/sample_result.h"

namespace rowan::sim {
namespace {

TEST(Request, CanonicalJsonIsOneLineWithSortedKeys) {
  const std::string json = canonical_json(sample_request());
  EXPECT_EQ(json.rfind("{\"batch\":2,\"layers\":[{\"mapping\":{", 0), 0U);
  EXPECT_LT(json.find("\"platform\":"), json.find("\"seed\":1"));
  EXPECT_EQ(json.find('\n'), std::string::npos);
}

TEST(Request, HashChangesWithWhateverIsSimulated) {
  const std::string hash = request_hash(sample_request());
  EXPECT_EQ(hash.size(), 16U);
  EXPECT_EQ(request_hash(sample_request()), hash);
  Request request = sample_request();
  request.seed = 2;
  EXPECT_NE(request_hash(request), hash);
  request = sample_request();
  request.batch = 3;
  EXPECT_NE(request_hash(request), hash);
  request = sample_request();
  request.platform.pe.accumulate_latency = Cycles(3);
  EXPECT_NE(request_hash(request), hash);
  request = sample_request();
  request.workload.layers[1].relu = false;
  EXPECT_NE(request_hash(request), hash);
  request = sample_request();
  request.layers[1].mapping->p = 2;
  EXPECT_NE(request_hash(request), hash);
  request = sample_request();
  request.layers[1].mapping.reset();
  EXPECT_NE(request_hash(request), hash);
  request = sample_request();
  request.layers.pop_back();
  EXPECT_NE(request_hash(request), hash);
  request = sample_request();
  request.tensors = TensorSource::kChain;
  EXPECT_NE(request_hash(request), hash);
  request.tensors = TensorSource::kFloat;
  const std::string with_floats = request_hash(request);
  EXPECT_NE(with_floats, hash);
  request.quantization.scale = workloads::ScaleKind::kFree;
  const std::string with_free_scales = request_hash(request);
  EXPECT_NE(with_free_scales, with_floats);
  request.quantization.granularity = workloads::Granularity::kFilter;
  EXPECT_NE(request_hash(request), with_free_scales);
  request = sample_request();
  request.tensor_hash = "1";
  EXPECT_NE(request_hash(request), hash);
  request = sample_request();
  request.platform.global_buffer.inter_layer_reuse = true;
  const std::string with_reuse = request_hash(request);
  EXPECT_NE(with_reuse, hash);
  request.layers[0].resident = {false, true, 2};
  EXPECT_NE(request_hash(request), with_reuse);
}

TEST(Request, HashIsThatOfWhatIsSimulatedAlone) {
  Request request = sample_request();
  request.check = Check::kNone;
  request.layers[0].source = MappingSource::kFile;
  request.tensor_directory = "somewhere";
  request.quantization.scale = workloads::ScaleKind::kFree;  // of float tensors alone
  request.fast_forward = hardware::Replay::kOff;
  request.jobs = 7;
  EXPECT_EQ(request_hash(request), request_hash(sample_request()));
}

}  // namespace
}  // namespace rowan::sim
