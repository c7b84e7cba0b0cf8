// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include <nlohmann/json.hpp>

#include "models/dataflow/row_stationary/mapping.h"
#include "models/energy/pricer.h"
#include "sim/engine/request.h"
#include "sim/engine/result.h"
#include "workloads/quantized_network.h"

/// What the JSON of a run and of an estimate have in common; docs/result_schema.md.
namespace rowan::sim {

/// `passes`, `cycles`, `time_ms` and `utilization`.
void add_times(nlohmann::ordered_json& json, const Request& request, const LayerMeasures& measures);
/// `counts`, `dram_bytes` and `glb_bytes`.
void add_activity(nlohmann::ordered_json& json, const Request& request,
                  const LayerMeasures& measures);
/// `sqnr_db`, `signal_squares` and `noise_squares` of a layer's words; each null without `noise`. A
/// ratio is null where it is not finite: the sums say why.
void add_noise(nlohmann::ordered_json& json, const std::optional<workloads::LayerNoise>& noise);
/// Every letter is null for a layer that has no mapping.
[[nodiscard]] nlohmann::ordered_json mapping_json(
    const std::optional<dataflow::row_stationary::Mapping>& mapping);
/// `energy_table`: null without one.
[[nodiscard]] nlohmann::ordered_json energy_table_json(const Request& request);
/// `energy` of a layer that took so many cycles in all.
[[nodiscard]] nlohmann::ordered_json energy_json(const energy::EnergyBreakdown& breakdown,
                                                 const Request& request, Cycles cycles);

}  // namespace rowan::sim
