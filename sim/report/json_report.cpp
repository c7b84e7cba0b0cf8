// SPDX-License-Identifier: Apache-2.0
#include "sim/report/json_report.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "models/base/activity.h"
#include "sim/engine/pricing.h"
#include "sim/report/json_parts.h"
#include "sim/version.h"
#include "workloads/layer_kinds.h"

namespace rowan::sim {
namespace {

using Json = nlohmann::ordered_json;

Json first_mismatch_json(const OfmapCheck& check) {
  if (!check.first) return nullptr;
  const Mismatch& first = *check.first;
  return {{"layer", first.layer}, {"image", first.at[0]},  {"filter", first.at[1]},
          {"row", first.at[2]},   {"column", first.at[3]}, {"expected", first.expected},
          {"found", first.found}};
}

Json check_json(const std::optional<OfmapCheck>& check) {
  if (!check) return nullptr;
  return {{"outputs_compared", check->compared},
          {"mismatches", check->mismatches},
          {"first_mismatch", first_mismatch_json(*check)},
          {"nonzero_psum_percent", check->nonzero_psum_percent()},
          {"wrapped_psums", check->wrapped_psums},
          {"saturated_sums", check->saturated_sums},
          {"saturated_outputs", check->saturated}};
}

Json stalls_json(const PeCycles& cycles) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kPeActivityCount; ++i) {
    const auto activity = static_cast<PeActivity>(i);
    if (activity == PeActivity::kBusy || activity == PeActivity::kIdle) continue;
    json[name_of(activity)] = cycles[activity];
  }
  return json;
}

Json fast_forward_json(const hardware::FastForwardActivity& activity) {
  return {{"passes_replayed", activity.passes_replayed},
          {"passes_verified", activity.passes_verified},
          {"cycles_simulated", activity.cycles_simulated.value()},
          {"cycles_replayed", activity.cycles_replayed.value()},
          {"outputs_simulated", activity.outputs_simulated},
          {"outputs_replayed", activity.outputs_replayed}};
}

Json deviation_json(const OfmapCheck& check) {
  if (!check.deviation) return nullptr;
  Json sqnr;  // null without noise, and without a signal
  if (std::isfinite(check.deviation->sqnr_db)) sqnr = check.deviation->sqnr_db;
  return {{"max_abs_error", check.deviation->max_abs_error}, {"sqnr_db", sqnr}};
}

Json quantization_json(const Request& request) {
  if (request.tensors != TensorSource::kFloat) return nullptr;
  return {{"scale", name_of(request.quantization.scale)},
          {"granularity", name_of(request.quantization.granularity)}};
}

void add_measures(Json& json, const Result& result, const LayerMeasures& measures) {
  add_times(json, result.request, measures);
  json["busy"] = measures.pe_cycles[PeActivity::kBusy];
  json["idle"] = measures.pe_cycles[PeActivity::kIdle];
  json["stalls"] = stalls_json(measures.pe_cycles);
  add_activity(json, result.request, measures);
  json["fast_forward"] = fast_forward_json(measures.fast_forward);
}

Json layer_json(const Result& result, const LayerResult& layer,
                const energy::EnergyBreakdown* energy) {
  Json json;
  json["name"] = layer.name;
  json["kind"] = workloads::name_of(result.request.layer(layer.request).kind);
  json["macs"] = layer.measures.macs;
  json["mapping"] = mapping_json(layer.request.mapping);
  json["mapping_source"] = layer.request.mapping ? Json(name_of(layer.request.source)) : Json();
  json["active_pes"] = layer.active_pes;
  const Residency& resident = layer.request.resident;
  json["resident"] = {
      {"ifmap", resident.ifmap}, {"ofmap", resident.ofmap}, {"banks", resident.banks}};
  add_measures(json, result, layer.measures);
  json["energy"] = energy ? energy_json(*energy, result.request, layer.measures.total) : Json();
  json["ofmap_hash"] = layer.ofmap_hash;
  json["check"] = check_json(layer.measures.check);
  json["float_error"] = layer.measures.check ? deviation_json(*layer.measures.check) : Json();
  add_noise(json, layer.noise);
  return json;
}

Json total_json(const Result& result, const energy::EnergyBreakdown* energy) {
  const LayerMeasures total = result.total();
  Json json;
  json["macs"] = total.macs;
  add_measures(json, result, total);
  json["energy"] = energy ? energy_json(*energy, result.request, total.total) : Json();
  json["check"] = check_json(total.check);
  return json;
}

}  // namespace

Json result_json(const Result& result) {
  const Request& request = result.request;
  Json json;
  json["schema"] = "rowan.result/1";
  json["version"] = kVersion;
  json["revision"] = kRevision;
  json["platform"] = request.platform.name;
  json["workload"] = request.workload.name;
  json["batch"] = request.batch;
  json["tensors"] = name_of(request.tensors);
  json["quantization"] = quantization_json(request);
  json["seed"] = request.seed;
  json["request_hash"] = request_hash(request);
  json["clock_mhz"] = static_cast<double>(request.platform.clock.value()) / 1000.0;
  json["array"] = {{"rows", request.platform.array.rows},
                   {"columns", request.platform.array.columns}};
  const std::optional<PricedLayers> priced = price(result);
  json["energy_table"] = energy_table_json(request);
  Json& layers = json["layers"] = Json::array();
  for (std::size_t i = 0; i < result.layers.size(); ++i) {
    layers.push_back(layer_json(result, result.layers[i], priced ? &priced->layers[i] : nullptr));
  }
  json["total"] = total_json(result, priced ? &priced->total : nullptr);
  json["request"] = Json::parse(canonical_json(request));
  return json;
}

std::string json_report(const Result& result) {
  return result_json(result).dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rowan::sim
