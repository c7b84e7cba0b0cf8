// SPDX-License-Identifier: Apache-2.0
#include "sim/report/result_schema.h"

#include "models/base/activity.h"

namespace rowan::sim {
namespace {

std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c;
  }
  return out;
}

std::string field_table(const std::vector<ResultField>& fields) {
  std::string out = "| field | type | meaning |\n|---|---|---|\n";
  for (const ResultField& field : fields) {
    out += std::string("| `") + field.path + "` | " + field.type + " | " + cell(field.meaning) +
           " |\n";
  }
  return out;
}

std::string counter_table_text() {
  std::string out = "| component | action | unit | meaning |\n|---|---|---|---|\n";
  for (const CounterInfo& row : counter_table()) {
    out += std::string("| `") + row.component + "` | `" + row.action + "` | " + row.unit + " | " +
           cell(row.description) + " |\n";
  }
  return out;
}

std::string activity_table() {
  std::string out = "| a PE is | in a cycle in which |\n|---|---|\n";
  for (std::size_t i = 0; i < kPeActivityCount; ++i) {
    const auto activity = static_cast<PeActivity>(i);
    const bool is_stall = activity != PeActivity::kBusy && activity != PeActivity::kIdle;
    out += std::string("| `") + (is_stall ? "stalls." : "") + name_of(activity) + "` | " +
           cell(description_of(activity)) + " |\n";
  }
  return out;
}

}  // namespace

const std::vector<ResultField>& result_fields() {
  static const std::vector<ResultField> kFields{
      {"schema", "text", "`rowan.result/1`"},
      {"version", "text", "version of the program"},
      {"revision", "text", "revision of its sources, or `unknown`"},
      {"platform", "text", "name of the platform"},
      {"workload", "text", "name of the network"},
      {"batch", "whole", "images"},
      {"tensors", "text", "where operands come from: `seeded`, `chain`, `directory` or `float`"},
      {"quantization.scale", "text",
       "`power_of_two` or `free` scales (docs/quantisation.md); `quantization` is null but for "
       "float tensors"},
      {"quantization.granularity", "text", "a weight scale for a `layer` or for a `filter`"},
      {"seed", "whole", "of the random operands"},
      {"request_hash", "text",
       "FNV-1a, 64 bits, of `request` as one line with sorted keys: names what is simulated"},
      {"clock_mhz", "number", "core clock of the platform"},
      {"energy_table.name", "text",
       "name of the table that prices the counts (docs/energy.md); without one `energy_table` is "
       "null"},
      {"energy_table.hash", "text", "FNV-1a, 64 bits, of its files"},
      {"energy_table.unit", "text", "`pJ`, or what the energies are relative to"},
      {"energy_table.dynamic_scale", "number", "factor on all actions on the chip"},
      {"energy_table.fitted_on", "text", "what the factor was fitted to; empty when it was not"},
      {"array.rows", "whole", "PEs in a column of the array"},
      {"array.columns", "whole", "PEs in a row of the array"},
  };
  return kFields;
}

const std::vector<ResultField>& layer_fields() {
  static const std::vector<ResultField> kFields{
      {"name", "text", "name of the layer"},
      {"kind", "text",
       "what it computes; `convolution`, `fully_connected` and `matmul` run on the array, all "
       "others on the post-processing unit"},
      {"macs", "whole", "multiplications, those with zeros included, all images"},
      {"mapping.m", "whole or null",
       "filters whose psums the GLB holds; all letters are null off the array"},
      {"mapping.n", "whole", "images of a pass"},
      {"mapping.e", "whole", "ofmap rows of a strip, the width of a PE set"},
      {"mapping.f", "whole", "ofmap columns of a pass"},
      {"mapping.p", "whole", "filters interleaved in a PE"},
      {"mapping.q", "whole", "channels interleaved in a PE"},
      {"mapping.r", "whole", "PE sets on different channels"},
      {"mapping.t", "whole", "PE sets on different filters"},
      {"mapping.g", "whole", "PE sets on different groups"},
      {"mapping.filter_rows", "whole", "filter rows of a pass"},
      {"mapping.filter_columns", "whole", "filter columns of a pass"},
      {"mapping_source", "text or null", "`published`, `file` or `mapper`"},
      {"active_pes", "whole", "PEs that take part in the pass that uses most"},
      {"resident.ifmap", "true or false",
       "the ifmap was in the global buffer, where the layer before left it (docs/machine.md, "
       "section 11)"},
      {"resident.ofmap", "true or false",
       "the ofmap stays in the global buffer for the next layer"},
      {"resident.banks", "whole", "banks of the global buffer that these two take"},
      {"passes", "whole", "processing passes"},
      {"cycles.processing", "whole", "core cycles without what waited for DRAM (docs/machine.md)"},
      {"cycles.total", "whole",
       "core cycles from the layer's start to its last word in DRAM, or where it is resident"},
      {"time_ms.processing", "number", "`cycles.processing` at the platform's clock"},
      {"time_ms.total", "number", "`cycles.total` at the platform's clock"},
      {"utilization", "number", "`macs` per PE of the array and processing cycle, 0 to 1"},
      {"busy", "whole", "PE cycles that issue a MAC or an accumulation, summed over all PEs"},
      {"idle", "whole", "cycles of PEs that have no part in a pass, summed over all PEs"},
      {"stalls.*", "whole", "PE cycles by what the PE waits for, summed over all PEs; see below"},
      {"counts.*.*", "whole", "activity by component and action; see below"},
      {"dram_bytes.total", "whole", "bytes over the DRAM link"},
      {"dram_bytes.ifmap", "whole", "ifmap bytes read, as they are coded"},
      {"dram_bytes.filter", "whole", "filter bytes read"},
      {"dram_bytes.ofmap", "whole", "ofmap bytes written, as they are coded"},
      {"glb_bytes", "whole",
       "traffic of the global buffer as JSSC 2017, Table V, counts it: the words of `ifmap_read`, "
       "`filter_read`, `psum_read`, `psum_write` and `ofmap_read`, each as wide as it is"},
      {"energy.unit", "text",
       "`pJ`, or what the energies are relative to; without an energy table `energy` is null, and "
       "its columns are missing in CSV"},
      {"energy.total", "number", "energy of the layer"},
      {"energy.on_chip", "number", "without DRAM"},
      {"energy.dram", "number", "of DRAM"},
      {"energy.on_chip_power_mw", "number or null",
       "`energy.on_chip` over `time_ms.total`; null for relative energies"},
      {"energy.components.*.energy", "number", "by component; they add up to `energy.total`"},
      {"energy.components.*.actions.*", "number", "by action; they add up to the component's"},
      {"fast_forward.passes_replayed", "whole",
       "passes that were replayed instead of simulated (docs/engine.md)"},
      {"fast_forward.passes_verified", "whole",
       "passes that could have been replayed, were simulated, and found equal"},
      {"fast_forward.cycles_simulated", "whole", "cycles to the last drain less the replayed"},
      {"fast_forward.cycles_replayed", "whole", "cycles from drain to drain of replayed passes"},
      {"fast_forward.outputs_simulated", "whole",
       "ofmap words whose sums went through the simulated array all the way"},
      {"fast_forward.outputs_replayed", "whole",
       "ofmap words to which replayed passes contributed: the functional executor's"},
      {"ofmap_hash", "text",
       "FNV-1a, 64 bits, of the ofmap's words [N][C][H][W], each as 4 bytes, lowest first"},
      {"check.outputs_compared", "whole", "words compared with the golden operation"},
      {"check.mismatches", "whole", "words that differ from it"},
      {"check.first_mismatch", "object or null",
       "the first of them: `layer`, `image`, `filter`, `row`, `column`, `expected`, `found`"},
      {"check.nonzero_psum_percent", "number", "share of golden psums that are not 0, before ReLU"},
      {"check.wrapped_psums", "whole",
       "with `pe.psum_overflow: wrap`, golden psums whose sum did not fit"},
      {"check.saturated_sums", "whole",
       "with `pe.psum_overflow: saturate`, additions to golden psums that did not fit"},
      {"check.saturated_outputs", "whole", "golden ofmap words that were clamped"},
      {"float_error.max_abs_error", "number",
       "average pooling, GELU, softmax, layer norm: largest difference from double precision on "
       "the same words, in units of the last place"},
      {"float_error.sqnr_db", "number or null",
       "signal to noise of that difference, over the layer; null without noise (`max_abs_error` is "
       "0 then) and without a signal"},
      {"sqnr_db.weights", "number or null",
       "float tensors: signal to quantisation noise of the layer's parameters, 10 log10 of "
       "`signal_squares` over `noise_squares`. Null where that is no finite number: both are 0 "
       "where there is nothing to measure, `noise_squares` is 0 where words are exact, "
       "`signal_squares` is 0 where the ratio is minus infinity, and `noise_squares` is null where "
       "it is not a number. With other tensors the three objects are null, and their columns are "
       "missing in CSV"},
      {"sqnr_db.ifmap", "number or null",
       "of the words that the layer takes, against the float network's numbers"},
      {"sqnr_db.ofmap", "number or null",
       "of the words that it makes, with the noise of all layers before"},
      {"signal_squares.weights", "number", "sum of the squares of the float network's numbers"},
      {"signal_squares.ifmap", "number", "the same of what the layer takes"},
      {"signal_squares.ofmap", "number", "the same of what it makes"},
      {"noise_squares.weights", "number or null",
       "sum of the squares of what words differ by from those numbers; null where a word is not a "
       "finite number"},
      {"noise_squares.ifmap", "number or null", "the same of what the layer takes"},
      {"noise_squares.ofmap", "number or null", "the same of what it makes"},
  };
  return kFields;
}

const std::vector<std::string>& fields_without_total() {
  static const std::vector<std::string> kFields{
      "name", "mapping",     "mapping_source", "active_pes",     "resident",     "ofmap_hash",
      "kind", "float_error", "sqnr_db",        "signal_squares", "noise_squares"};
  return kFields;
}

std::string result_schema_page() {
  std::string omitted;
  for (const std::string& field : fields_without_total()) {
    omitted += (omitted.empty() ? "`" : ", `") + field + "`";
  }
  return "# Results\n\n"
         "`rowan run --out DIR` writes `DIR/result.json` and `DIR/layers.csv`, both or neither; "
         "`--format json` and `--format csv` print them. A folder is replaced if it is empty or "
         "holds nothing but these two files. They hold no times of day, hosts or paths: the same "
         "request gives the same bytes.\n\n"
         "`result.json` is one object, schema `rowan.result/1`:\n\n" +
         field_table(result_fields()) +
         "| `layers` | list | an object per layer, in the network's order |\n"
         "| `total` | object | the sum over the layers: the fields of a layer without " +
         omitted +
         " |\n"
         "| `request` | object | what was simulated: `platform` and `workload` as YAML with every "
         "key, `batch`, `layers` with their mappings, `tensors`, `tensor_hash` (of .npy files), "
         "`seed` |\n\n"
         "## Layers\n\n"
         "`layers.csv` has a line per layer. Its columns are these fields under their dotted "
         "paths, without `check.first_mismatch`.\n\n" +
         field_table(layer_fields()) +
         "\nWith `--no-check`, `check` is null in JSON and its columns are empty in CSV; nothing "
         "else changes. `float_error` is null then, and for kinds that do not round.\n\n"
         "## What a PE does\n\n"
         "Every cycle of every PE, from the layer's start to its end, is booked to exactly one of "
         "these: their sum is `cycles.total` times rows times columns.\n\n" +
         activity_table() +
         "\n## Other JSON\n\n"
         "`rowan estimate --format json` (`rowan.estimate/1`) has the same fields as far as a "
         "model "
         "can tell, and `bound` and `bounds` (docs/analytical.md); `rowan compare` writes "
         "`rowan.comparison/1`, `rowan validate` `rowan.validation/1`, `rowan estimate "
         "--loop-nest` `rowan.loop_nest_counts/1`, `rowan quantise` `rowan.quantisation/1`, whose "
         "layers have `sqnr_db`, `signal_squares` and `noise_squares` as above.\n\n## Activity "
         "counts\n\n"
         "Below `counts`, by component and action.\n\n" +
         counter_table_text();
}

}  // namespace rowan::sim
