// SPDX-License-Identifier: Apache-2.0
#include "sim/report/terminal_report.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/base/text.h"
#include "sim/report/energy_report.h"
#include "sim/report/plain_text.h"
#include "sim/report/quantisation_report.h"
#include "sim/report/text_table.h"

namespace rowan::sim {
namespace {

using Cells = std::vector<std::string>;

/// Widest name of a layer in a table.
constexpr std::size_t kNameWidth = 12;

constexpr double kMega = 1e6;
constexpr double kMebi = 1024.0 * 1024.0;

/// Milliseconds, or at least their first digits.
std::string time_text(double ms) { return fixed(ms, ms < 10'000 ? 3 : 0); }

std::string title(const Result& result) {
  const Request& request = result.request;
  std::string text =
      request.workload.name + " on " + printable(request.platform.name) + ", batch " +
      std::to_string(request.batch) + ", " + std::to_string(request.layers.size()) +
      (request.layers.size() == 1 ? " layer" : " layers") + ", tensors " + name_of(request.tensors);
  if (request.tensors != TensorSource::kDirectory) text += ", seed " + std::to_string(request.seed);
  return text + ", clock " + mhz_text(request.platform.clock) + " MHz\n";
}

/// Adds a row for each layer and one for the sum; `cells` makes those after the name.
template <class CellsOf>
void add_rows(TextTable& table, const Result& result, const CellsOf& cells_of) {
  const auto add = [&](const std::string& name, const LayerMeasures& measures,
                       const std::string& active_pes) {
    Cells row = cells_of(measures, active_pes);
    row.insert(row.begin(), cut(name, kNameWidth));
    table.add_row(row);
  };
  for (const LayerResult& layer : result.layers) {
    add(layer.name, layer.measures, std::to_string(layer.active_pes));
  }
  table.add_rule();
  add("total", result.total(), "");
}

std::string layer_table(const Result& result) {
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  for (const Cells& head : std::initializer_list<Cells>{{"MACs", "(M)"},
                                                        {"active", "PEs"},
                                                        {"passes"},
                                                        {"processing", "cycles"},
                                                        {"processing", "ms"},
                                                        {"total", "ms"},
                                                        {"util.", "%"},
                                                        {"DRAM", "MB"},
                                                        {"GLB", "MiB"},
                                                        {"outputs", "checked"},
                                                        {"outputs", "differ"}}) {
    table.add_column(head);
  }
  add_rows(table, result, [&](const LayerMeasures& m, const std::string& active_pes) {
    return Cells{fixed(static_cast<double>(m.macs) / kMega, 2),
                 active_pes,
                 std::to_string(m.passes),
                 grouped(m.processing.value()),
                 time_text(milliseconds(result.request, m.processing)),
                 time_text(milliseconds(result.request, m.total)),
                 fixed(100.0 * utilization(result.request, m), 1),
                 fixed(static_cast<double>(dram_bytes(m).value()) / kMega, 3),
                 fixed(static_cast<double>(glb_bytes(result.request, m).value()) / kMebi, 2),
                 m.check ? std::to_string(m.check->compared) : "-",
                 m.check ? std::to_string(m.check->mismatches) : "-"};
  });
  return table.text();
}

std::string pe_table(const Result& result) {
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  for (std::size_t i = 0; i < kPeActivityCount; ++i) {
    table.add_column(head_of(name_of(static_cast<PeActivity>(i))));
  }
  add_rows(table, result, [](const LayerMeasures& m, const std::string&) {
    Cells cells;
    for (std::size_t i = 0; i < kPeActivityCount; ++i) {
      cells.push_back(percent(m.pe_cycles[static_cast<PeActivity>(i)], m.pe_cycles.total()));
    }
    return cells;
  });
  return table.text();
}

/// A column of the table of counts: the sum of some counters.
struct CountColumn {
  Cells head;
  std::vector<Counter> counters;
};

const std::vector<CountColumn>& count_columns() {
  static const std::vector<CountColumn> kColumns{
      {{"MACs", "done"}, {Counter::kMacCompute}},
      {{"MACs", "gated"}, {Counter::kMacGated}},
      {{"ifmap", "spad"},
       {Counter::kIfmapSpadRead, Counter::kIfmapSpadReadRepeated, Counter::kIfmapSpadWrite}},
      {{"filter", "spad"}, {Counter::kFilterSpadRead, Counter::kFilterSpadWrite}},
      {{"psum", "spad"}, {Counter::kPsumSpadRead, Counter::kPsumSpadWrite}},
      {{"local", "network"}, {Counter::kLocalNetworkWord}},
      {{"ifmap", "GIN"}, {Counter::kIfmapGinDelivery}},
      {{"filter", "GIN"}, {Counter::kFilterGinDelivery}},
      {{"psum", "GIN"}, {Counter::kPsumGinDelivery}},
      {{"GON"}, {Counter::kGonWord}},
      {{"unit", "words"}, {Counter::kPostProcessingOperation}},
      {{"GLB"},
       {Counter::kGlbIfmapRead, Counter::kGlbIfmapWrite, Counter::kGlbFilterRead,
        Counter::kGlbFilterWrite, Counter::kGlbPsumRead, Counter::kGlbPsumWrite,
        Counter::kGlbOfmapRead, Counter::kGlbResidentRead, Counter::kGlbResidentWrite}},
      {{"DRAM", "bytes"},
       {Counter::kDramIfmapRead, Counter::kDramFilterRead, Counter::kDramOfmapWrite}},
  };
  return kColumns;
}

std::string count_table(const Result& result) {
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  for (const CountColumn& column : count_columns()) table.add_column(column.head);
  add_rows(table, result, [](const LayerMeasures& m, const std::string&) {
    Cells cells;
    for (const CountColumn& column : count_columns()) {
      std::uint64_t sum = 0;
      for (const Counter counter : column.counters) sum += m.counts[counter];
      cells.push_back(scaled(sum));
    }
    return cells;
  });
  return table.text();
}

/// Empty but for float tensors.
std::string noise_table(const Result& result) {
  if (result.request.tensors != TensorSource::kFloat) return {};
  TextTable table;
  table.add_column({"layer"}, TextTable::Align::kLeft);
  for (const char* head : {"weights", "ifmap", "ofmap"}) table.add_column({head});
  for (const LayerResult& layer : result.layers) {
    if (!layer.noise) continue;
    table.add_row({cut(layer.name, kNameWidth), db_text(layer.noise->weights),
                   db_text(layer.noise->ifmaps), db_text(layer.noise->ofmap)});
  }
  std::string head = "\nSignal to quantisation noise, dB, against the float network";
  const arithmetic::PeType& type = arithmetic::pe_type(result.request.platform.pe.type);
  if (type.numbers == arithmetic::Numbers::kInteger) {
    const workloads::Quantization& quantization = result.request.quantization;
    head += std::string("; scales ") + name_of(quantization.scale) + ", weights by " +
            name_of(quantization.granularity);
  }
  return head + "\n\n" + table.text();
}

std::string coordinates(const Mismatch& mismatch) {
  return "image " + std::to_string(mismatch.at[0]) + ", filter " + std::to_string(mismatch.at[1]) +
         ", row " + std::to_string(mismatch.at[2]) + ", column " + std::to_string(mismatch.at[3]);
}

/// At most one of the two counts is not 0.
std::string overflow_line(const Result& result, const OfmapCheck& check) {
  const std::uint64_t overflows = check.wrapped_psums + check.saturated_sums;
  if (overflows == 0) return {};
  return "note: " + grouped(overflows) + " sums did not fit a psum word of " +
         std::to_string(result.request.platform.pe.psum_bits) + " bits and " +
         (check.wrapped_psums > 0 ? "wrapped" : "saturated") + "\n";
}

std::string check_lines(const Result& result) {
  const auto check = result.total().check;
  if (!check) return "check: left out\n";
  const std::string wraps = overflow_line(result, *check);
  if (check->mismatches == 0) {
    return wraps + "check: " + grouped(check->compared) +
           " output words equal the golden operations, 0 differ\n";
  }
  const Mismatch& first = *check->first;
  return wraps + "first: " + first.layer + ", " + coordinates(first) + ": expected " +
         std::to_string(first.expected) + ", found " + std::to_string(first.found) +
         "\ncheck: FAILED, " + grouped(check->mismatches) + " of " + grouped(check->compared) +
         " output words differ from the golden operations\n";
}

std::string mapping_line(const Result& result) {
  std::string text;
  std::size_t mapped = 0;
  for (const LayerResult& layer : result.layers) mapped += layer.request.mapping ? 1 : 0;
  if (mapped == 0) return {};
  for (const MappingSource source :
       {MappingSource::kPublished, MappingSource::kFile, MappingSource::kMapper}) {
    std::size_t count = 0;
    for (const LayerResult& layer : result.layers) {
      count += layer.request.mapping && layer.request.source == source ? 1 : 0;
    }
    if (count == 0) continue;
    text += (text.empty() ? "" : ", ") + std::string(name_of(source));
    if (count != mapped) text += " for " + std::to_string(count);
  }
  return "mapping: " + text + "\n";
}

/// Empty on a platform on which all fmaps go through DRAM.
std::string resident_line(const Result& result) {
  if (!result.request.platform.global_buffer.inter_layer_reuse) return {};
  std::size_t count = 0;
  unsigned most_banks = 0;
  for (const LayerResult& layer : result.layers) {
    count += layer.request.resident.ofmap ? 1 : 0;
    most_banks = std::max(most_banks, layer.request.resident.banks);
  }
  std::string text = "resident: " + std::to_string(count) + " of " +
                     std::to_string(result.layers.size()) +
                     " ofmaps stay in the global buffer for the next layer";
  if (count > 0) {
    text += ", in up to " + std::to_string(most_banks) + " of " +
            std::to_string(result.request.platform.global_buffer.banks) + " banks at a time";
  }
  return text + "\n";
}

std::string fast_forward_line(const Result& result) {
  const hardware::FastForwardActivity activity = result.total().fast_forward;
  const std::uint64_t simulated = activity.cycles_simulated.value();
  const std::uint64_t replayed = activity.cycles_replayed.value();
  const spec::AcceleratorSpec& platform = result.request.platform;
  if (result.request.fast_forward != hardware::Replay::kOff &&
      platform.controller.pass_transition == spec::PassTransition::kOverlap &&
      platform.global_buffer.psum_bank_ports == 1) {
    return "cycles: all simulated, because passes overlap and psum banks have one port "
           "(docs/engine.md)\n";
  }
  std::string text = "cycles: " + grouped(simulated) + " simulated, " + grouped(replayed) +
                     " replayed; outputs: " + grouped(activity.outputs_simulated) + " simulated, " +
                     grouped(activity.outputs_replayed) + " replayed";
  if (activity.passes_verified > 0) {
    text += "; " + grouped(activity.passes_verified) + " replays verified";
  }
  return text + "\n";
}

/// Empty without an energy table.
std::string energy_table_text(const Result& result) {
  const std::optional<PricedLayers> priced = price(result);
  if (!priced) return {};
  std::vector<EnergyRow> rows;
  for (std::size_t i = 0; i < result.layers.size(); ++i) {
    rows.push_back({result.layers[i].name, result.layers[i].measures.total});
  }
  return energy_report(result.request, *priced, rows, result.total().total);
}

}  // namespace

std::string terminal_report(const Result& result) {
  return title(result) + mapping_line(result) + resident_line(result) + "\n" + layer_table(result) +
         "\nWhat the PEs did, in percent of their cycles from start to end of a layer\n\n" +
         pe_table(result) +
         "\nActivity: words read and written, words delivered to PEs, bytes of DRAM\n\n" +
         count_table(result) + noise_table(result) + energy_table_text(result) + "\n" +
         fast_forward_line(result) + check_lines(result);
}

}  // namespace rowan::sim
