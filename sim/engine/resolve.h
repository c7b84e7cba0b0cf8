// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/mapper/objective.h"
#include "sim/engine/request.h"

namespace rowan::sim {

/// A request in the user's words.
struct RequestNames {
  std::string platform;                ///< a name or a file
  std::string workload;                ///< a name or a file
  std::optional<unsigned> batch;       ///< else the network's default
  std::optional<std::string> layers;   ///< patterns; else all layers
  std::optional<std::string> mapping;  ///< a file; else the published mapping, else the mapper's
  std::string objective = mapper::kObjectives[0].name;  ///< of the mapper
  std::optional<std::string>
      energy;  ///< names or files, by comma; else the platform's, if it names one
  /// "float", "seeded", "chain" or a folder; by default "seeded" for 16-bit integers, else "float".
  std::optional<std::string> tensors;
  std::optional<std::string> scale;        ///< of float tensors: a name of kScaleKinds
  std::optional<std::string> granularity;  ///< of float tensors: a name of kGranularities
  std::optional<std::string> floats;       ///< of float tensors: a folder; else they are drawn
  std::uint64_t seed = 1;
  Check check = Check::kGolden;
  hardware::Replay fast_forward = hardware::Replay::kOn;
  unsigned jobs = 1;
};

/// Most images of a run.
inline constexpr unsigned kMaxBatch = 4096;

/// Platform, network, batch and layers; these have no mappings yet, and there are no tensors.
/// Throws InputError for unknown names, what the files' readers reject, and a batch that is out of
/// range.
[[nodiscard]] Request resolve_layers(const RequestNames& names);

/// Reads and checks everything that the names stand for; a layer that its mapping file leaves out
/// gets the mapper's mapping.
///
/// Throws InputError: for unknown names, what the files' readers reject, a batch that is out of
/// range, an illegal mapping (at its place in the file, with every broken rule), layers that the
/// platform has no room for, and tensors that do not fit the platform or each other.
[[nodiscard]] Request resolve(const RequestNames& names);

}  // namespace rowan::sim
