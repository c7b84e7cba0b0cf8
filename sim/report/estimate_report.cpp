// SPDX-License-Identifier: Apache-2.0
#include "sim/report/estimate_report.h"

#include <optional>

#include <nlohmann/json.hpp>

#include "models/base/text.h"
#include "sim/engine/pricing.h"
#include "sim/report/bounds_columns.h"
#include "sim/report/energy_report.h"
#include "sim/report/json_parts.h"
#include "sim/report/plain_text.h"
#include "sim/report/text_table.h"
#include "sim/version.h"
#include "workloads/layer_kinds.h"

namespace rowan::sim {
namespace {

using Cells = std::vector<std::string>;
using Json = nlohmann::ordered_json;

constexpr std::size_t kNameWidth = 12;
constexpr double kMega = 1e6;
constexpr double kMebi = 1024.0 * 1024.0;

std::vector<LayerMeasures> measures_of(const Estimation& estimation) {
  std::vector<LayerMeasures> measures;
  for (const EstimatedLayer& layer : estimation.layers) measures.push_back(layer.measures());
  return measures;
}

std::optional<PricedLayers> priced_of(const Estimation& estimation,
                                      const std::vector<LayerMeasures>& measures) {
  if (!estimation.request.energy_table) return std::nullopt;
  std::vector<const LayerMeasures*> layers;
  for (const LayerMeasures& layer : measures) layers.push_back(&layer);
  return price(estimation.request, layers);
}

Json bounds_json(const analytical::Estimate& estimate) {
  Json json;
  for (const BoundColumn& bound : kBoundColumns) {
    json[bound.name] = (estimate.bounds.*bound.cycles).value();
  }
  json["windows"] = estimate.bounds.windows.value();
  return json;
}

Json layer_json(const Estimation& estimation, const EstimatedLayer& layer,
                const LayerMeasures& measures, const energy::EnergyBreakdown* energy) {
  const Request& request = estimation.request;
  Json json;
  json["name"] = layer.name;
  json["kind"] = workloads::name_of(request.layer(layer.request).kind);
  json["macs"] = measures.macs;
  json["mapping"] = mapping_json(layer.request.mapping);
  json["mapping_source"] = layer.request.mapping ? Json(name_of(layer.request.source)) : Json();
  add_times(json, request, measures);
  json["bound"] = analytical::name_of(layer.estimate.binding);
  json["bounds"] = bounds_json(layer.estimate);
  add_activity(json, request, measures);
  json["energy"] = energy ? energy_json(*energy, request, measures.total) : Json();
  return json;
}

std::string layer_table(const Estimation& estimation, const std::vector<LayerMeasures>& measures) {
  const Request& request = estimation.request;
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  for (const Cells& head : {Cells{"MACs", "(M)"}, Cells{"passes"}, Cells{"processing", "cycles"},
                            Cells{"processing", "ms"}, Cells{"total", "ms"}, Cells{"util.", "%"},
                            Cells{"DRAM", "MB"}, Cells{"GLB", "MiB"}}) {
    table.add_column(head);
  }
  table.add_column({"bound", "by"}, TextTable::Align::kLeft);
  for (const BoundColumn& bound : kBoundColumns) table.add_column(percent_head(bound));
  const auto cells = [&](const std::string& name, const LayerMeasures& m) {
    return Cells{cut(name, kNameWidth),
                 fixed(static_cast<double>(m.macs) / kMega, 2),
                 std::to_string(m.passes),
                 grouped(m.processing.value()),
                 fixed(milliseconds(request, m.processing), 3),
                 fixed(milliseconds(request, m.total), 3),
                 fixed(100 * utilization(request, m), 1),
                 fixed(static_cast<double>(dram_bytes(m).value()) / kMega, 3),
                 fixed(static_cast<double>(glb_bytes(request, m).value()) / kMebi, 2)};
  };
  for (std::size_t i = 0; i < measures.size(); ++i) {
    const analytical::Estimate& estimate = estimation.layers[i].estimate;
    Cells row = cells(estimation.layers[i].name, measures[i]);
    row.emplace_back(analytical::name_of(estimate.binding));
    for (const BoundColumn& bound : kBoundColumns) {
      row.push_back(percent((estimate.bounds.*bound.cycles).value(), estimate.total.value()));
    }
    table.add_row(row);
  }
  table.add_rule();
  Cells sum = cells("total", estimation.total());
  sum.resize(sum.size() + 1 + std::size(kBoundColumns));
  table.add_row(sum);
  return table.text();
}

}  // namespace

std::string estimate_table(const Estimation& estimation) {
  const Request& request = estimation.request;
  const std::vector<LayerMeasures> measures = measures_of(estimation);
  std::string text = request.workload.name + " on " + printable(request.platform.name) +
                     ", batch " + std::to_string(request.batch) +
                     ", estimated: nothing is simulated; shares are of the total\n\n" +
                     layer_table(estimation, measures);
  if (const auto priced = priced_of(estimation, measures)) {
    std::vector<EnergyRow> rows;
    for (std::size_t i = 0; i < measures.size(); ++i) {
      rows.push_back({estimation.layers[i].name, measures[i].total});
    }
    text += energy_report(request, *priced, rows, estimation.total().total);
  }
  return text;
}

std::string estimate_json(const Estimation& estimation) {
  const Request& request = estimation.request;
  const std::vector<LayerMeasures> measures = measures_of(estimation);
  const auto priced = priced_of(estimation, measures);
  Json json;
  json["schema"] = "rowan.estimate/1";
  json["version"] = kVersion;
  json["revision"] = kRevision;
  json["platform"] = request.platform.name;
  json["workload"] = request.workload.name;
  json["batch"] = request.batch;
  json["energy_table"] = energy_table_json(request);
  Json& layers = json["layers"] = Json::array();
  for (std::size_t i = 0; i < measures.size(); ++i) {
    layers.push_back(layer_json(estimation, estimation.layers[i], measures[i],
                                priced ? &priced->layers[i] : nullptr));
  }
  const LayerMeasures sum = estimation.total();
  Json& total = json["total"];
  total["macs"] = sum.macs;
  add_times(total, request, sum);
  add_activity(total, request, sum);
  total["energy"] = priced ? energy_json(priced->total, request, sum.total) : Json();
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rowan::sim
