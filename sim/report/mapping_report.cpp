// SPDX-License-Identifier: Apache-2.0
#include "sim/report/mapping_report.h"

#include "models/base/yaml_node.h"
#include "models/dataflow/row_stationary/mapping_file.h"
#include "sim/engine/mapping_letters.h"
#include "sim/report/bounds_columns.h"
#include "sim/report/plain_text.h"

namespace rowan::sim {
namespace {

using Cells = std::vector<std::string>;

/// Widest name of a layer in a table.
constexpr std::size_t kNameWidth = 12;

constexpr double kMega = 1e6;

void add_estimate(Cells& row, const analytical::Estimate& estimate) {
  row.push_back(grouped(estimate.processing.value()));
  row.push_back(grouped(estimate.total.value()));
  row.push_back(fixed(static_cast<double>(estimate.dram().value()) / kMega, 3));
  row.emplace_back(analytical::name_of(estimate.binding));
  for (const BoundColumn& bound : kBoundColumns) {
    if (!bound.of_array) continue;
    row.push_back(percent((estimate.bounds.*bound.cycles).value(), estimate.total.value()));
  }
}

}  // namespace

std::string mapping_yaml(const Request& request) {
  dataflow::row_stationary::MappingFile file;
  file.description = "Mapping of " + request.workload.name + " on " + request.platform.name +
                     " for a batch of " + std::to_string(request.batch);
  file.platform = request.platform.name;
  file.workload = request.workload.name;
  for (const LayerRequest& layer : request.layers) {
    if (layer.mapping) file.layers[request.layer(layer).name].mapping = *layer.mapping;
  }
  return dataflow::row_stationary::dump(file);
}

void add_letter_columns(TextTable& table) {
  for (const MappingLetter& letter : kMappingLetters) table.add_column(head_of(letter.name));
}

void add_letters(Cells& row, const dataflow::row_stationary::Mapping& mapping) {
  for (const MappingLetter& letter : kMappingLetters) {
    row.push_back(std::to_string(mapping.*letter.field));
  }
}

std::string search_table(const Request& request, const std::string& objective,
                         const std::vector<mapper::SearchResult>& found) {
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  add_letter_columns(table);
  table.add_column({"processing", "cycles"});
  table.add_column({"total", "cycles"});
  table.add_column({"DRAM", "MB"});
  table.add_column({"bound", "by"}, TextTable::Align::kLeft);
  for (const BoundColumn& bound : kBoundColumns) {
    if (bound.of_array) table.add_column(percent_head(bound));
  }
  table.add_column({"mappings", "considered"});
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::string name = cut(request.layer(request.layers[i]).name, kNameWidth);
    std::string considered = grouped(found[i].considered);
    for (const mapper::Candidate& candidate : found[i].best) {
      Cells row{name};
      add_letters(row, candidate.mapping);
      add_estimate(row, candidate.estimate);
      row.push_back(considered);
      table.add_row(row);
      name.clear();
      considered.clear();
    }
  }
  return request.workload.name + " on " + printable(request.platform.name) + ", batch " +
         std::to_string(request.batch) + ", objective " + objective +
         "; cycles are estimated, shares are of the total\n\n" + table.text();
}

}  // namespace rowan::sim
