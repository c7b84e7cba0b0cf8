// SPDX-License-Identifier: Apache-2.0
#include "sim/report/energy_report.h"

#include <cstdio>

#include "models/base/text.h"
#include "sim/report/plain_text.h"
#include "sim/report/text_table.h"

namespace rowan::sim {
namespace {

using Cells = std::vector<std::string>;

/// Widest name of a layer in a table.
constexpr std::size_t kNameWidth = 12;

/// Components without a share in any layer have no column.
std::vector<std::size_t> shown_components(const energy::EnergyBreakdown& total) {
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < total.components.size(); ++i) {
    if (total.components[i].energy > Picojoules(0)) shown.push_back(i);
  }
  return shown;
}

}  // namespace

std::string energy_report(const Request& request, const PricedLayers& priced,
                          const std::vector<EnergyRow>& rows, Cycles total) {
  const bool absolute = priced.total.unit == "pJ";
  constexpr double kMicro = 1e-6;
  const std::vector<std::size_t> shown = shown_components(priced.total);
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  table.add_column({"total", absolute ? "uJ" : "(M)"});
  table.add_column({"on chip", absolute ? "uJ" : "(M)"});
  if (absolute) table.add_column({"on chip", "mW"});
  for (const std::size_t i : shown) {
    Cells head = head_of(priced.total.components[i].component);
    head.back() += " %";
    table.add_column(head);
  }
  const auto add_row = [&](const std::string& name, const energy::EnergyBreakdown& layer,
                           Cycles cycles) {
    Cells row{cut(name, kNameWidth), fixed(layer.total.value() * kMicro, 2),
              fixed(layer.on_chip.value() * kMicro, 2)};
    if (absolute) {
      row.push_back(fixed(milliwatts(layer.on_chip, cycles, request.platform.clock), 1));
    }
    for (const std::size_t i : shown) {
      const double whole = layer.total.value();
      row.push_back(fixed(whole > 0 ? 100 * layer.components[i].energy.value() / whole : 0, 1));
    }
    table.add_row(row);
  };
  for (std::size_t i = 0; i < rows.size(); ++i) {
    add_row(rows[i].name, priced.layers[i], rows[i].total);
  }
  table.add_rule();
  add_row("total", priced.total, total);
  const energy::Scale& scale = request.energy_table->scale;
  char factor[64] = "";
  if (scale.dynamic != 1) {
    std::snprintf(factor, sizeof factor, " (actions on the chip x %.4g, fitted)", scale.dynamic);
  }
  return "\nEnergy by table " + printable(request.energy_table->name) + factor +
         ", and where it goes, in percent of the total" +
         (absolute ? "" : "; in millions of the energy of a " + printable(priced.total.unit)) +
         "\n\n" + table.text();
}

}  // namespace rowan::sim
