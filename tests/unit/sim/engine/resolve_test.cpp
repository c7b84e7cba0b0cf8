// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/resolve.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/support/input_error.h"

namespace rowan::sim {
namespace {

/// AlexNet's convolutions on Eyeriss, and a folder for mapping files that goes with the test.
class Resolve : public testing::Test {
 protected:
  Resolve()
      : folder_(std::filesystem::temp_directory_path() /
                ("rowan_resolve_test_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
    names_.platform = "eyeriss";
    names_.workload = "alexnet";
    names_.layers = "CONV*";
  }
  ~Resolve() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string write(const std::string& text) const {
    const std::string path = (folder_ / "mapping.yaml").string();
    std::ofstream(path) << text;
    return path;
  }
  [[nodiscard]] std::string error() const {
    return support::input_error([this] { return resolve(names_); });
  }

  std::filesystem::path folder_;
  RequestNames names_;
};

TEST_F(Resolve, NamesTakeThePublishedMappingAndTheNetworksBatch) {
  const Request request = resolve(names_);
  EXPECT_EQ(request.platform.name, "eyeriss");
  EXPECT_EQ(request.batch, 4U);
  ASSERT_EQ(request.layers.size(), 5U);
  EXPECT_EQ(request.layers[1].mapping->m, 64U);
  EXPECT_EQ(request.layers[1].mapping->e, 27U);
  for (const LayerRequest& layer : request.layers) {
    EXPECT_EQ(layer.source, MappingSource::kPublished);
  }
}

TEST_F(Resolve, MappingsAreCutToTheBatch) {
  names_.batch = 2;
  EXPECT_EQ(resolve(names_).layers[2].mapping->n, 2U);
}

TEST_F(Resolve, ALayerThatTheFileLeavesOutGetsTheMappersMapping) {
  names_.mapping = write(
      "schema: rowan.mapping/1\nlayers:\n"
      "  CONV3: {m: 16, n: 1, e: 13, p: 16, q: 4, r: 1, t: 1}\n");
  const Request request = resolve(names_);
  EXPECT_EQ(request.layers[1].source, MappingSource::kMapper);
  EXPECT_EQ(request.layers[2].source, MappingSource::kFile);
  EXPECT_EQ(request.layers[2].mapping->m, 16U);
}

TEST_F(Resolve, IllegalMappingIsAnErrorAtItsPlaceWithEveryBrokenRule) {
  names_.mapping = write(
      "schema: rowan.mapping/1\nlayers:\n"
      "  CONV3: {m: 64, n: 1, e: 13, p: 32, q: 4, r: 9, t: 1}\n");
  const std::string message = error();
  EXPECT_EQ(message.rfind(*names_.mapping + ":3:3: layers.CONV3: ", 0), 0U) << message;
  EXPECT_NE(message.find("psum_spad: p words = 32 exceeds pe.psum_spad.size_words = 24"),
            std::string::npos)
      << message;
  EXPECT_NE(message.find("array_rows: "), std::string::npos) << message;
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

TEST_F(Resolve, AnIllegalMappingOfALayerThatDoesNotRunIsNoObstacle) {
  names_.mapping = write(
      "schema: rowan.mapping/1\nlayers:\n"
      "  CONV3: {m: 64, n: 1, e: 13, p: 32, q: 4, r: 9, t: 1}\n");
  names_.layers = "CONV2";
  EXPECT_EQ(resolve(names_).layers.size(), 1U);
}

TEST_F(Resolve, AMappingOfAnUnknownLayerIsAnError) {
  names_.mapping = write(
      "schema: rowan.mapping/1\nlayers:\n"
      "  CONV33: {m: 16, n: 1, e: 13, p: 16, q: 4, r: 1, t: 1}\n");
  EXPECT_EQ(error(), *names_.mapping +
                         ":3:3: layers.CONV33: alexnet has no such layer (did you mean 'CONV3'?)");
}

TEST_F(Resolve, AMappingFileForAnotherPlatformOrNetworkIsAnErrorAtThatKey) {
  const std::string layers = "layers:\n  CONV3: {m: 16, n: 1, e: 13, p: 16, q: 4, r: 1, t: 1}\n";
  const std::string schema = "schema: rowan.mapping/1\n";
  names_.mapping = write(schema + "platform: other\n" + layers);
  EXPECT_EQ(error(), *names_.mapping +
                         ":2:1: platform: the mapping is for 'other', but the run's platform is "
                         "'eyeriss'");
  names_.mapping = write(schema + "platform: eyeriss\nworkload: vgg\n" + layers);
  EXPECT_EQ(error(),
            *names_.mapping +
                ":3:1: workload: the mapping is for 'vgg', but the run's workload is 'alexnet'");
  names_.mapping = write(schema + "platform: eyeriss\nworkload: alexnet\n" + layers);
  EXPECT_EQ(resolve(names_).layers[2].source, MappingSource::kFile);
}

TEST_F(Resolve, ABatchBeyondTheMemoryIsAnError) {
  names_.batch = kMaxBatch;
  EXPECT_EQ(error().rfind("--batch: 4096 images make", 0), 0U);
}

TEST_F(Resolve, AChainMayHaveGaps) {
  names_.tensors = "chain";
  names_.layers = "CONV2,CONV4";
  const Request request = resolve(names_);
  EXPECT_EQ(request.tensors, TensorSource::kChain);
  EXPECT_EQ(request.layers.size(), 2U);
}

TEST_F(Resolve, TensorsAreSeededChainedOrInAFolder) {
  names_.tensors = "seede";
  EXPECT_NE(error().find("(did you mean 'seeded'?)"), std::string::npos);
  names_.tensors = folder_.string();
  EXPECT_NE(error().find("CONV1.ifmap.npy"), std::string::npos);
}

TEST_F(Resolve, TensorsThatCannotBeLookedAtAreAnErrorThatNamesTheOption) {
  std::filesystem::create_symlink("loop", folder_ / "loop");
  names_.tensors = (folder_ / "loop").string();
  EXPECT_EQ(error().rfind("--tensors: '", 0), 0U) << error();
  EXPECT_NE(error().find("cannot be looked at: Too many levels"), std::string::npos) << error();
  names_.tensors = std::string(300, 'x');
  EXPECT_EQ(error(),
            "--tensors: '" + std::string(60, 'x') + "...' cannot be looked at: File name too long");
  names_.tensors = "/dev/null/folder";
  EXPECT_EQ(
      error(),
      "--tensors: '/dev/null/folder' is neither 'float' nor 'seeded' nor 'chain' nor a folder");
}

TEST_F(Resolve, TensorsAreSeededFor16BitIntegersAndFloatForAllOtherTypes) {
  EXPECT_EQ(resolve(names_).tensors, TensorSource::kSeeded);
  for (const char* type : {"int8", "int4", "lightpe1", "lightpe2", "fp32"}) {
    names_.platform = std::string("quidam_") + type;
    const Request request = resolve(names_);
    EXPECT_EQ(request.tensors, TensorSource::kFloat) << type;
    EXPECT_EQ(request.quantized, nullptr);  // the run makes it
  }
}

TEST_F(Resolve, DrawnWordsBelongTo16BitIntegers) {
  names_.platform = "quidam_int8";
  for (const char* source : {"seeded", "chain"}) {
    names_.tensors = source;
    EXPECT_EQ(error(), std::string("--tensors: '") + source +
                           "' draws words for the shifts of the network's file, which are made for "
                           "16-bit integers, but pe.type is 'int8'; give 'float' (the default "
                           "here), or a folder of words");
  }
}

TEST_F(Resolve, FloatTensorsHaveScaleAndGranularity) {
  names_.tensors = "float";
  EXPECT_EQ(resolve(names_).quantization.scale, workloads::ScaleKind::kPowerOfTwo);
  EXPECT_EQ(resolve(names_).quantization.granularity, workloads::Granularity::kLayer);
  names_.scale = "free";
  names_.granularity = "filter";
  EXPECT_EQ(resolve(names_).quantization.scale, workloads::ScaleKind::kFree);
  EXPECT_EQ(resolve(names_).quantization.granularity, workloads::Granularity::kFilter);
  names_.scale = "fre";
  EXPECT_EQ(error(), "--scale: 'fre' is not one of power_of_two, free (did you mean 'free'?)");
}

TEST_F(Resolve, OptionsOfFloatTensorsNeedThem) {
  names_.scale = "free";
  EXPECT_EQ(error(), "--scale: is for --tensors float, but tensors are 'seeded'");
  names_.scale.reset();
  names_.floats = folder_.string();
  names_.tensors = "chain";
  EXPECT_EQ(error(), "--floats: is for --tensors float, but tensors are 'chain'");
  names_.tensors = "float";
  EXPECT_EQ(error(), (folder_ / "input.npy").string() + ": no such file");
  names_.floats = "nowhere";
  EXPECT_EQ(error(), "--floats: there is no folder 'nowhere'");
}

TEST_F(Resolve, Fp32HasNoScaleToChoose) {
  names_.platform = "quidam_fp32";
  names_.granularity = "filter";
  EXPECT_EQ(error(),
            "--granularity: words of fp32 are the numbers themselves, so there is no scale to "
            "choose");
}

TEST_F(Resolve, LayersOfTheArrayHaveAMappingAndTheOthersNone) {
  names_.layers = std::nullopt;
  const Request request = resolve(names_);
  EXPECT_EQ(request.layers.size(), request.workload.layers.size());
  for (const LayerRequest& layer : request.layers) {
    EXPECT_EQ(layer.mapping.has_value(), workloads::on_array(request.layer(layer)))
        << request.layer(layer).name;
  }
}

TEST_F(Resolve, AMappingOfALayerThatIsNotOnTheArrayIsAnErrorAtItsPlace) {
  names_.layers = std::nullopt;
  names_.mapping = write(
      "schema: rowan.mapping/1\nlayers:\n  POOL1: {m: 1, n: 1, e: 1, p: 1, q: 1, r: 1, t: 1}\n");
  EXPECT_EQ(error(), *names_.mapping +
                         ":3:3: layers.POOL1: has a mapping, but the post-processing unit carries "
                         "it out");
}

/// Two 1 x 1 convolutions of 4 x 32 x 32 words, two banks, on a platform with reuse.
class ResolveReuse : public Resolve {
 protected:
  ResolveReuse() {
    names_.workload = file("workload.yaml",
                           "schema: rowan.workload/2\nname: two\n"
                           "input: {channels: 4, height: 32, width: 32}\nlayers:\n"
                           "  - {name: A, kind: convolution, filters: 4, "
                           "kernel: {height: 1, width: 1}}\n"
                           "  - {name: B, kind: convolution, filters: 4, "
                           "kernel: {height: 1, width: 1}}\n"
                           "  - {name: P, kind: pooling, pooling: max, size: 2, stride: 2}\n");
    names_.layers = std::nullopt;
  }
  [[nodiscard]] std::string file(const std::string& name, const std::string& text) const {
    const std::string path = (folder_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  [[nodiscard]] Request with_banks(unsigned banks) {
    names_.platform =
        file("platform.yaml", "schema: rowan.platform/1\nname: reuse\nglobal_buffer:\n  banks: " +
                                  std::to_string(banks) + "\n  inter_layer_reuse: true\n");
    return resolve(names_);
  }
  static void expect_resident(const Request& request, std::size_t layer, bool ifmap, bool ofmap,
                              unsigned banks) {
    const Residency& resident = request.layers[layer].resident;
    EXPECT_EQ(resident.ifmap, ifmap) << "layer " << layer;
    EXPECT_EQ(resident.ofmap, ofmap) << "layer " << layer;
    EXPECT_EQ(resident.banks, banks) << "layer " << layer;
  }
};

// A layer needs an ifmap bank and a psum bank at least; B does without two banks twice.
TEST_F(ResolveReuse, OfmapsStayWhereTwoBanksAreLeftToBothLayers) {
  Request request = with_banks(6);
  expect_resident(request, 0, false, true, 2);
  expect_resident(request, 1, true, true, 4);
  expect_resident(request, 2, true, false, 2);
  for (std::size_t i = 0; i < 2; ++i) {
    spec::AcceleratorSpec rest = request.platform;
    rest.global_buffer.banks -= request.layers[i].resident.banks;
    EXPECT_TRUE(dataflow::row_stationary::check(*request.layers[i].mapping,
                                                request.workload.layers[i].shape, 1, rest)
                    .empty());
  }
  request = with_banks(5);
  expect_resident(request, 0, false, true, 2);
  expect_resident(request, 1, true, false, 2);
  expect_resident(request, 2, false, false, 0);
  expect_resident(with_banks(4), 0, false, true, 2);
  expect_resident(with_banks(3), 0, false, false, 0);
}

TEST_F(ResolveReuse, OfThePostProcessingUnitTilesHaveToFit) {
  names_.layers = "B,P";
  expect_resident(with_banks(4), 1, true, false, 2);
  expect_resident(with_banks(3), 1, false, false, 0);
}

// 12 x 32 positions of four psum rows are three banks, those of an ifmap tile one.
TEST_F(ResolveReuse, AMappingOfAFileKeepsItsBanks) {
  names_.mapping =
      write("schema: rowan.mapping/1\nlayers:\n  B: {m: 4, n: 1, e: 12, p: 1, q: 4, r: 1, t: 1}\n");
  expect_resident(with_banks(6), 0, false, true, 2);
  const Request request = with_banks(5);
  expect_resident(request, 0, false, false, 0);
  EXPECT_EQ(request.layers[1].source, MappingSource::kFile);
}

TEST_F(Resolve, HowTheWorkIsDoneIsTakenOver) {
  names_.fast_forward = hardware::Replay::kVerify;
  names_.jobs = 3;
  EXPECT_EQ(resolve(names_).fast_forward, hardware::Replay::kVerify);
  EXPECT_EQ(resolve(names_).jobs, 3U);
}

TEST_F(Resolve, ALayerOffTheArrayThatThePlatformHasNoRoomForIsAnErrorOfTheLayer) {
  names_.platform = write(
      "schema: rowan.platform/1\nname: small\narray: {rows: 4, columns: 5}\n"
      "global_buffer: {banks: 2, bank_rows: 4}\ndram: {overlap: double_buffer}\n");
  names_.layers = "POOL1";
  EXPECT_EQ(error(),
            "layer POOL1: on platform 'small', max pooling does not fit: 1 ifmap + 1 psum banks, "
            "twice for dram.overlap double_buffer, for one position, but global_buffer.banks is 2");
}

TEST_F(Resolve, PatternsOfLayersAreAnErrorThatNamesTheOption) {
  names_.layers = "";
  EXPECT_EQ(error(), "--layers: a pattern is empty");
  names_.layers = "FC";
  EXPECT_EQ(error().rfind("--layers: 'FC' matches no layer", 0), 0U) << error();
}

}  // namespace
}  // namespace rowan::sim
