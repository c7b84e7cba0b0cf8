// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/resolve.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "models/arithmetic/pe_type.h"
#include "models/base/error.h"
#include "models/base/hash.h"
#include "models/base/suggest.h"
#include "models/base/text.h"
#include "models/base/yaml_node.h"
#include "models/dataflow/post_processing/layer_plan.h"
#include "models/dataflow/row_stationary/mapping_file.h"
#include "models/energy/pricer.h"
#include "models/energy/table_file.h"
#include "models/spec/platform_file.h"
#include "sim/engine/best_mappings.h"
#include "sim/engine/catalogue.h"
#include "sim/engine/fmap_limits.h"
#include "sim/engine/machine_layer.h"
#include "sim/engine/residency.h"
#include "sim/engine/resolve_tensors.h"
#include "workloads/array_operands.h"
#include "workloads/layer_selection.h"
#include "workloads/network_file.h"
#include "workloads/npy.h"

namespace rowan::sim {
namespace {

using dataflow::row_stationary::LayerMapping;
using dataflow::row_stationary::MappingFile;

/// The mappings that a run starts from.
struct Mappings {
  MappingFile file;
  MappingSource source = MappingSource::kMapper;
};

/// Throws at a key of a mapping file that names another platform or network than the run has.
void require_made_for(const std::string& path, const std::string& key, const std::string& found,
                      const std::string& wanted) {
  if (found.empty() || found == wanted) return;
  YamlNode::load(path).nearest(key).fail("the mapping is for '" + printable(found) +
                                         "', but the run's " + key + " is '" + printable(wanted) +
                                         "'");
}

Mappings load_mappings(const RequestNames& names, const Request& request) {
  const std::string path =
      names.mapping.value_or(published_mapping_file(names.platform, names.workload));
  if (path.empty()) return {};
  const MappingSource source = names.mapping ? MappingSource::kFile : MappingSource::kPublished;
  Mappings mappings{dataflow::row_stationary::load_mappings(path), source};
  require_made_for(path, "platform", mappings.file.platform, request.platform.name);
  require_made_for(path, "workload", mappings.file.workload, request.workload.name);
  return mappings;
}

void require_known_layers(const MappingFile& file, const workloads::Network& network) {
  std::vector<std::string> known;
  for (const workloads::Layer& layer : network.layers) known.push_back(layer.name);
  for (const auto& [name, mapping] : file.layers) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    throw InputError(mapping.location, "layers." + printable(name),
                     network.name + " has no such layer" + did_you_mean(name, known));
  }
}

void require_legal(const LayerMapping& layer, const std::string& name,
                   const workloads::ArrayShape& array, const Request& request) {
  const auto violations =
      dataflow::row_stationary::check(layer.mapping, array.shape, array.images, request.platform);
  if (violations.empty()) return;
  std::string message = "illegal on platform '" + printable(request.platform.name) + "'";
  const char* separator = ": ";
  for (const auto& violation : violations) {
    message += separator + violation.message;
    separator = "; ";
  }
  throw InputError(layer.location, "layers." + printable(name), message);
}

std::vector<std::size_t> select(const workloads::Network& network, const std::string& patterns) {
  try {
    return workloads::select_layers(network, patterns);
  } catch (const InputError& error) {
    throw InputError(std::string("--layers: ") + error.what());
  }
}

/// Whether a layer of the array can be mapped, or one of the post-processing unit be cut into
/// tiles.
bool does_without(const Mappings& mappings, const Request& request, const LayerRequest& resolved,
                  unsigned banks) {
  const workloads::Layer& layer = request.layer(resolved);
  const spec::AcceleratorSpec platform = platform_without(request.platform, banks);
  if (!workloads::on_array(layer)) {
    try {
      (void)dataflow::post_processing::LayerPlan(dataflow::post_processing::layer_shape(layer),
                                                 request.batch, platform);
      return true;
    } catch (const InputError&) {
      return false;
    }
  }
  const workloads::ArrayShape array = workloads::array_shape(layer, request.batch);
  const auto found = mappings.file.layers.find(layer.name);
  // The mapper finds one when any is legal, and every rule is easiest on the smallest letters.
  const dataflow::row_stationary::Mapping mapping = found == mappings.file.layers.end()
                                                        ? dataflow::row_stationary::Mapping()
                                                        : found->second.mapping;
  return dataflow::row_stationary::check(mapping, array.shape, array.images, platform).empty();
}

void resolve_mapping(const Mappings& mappings, MappingSearch& search, const Request& request,
                     LayerRequest& resolved) {
  const workloads::Layer& layer = request.layer(resolved);
  const auto found = mappings.file.layers.find(layer.name);
  if (!workloads::on_array(layer)) {
    if (found == mappings.file.layers.end()) {
      static_cast<void>(unit_plan(request, resolved));
      return;
    }
    throw InputError(found->second.location, "layers." + printable(layer.name),
                     "has a mapping, but the post-processing unit carries it out");
  }
  const workloads::ArrayShape array = workloads::array_shape(layer, request.batch);
  if (found == mappings.file.layers.end()) {
    resolved.mapping = search.of(layer, resolved.resident.banks).best.front().mapping;
    resolved.source = MappingSource::kMapper;
  } else {
    require_legal(found->second, layer.name, array, request);
    resolved.mapping = found->second.mapping;
    resolved.source = mappings.source;
  }
  resolved.mapping = dataflow::row_stationary::clip(*resolved.mapping, array.shape, array.images);
}

void resolve_energy_table(const RequestNames& names, Request& request) {
  const std::string list = names.energy.value_or(request.platform.energy_table);
  if (list.empty()) return;
  std::vector<std::string> files;
  std::istringstream rest(list + ',');
  for (std::string name; std::getline(rest, name, ',');) {
    if (name.empty())
      throw InputError("'" + printable(list) + "' names an energy table of no name");
    files.push_back(file_of(kEnergyTables, name));
  }
  request.energy_table = energy::load_tables(files);
  Hash hash;
  for (const std::string& file : files) {
    std::ifstream in(file, std::ios::binary);
    hash.add_text(std::string(std::istreambuf_iterator<char>(in), {}));
  }
  request.energy_table_hash = hash.hex();
  // What it lacks is told before anything is simulated.
  (void)energy::Pricer(*request.energy_table, request.platform);
}

}  // namespace

Request resolve_layers(const RequestNames& names) {
  Request request;
  request.platform = spec::load_platform(file_of(kPlatforms, names.platform));
  resolve_energy_table(names, request);
  request.workload = workloads::load_network(file_of(kWorkloads, names.workload));
  request.batch = names.batch.value_or(request.workload.default_batch);
  for (const std::size_t position : select(request.workload, names.layers.value_or("*"))) {
    require_room_for_layer(request.workload.layers[position], request.batch,
                           names.batch ? "--batch" : "default_batch");
    LayerRequest layer;
    layer.position = position;
    request.layers.push_back(layer);
  }
  return request;
}

Request resolve(const RequestNames& names) {
  Request request = resolve_layers(names);
  request.seed = names.seed;
  request.check = names.check;
  request.fast_forward = names.fast_forward;
  request.jobs = names.jobs;
  const Mappings mappings = load_mappings(names, request);
  require_known_layers(mappings.file, request.workload);
  MappingSearch search(request, objective_of(names.objective));
  decide_residency(request, [&](const LayerRequest& layer, unsigned banks) {
    return does_without(mappings, request, layer, banks);
  });
  for (LayerRequest& layer : request.layers) resolve_mapping(mappings, search, request, layer);
  resolve_tensors(names, request);
  return request;
}

}  // namespace rowan::sim
