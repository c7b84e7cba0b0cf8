// SPDX-License-Identifier: Apache-2.0
#include "sim/report/comparison_report.h"

#include <cmath>

#include <nlohmann/json.hpp>

#include "models/base/text.h"
#include "models/spec/derived.h"
#include "sim/engine/comparison.h"
#include "sim/report/plain_text.h"
#include "sim/report/text_table.h"
#include "sim/version.h"
#include "workloads/layer_kinds.h"

namespace rowan::sim {
namespace {

using Cells = std::vector<std::string>;
using Json = nlohmann::ordered_json;

constexpr std::size_t kNameWidth = 12;
constexpr double kClosePercent = 5;

std::string signed_text(double value, const char* unit = "") {
  return (value < 0 ? "-" : "+") + fixed(std::abs(value), 1) + unit;
}

/// All that is said of a layer.
struct Compared {
  const LayerResult* layer = nullptr;
  CauseCycles simulated;
  CauseCycles estimated;
  double processing_error = 0;  ///< percent
  double total_error = 0;
  std::vector<CountDifference> counts;
};

Compared compare_layer(const Request& request, const LayerResult& layer) {
  const Cycles configuration = spec::configuration_cycles(request.platform.controller);
  const analytical::Estimate& estimate = *layer.estimate;
  const LayerMeasures& measures = layer.measures;
  return {&layer,
          causes_of(layer, configuration),
          causes_of(estimate),
          error_percent(measures.processing, estimate.processing),
          error_percent(measures.total, estimate.total),
          differing_counts(measures.counts, estimate.counts)};
}

std::vector<Compared> compare_layers(const Result& result) {
  std::vector<Compared> layers;
  for (const LayerResult& layer : result.layers) {
    layers.push_back(compare_layer(result.request, layer));
  }
  return layers;
}

std::size_t within(const std::vector<Compared>& layers, double Compared::*error) {
  std::size_t count = 0;
  for (const Compared& layer : layers) count += std::abs(layer.*error) <= kClosePercent ? 1 : 0;
  return count;
}

const CounterInfo& info_of(const CountDifference& difference) {
  return counter_table()[static_cast<std::size_t>(difference.counter)];
}

std::string count_lines(const std::vector<Compared>& layers) {
  std::string lines;
  for (const Compared& layer : layers) {
    for (const CountDifference& difference : layer.counts) {
      const CounterInfo& info = info_of(difference);
      lines += layer.layer->name + ": " + info.component + "." + info.action + ": " +
               grouped(difference.simulated) + " " + info.unit + " simulated, " +
               grouped(difference.estimated) + " estimated\n";
    }
  }
  return lines.empty() ? "counts: all accesses of both models are equal\n"
                       : "counts that differ:\n" + lines;
}

Json causes_json(const Compared& layer) {
  Json json = Json::object();
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    const auto cause = static_cast<Cause>(i);
    json[name_of(cause)] = {{"simulated", layer.simulated[cause]},
                            {"estimated", layer.estimated[cause]}};
  }
  return json;
}

Json cycles_json(Cycles simulated, Cycles estimated) {
  return {{"simulated", simulated.value()},
          {"estimated", estimated.value()},
          {"error_percent", error_percent(simulated, estimated)}};
}

Json counts_json(const Compared& layer) {
  Json json = Json::array();
  for (const CountDifference& difference : layer.counts) {
    const CounterInfo& info = info_of(difference);
    json.push_back({{"component", info.component},
                    {"action", info.action},
                    {"simulated", difference.simulated},
                    {"estimated", difference.estimated}});
  }
  return json;
}

}  // namespace

std::string comparison_table(const Result& result) {
  const std::vector<Compared> layers = compare_layers(result);
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  for (const Cells& head :
       {Cells{"processing", "simulated"}, Cells{"processing", "estimated"}, Cells{"off", "%"},
        Cells{"total", "simulated"}, Cells{"total", "estimated"}, Cells{"off", "%"}}) {
    table.add_column(head);
  }
  for (std::size_t i = 0; i < kCauseCount; ++i) {
    table.add_column(head_of(name_of(static_cast<Cause>(i))));
  }
  table.add_column({"bound", "by"}, TextTable::Align::kLeft);
  for (const Compared& layer : layers) {
    const LayerMeasures& measures = layer.layer->measures;
    const analytical::Estimate& estimate = *layer.layer->estimate;
    Cells row{cut(layer.layer->name, kNameWidth),   grouped(measures.processing.value()),
              grouped(estimate.processing.value()), signed_text(layer.processing_error),
              grouped(measures.total.value()),      grouped(estimate.total.value()),
              signed_text(layer.total_error)};
    for (std::size_t i = 0; i < kCauseCount; ++i) {
      const auto off = static_cast<double>(layer.estimated.values[i] - layer.simulated.values[i]);
      row.push_back(
          off == 0 ? "0" : signed_text(100 * off / static_cast<double>(measures.total.value())));
    }
    row.emplace_back(analytical::name_of(estimate.binding));
    table.add_row(row);
  }
  const Request& request = result.request;
  const std::string of = " of " + std::to_string(layers.size()) + " layers";
  return request.workload.name + " on " + printable(request.platform.name) + ", batch " +
         std::to_string(request.batch) +
         ": cycle model and analytical model. The columns from compute on say by how much the\n"
         "analytical model is off for that cause, in percent of the simulated total; together "
         "they are the total's difference.\n\n" +
         table.text() + "\nwithin 5 %: processing " +
         std::to_string(within(layers, &Compared::processing_error)) + ", total " +
         std::to_string(within(layers, &Compared::total_error)) + of + "\n" + count_lines(layers);
}

std::string comparison_json(const Result& result) {
  const std::vector<Compared> layers = compare_layers(result);
  Json json;
  json["schema"] = "rowan.comparison/1";
  json["version"] = kVersion;
  json["revision"] = kRevision;
  json["platform"] = result.request.platform.name;
  json["workload"] = result.request.workload.name;
  json["batch"] = result.request.batch;
  Json& list = json["layers"] = Json::array();
  for (const Compared& layer : layers) {
    const LayerMeasures& measures = layer.layer->measures;
    const analytical::Estimate& estimate = *layer.layer->estimate;
    list.push_back({{"name", layer.layer->name},
                    {"kind", workloads::name_of(result.request.layer(layer.layer->request).kind)},
                    {"cycles",
                     {{"processing", cycles_json(measures.processing, estimate.processing)},
                      {"total", cycles_json(measures.total, estimate.total)}}},
                    {"bound", analytical::name_of(estimate.binding)},
                    {"causes", causes_json(layer)},
                    {"counts_that_differ", counts_json(layer)}});
  }
  json["layers_within_5_percent"] = {{"processing", within(layers, &Compared::processing_error)},
                                     {"total", within(layers, &Compared::total_error)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rowan::sim
