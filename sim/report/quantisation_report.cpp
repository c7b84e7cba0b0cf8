// SPDX-License-Identifier: Apache-2.0
#include "sim/report/quantisation_report.h"

#include <algorithm>
#include <cmath>

#include "models/base/text.h"
#include "sim/report/json_parts.h"
#include "sim/report/plain_text.h"
#include "sim/report/text_table.h"
#include "workloads/layer_kinds.h"

namespace rowan::sim {
namespace {

using Json = nlohmann::ordered_json;
using workloads::Layer;
using workloads::QuantizedLayerRun;

/// Widest name of a layer in a table.
constexpr std::size_t kNameWidth = 14;

/// The bits by which the layer shifts psums, or sums: of all its filters.
std::vector<unsigned> shifts_of(const Layer& layer) {
  return layer.filter_shifts.empty() ? std::vector<unsigned>{layer.ofmap_shift}
                                     : layer.filter_shifts;
}

bool has_shift(const Layer& layer) {
  return workloads::on_array(layer) || layer.kind == workloads::LayerKind::kAdd;
}

/// "8", or "7 to 9".
std::string shift_text(const Layer& layer) {
  if (!has_shift(layer)) return "-";
  const std::vector<unsigned> shifts = shifts_of(layer);
  const auto [least, most] = std::minmax_element(shifts.begin(), shifts.end());
  if (*least == *most) return std::to_string(*least);
  return std::to_string(*least) + " to " + std::to_string(*most);
}

std::string scale_text(double scale) {
  const int exponent = std::ilogb(scale);
  if (std::ldexp(1.0, exponent) == scale) return "2^" + std::to_string(exponent);
  // Eight of them to an octave.
  return "2^" + fixed(std::log2(scale), 3);
}

std::string title(const Request& request) {
  const std::string type = request.platform.pe.type;
  std::string text =
      request.workload.name + " in " + type + " on " + printable(request.platform.name) +
      ", batch " + std::to_string(request.batch) +
      (request.tensor_directory.empty() ? ", drawn from seed " + std::to_string(request.seed)
                                        : ", numbers from files");
  if (word_format(request.platform).type->numbers == arithmetic::Numbers::kInteger) {
    text += std::string("; scales ") + name_of(request.quantization.scale) + ", weights by " +
            name_of(request.quantization.granularity);
  }
  return text + "\n";
}

double ofmap_scale(const Request& request, std::size_t position) {
  const std::string& name = request.workload.layers[position].name;
  return request.quantized->scale(*workloads::find_tensor(request.workload, name));
}

}  // namespace

std::string db_text(const arithmetic::SignalNoise& sum) {
  if (sum.signal == 0 && sum.noise == 0) return "-";
  if (std::isfinite(sum.db())) return fixed(sum.db(), 1);
  if (std::isnan(sum.noise)) return "nan";
  return sum.noise == 0 ? "exact" : "-inf";
}

std::string quantisation_table(const Request& request, const std::vector<QuantizedLayerRun>& runs) {
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  for (const std::vector<std::string>& head : {std::vector<std::string>{"product", "shift"},
                                               {"ofmap", "shift"},
                                               {"ofmap", "scale"},
                                               {"weights", "SQNR dB"},
                                               {"ifmap", "SQNR dB"},
                                               {"ofmap", "SQNR dB"},
                                               {"psums", "overflown"},
                                               {"words", "clamped"}}) {
    table.add_column(head);
  }
  for (const LayerRequest& of : request.layers) {
    const Layer& layer = request.layer(of);
    const QuantizedLayerRun& run = runs[of.position];
    table.add_row({cut(layer.name, kNameWidth),
                   workloads::on_array(layer) ? std::to_string(layer.product_shift) : "-",
                   shift_text(layer), scale_text(ofmap_scale(request, of.position)),
                   db_text(run.noise.weights), db_text(run.noise.ifmaps), db_text(run.noise.ofmap),
                   grouped(run.statistics.wrapped + run.statistics.saturated_sums),
                   grouped(run.statistics.saturated)});
  }
  return title(request) + "\n" + table.text();
}

std::string quantisation_json(const Request& request, const std::vector<QuantizedLayerRun>& runs) {
  Json json;
  json["schema"] = "rowan.quantisation/1";
  json["platform"] = request.platform.name;
  json["pe_type"] = request.platform.pe.type;
  json["workload"] = request.workload.name;
  json["batch"] = request.batch;
  json["seed"] = request.seed;
  json["tensor_hash"] = request.tensor_hash;
  json["scale"] = name_of(request.quantization.scale);
  json["granularity"] = name_of(request.quantization.granularity);
  Json& layers = json["layers"] = Json::array();
  for (const LayerRequest& of : request.layers) {
    const Layer& layer = request.layer(of);
    const QuantizedLayerRun& run = runs[of.position];
    Json shifts;  // null where the layer has none
    if (has_shift(layer)) shifts = shifts_of(layer);
    Json json_of_layer = {{"name", layer.name},
                          {"kind", workloads::name_of(layer.kind)},
                          {"product_shift_bits", layer.product_shift},
                          {"ofmap_shift_bits", shifts},
                          {"ofmap_scale", ofmap_scale(request, of.position)},
                          {"weight_scales", request.quantized->parameter_scales(of.position)}};
    add_noise(json_of_layer, run.noise);
    json_of_layer["wrapped_psums"] = run.statistics.wrapped;
    json_of_layer["saturated_sums"] = run.statistics.saturated_sums;
    json_of_layer["saturated_outputs"] = run.statistics.saturated;
    layers.push_back(json_of_layer);
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rowan::sim
