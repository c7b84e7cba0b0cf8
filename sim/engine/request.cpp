// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/request.h"

#include <nlohmann/json.hpp>

#include "models/arithmetic/pe_type.h"
#include "models/base/hash.h"
#include "models/spec/platform_file.h"
#include "sim/engine/fmap_limits.h"
#include "sim/engine/mapping_letters.h"
#include "workloads/network_file.h"

namespace rowan::sim {

const char* name_of(MappingSource source) {
  switch (source) {
    case MappingSource::kPublished:
      return "published";
    case MappingSource::kFile:
      return "file";
    case MappingSource::kMapper:
      return "mapper";
  }
  return "";
}

const char* name_of(TensorSource source) {
  switch (source) {
    case TensorSource::kSeeded:
      return "seeded";
    case TensorSource::kChain:
      return "chain";
    case TensorSource::kDirectory:
      return "directory";
    case TensorSource::kFloat:
      return "float";
  }
  return "";
}

std::string canonical_json(const Request& request) {
  nlohmann::json layers = nlohmann::json::array();
  for (const LayerRequest& layer : request.layers) {
    nlohmann::json mapping;
    for (const MappingLetter& letter : kMappingLetters) {
      if (layer.mapping) mapping[letter.name] = (*layer.mapping).*letter.field;
    }
    nlohmann::json json_of_layer = {{"name", request.layer(layer).name}, {"mapping", mapping}};
    if (request.platform.global_buffer.inter_layer_reuse) {
      json_of_layer["resident"] = {{"ifmap", layer.resident.ifmap},
                                   {"ofmap", layer.resident.ofmap},
                                   {"banks", layer.resident.banks}};
    }
    layers.push_back(json_of_layer);
  }
  nlohmann::json json = {{"platform", spec::dump(request.platform)},
                         {"workload", workloads::dump_network(request.workload)},
                         {"batch", request.batch},
                         {"layers", layers},
                         {"tensors", name_of(request.tensors)},
                         {"tensor_hash", request.tensor_hash},
                         {"seed", request.seed}};
  if (request.tensors == TensorSource::kFloat) {
    json["quantization"] = {{"scale", name_of(request.quantization.scale)},
                            {"granularity", name_of(request.quantization.granularity)}};
  }
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string request_hash(const Request& request) {
  return Hash().add_text(canonical_json(request)).hex();
}

workloads::WordFormat word_format(const spec::AcceleratorSpec& platform) {
  const spec::PeSpec& pe = platform.pe;
  return {&arithmetic::pe_type(pe.type), pe.product_bits, pe.psum_bits};
}

Request quantized(Request request) {
  require_room_for_network(request);
  if (request.tensors != TensorSource::kFloat) return request;
  request.quantized = std::make_shared<const workloads::QuantizedNetwork>(
      request.workload, request.batch,
      workloads::FloatSource{request.seed, request.tensor_directory}, word_format(request.platform),
      request.quantization);
  request.workload = request.quantized->network();
  return request;
}

}  // namespace rowan::sim
