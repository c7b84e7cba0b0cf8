// SPDX-License-Identifier: Apache-2.0
#include "sim/report/loop_nest_report.h"

#include <vector>

#include <nlohmann/json.hpp>

#include "sim/report/plain_text.h"
#include "sim/report/text_table.h"

namespace rowan::sim {

namespace nest = analytical::loop_nest;

std::string loop_nest_table(const nest::NestCounts& counts) {
  TextTable table;
  constexpr std::size_t kWords = 2;  // columns of words, before those of numbers
  for (std::size_t i = 0; i < nest::kCountsHead.size(); ++i) {
    table.add_column(head_of(nest::kCountsHead[i]),
                     i < kWords ? TextTable::Align::kLeft : TextTable::Align::kRight);
  }
  for (const auto& row : nest::rows(counts)) table.add_row({row.begin(), row.end()});
  return grouped(counts.macs) + " MACs on " + grouped(counts.units) + " units in " +
         grouped(counts.cycles.value()) + " cycles without stalls\n\n" + table.text();
}

std::string loop_nest_json(const nest::NestCounts& counts) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["schema"] = "rowan.loop_nest_counts/1";
  json["macs"] = counts.macs;
  json["units"] = counts.units;
  json["cycles"] = counts.cycles.value();
  Json& levels = json["levels"] = Json::array();
  for (const nest::LevelCounts& level : counts.levels) {
    Json& entry = levels.emplace_back();
    entry["name"] = level.name;
    entry["instances"] = level.instances;
    Json& data = entry["data"] = Json::array();
    for (const nest::DataCounts& words : level.data) {
      data.push_back({{"name", nest::name_of(words.data)},
                      {"tile_words", words.tile},
                      {"reads_per_instance", words.reads},
                      {"fills_per_instance", words.fills},
                      {"updates_per_instance", words.updates},
                      {"temporal_reductions_per_instance", words.temporal_reductions}});
    }
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rowan::sim
