// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/dataflow/row_stationary/mapping.h"
#include "models/energy/energy_table.h"
#include "models/hardware/fast_forward.h"
#include "models/spec/accelerator_spec.h"
#include "workloads/network.h"
#include "workloads/quantized_network.h"

namespace rowan::sim {

/// Where a layer's mapping comes from.
enum class MappingSource { kPublished, kFile, kMapper };
[[nodiscard]] const char* name_of(MappingSource source);

/// Where operands come from: words drawn at random, the layer before (filters drawn), .npy files,
/// or a float network that is quantised, of which each layer takes what those before it made.
enum class TensorSource { kSeeded, kChain, kDirectory, kFloat };
[[nodiscard]] const char* name_of(TensorSource source);

/// Whether outputs are compared with the golden operations.
enum class Check { kGolden, kNone };

/// Which fmaps of a layer stay in the global buffer (docs/machine.md, section 11).
struct Residency {
  bool ifmap = false;
  bool ofmap = false;
  unsigned banks = 0;  ///< that they take together
};

/// A layer to run.
struct LayerRequest {
  std::size_t position = 0;  ///< in the network
  /// Legal, and cut to what the layer has; none for a layer of the post-processing unit.
  std::optional<dataflow::row_stationary::Mapping> mapping;
  MappingSource source = MappingSource::kMapper;
  Residency resident = {};
};

/// Everything that a simulation depends on: a value.
struct Request {
  spec::AcceleratorSpec platform;
  workloads::Network workload;
  unsigned batch = 1;                ///< images
  std::vector<LayerRequest> layers;  ///< in the network's order
  TensorSource tensors = TensorSource::kSeeded;
  /// With TensorSource::kDirectory, or with kFloat where numbers are not drawn.
  std::string tensor_directory;
  std::string tensor_hash;               ///< of what its files hold
  workloads::Quantization quantization;  ///< with TensorSource::kFloat
  /// With TensorSource::kFloat, what quantized() makes; then `workload` is its network.
  std::shared_ptr<const workloads::QuantizedNetwork> quantized;
  std::uint64_t seed = 1;
  Check check = Check::kGolden;
  hardware::Replay fast_forward = hardware::Replay::kOn;
  std::optional<energy::EnergyTable> energy_table;  ///< prices the results; none: no energies
  std::string energy_table_hash;                    ///< of its files
  bool with_estimates = false;  ///< put the analytical model's words beside each layer's result
  unsigned jobs = 1;            ///< processes that time layers side by side

  [[nodiscard]] const workloads::Layer& layer(const LayerRequest& request) const {
    return workload.layers[request.position];
  }
};

/// What is simulated, as one line of JSON with sorted keys; platform and workload as YAML with
/// every key. Layers say what of them is resident on a platform with inter_layer_reuse; float
/// tensors, how they are quantised. Where files
/// lie, where mappings come from, whether outputs are checked, and how the work is done
/// (fast-forward, estimates, prices, jobs) is no part of it.
[[nodiscard]] std::string canonical_json(const Request& request);

/// FNV-1a of canonical_json(), 16 hexadecimal digits.
[[nodiscard]] std::string request_hash(const Request& request);

/// The words that PEs of the platform compute with.
[[nodiscard]] workloads::WordFormat word_format(const spec::AcceleratorSpec& platform);

/// With TensorSource::kFloat, the request with its network quantised: shifts in the workload, words
/// in `quantized`. Any other request as it is. Throws as require_room_for_network() and
/// workloads::QuantizedNetwork do.
[[nodiscard]] Request quantized(Request request);

}  // namespace rowan::sim
