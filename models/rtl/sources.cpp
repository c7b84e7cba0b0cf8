// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/sources.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <system_error>

#include "models/arithmetic/pe_type.h"
#include "models/base/error.h"
#include "models/base/text.h"
#include "models/spec/derived.h"

namespace rowan::rtl {
namespace {

namespace fs = std::filesystem;

/// Files made of a template of the same name and ".in".
constexpr const char* kTemplates[] = {"rowan_top.v",  "pass_check.v", "testbench.v",
                                      "simulate.cpp", "Makefile",     "README.md"};

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in || text.empty()) throw InputError(Location{path.string()}, "", "cannot be read");
  return text;
}

std::vector<SourceFile> modules(const fs::path& folder) {
  std::vector<SourceFile> files;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path& path = entry->path();
    if (path.extension() == ".v") files.push_back({path.filename().string(), read(path)});
  }
  if (error) throw InputError(Location{folder.string()}, "", error.message());
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.name < b.name; });
  return files;
}

/// Puts values where the text has their names between two @.
std::string filled(std::string text, const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    const std::string mark = "@" + name + "@";
    for (std::size_t at = text.find(mark); at != std::string::npos;
         at = text.find(mark, at + value.size())) {
      text.replace(at, mark.size(), value);
    }
  }
  return text;
}

std::string parameter_list(const std::vector<Parameter>& parameters) {
  std::string text;
  for (const Parameter& parameter : parameters) {
    text += text.empty() ? "" : ",\n";
    text += std::string("      .") + parameter.name + "(" + std::to_string(parameter.value) + ")";
  }
  return text;
}

std::string file_list(const std::vector<SourceFile>& files) {
  std::string text;
  for (const SourceFile& file : files) text += (text.empty() ? "" : " ") + file.name;
  return text;
}

}  // namespace

std::vector<Parameter> machine_parameters(const spec::AcceleratorSpec& spec,
                                          const TableSizes& tables) {
  const arithmetic::PeType& type = arithmetic::pe_type(spec.pe.type);
  const spec::PeSpec& pe = spec.pe;
  const spec::GlobalBufferSpec& buffer = spec.global_buffer;
  const bool is_float = type.numbers == arithmetic::Numbers::kFloat;
  return {
      {"ROWS", spec.array.rows},
      {"COLUMNS", spec.array.columns},
      {"PE_TYPE", type.verilog_unit},
      {"ACTIVATION_BITS", type.activation_bits},
      {"WEIGHT_BITS", type.weight_bits},
      {"PRODUCT_BITS", is_float ? type.product_bits : pe.product_bits},
      {"PSUM_BITS", pe.psum_bits},
      {"SATURATE", pe.psum_overflow == arithmetic::Overflow::kSaturate ? 1U : 0U},
      {"MULTIPLY_LATENCY", pe.multiply_latency.value()},
      {"ACCUMULATE_LATENCY", pe.accumulate_latency.value()},
      {"ZERO_GATING", pe.zero_gating ? 1U : 0U},
      {"IFMAP_SPAD_WORDS", pe.ifmap_spad.size.value()},
      {"FILTER_SPAD_WORDS", pe.filter_spad.size.value()},
      {"PSUM_SPAD_WORDS", pe.psum_spad.size.value()},
      {"IFMAP_FIFO_WORDS", pe.ifmap_fifo.depth.value()},
      {"FILTER_FIFO_WORDS", pe.filter_fifo.depth.value()},
      {"PSUM_IN_FIFO_WORDS", pe.psum_in_fifo.depth.value()},
      {"PSUM_OUT_FIFO_WORDS", pe.psum_out_fifo.depth.value()},
      {"LOCAL_WIDTH_BITS", spec.local_network.width.value()},
      {"FILTER_GIN_WIDTH_BITS", spec.filter_gin.width.value()},
      {"FILTER_GIN_ROW_ID_BITS", spec.filter_gin.row_id_bits},
      {"FILTER_GIN_COLUMN_ID_BITS", spec.filter_gin.column_id_bits},
      {"FILTER_GIN_LATENCY", spec.filter_gin.latency.value()},
      {"IFMAP_GIN_WIDTH_BITS", spec.ifmap_gin.width.value()},
      {"IFMAP_GIN_ROW_ID_BITS", spec.ifmap_gin.row_id_bits},
      {"IFMAP_GIN_COLUMN_ID_BITS", spec.ifmap_gin.column_id_bits},
      {"IFMAP_GIN_LATENCY", spec.ifmap_gin.latency.value()},
      {"PSUM_GIN_WIDTH_BITS", spec.psum_gin.width.value()},
      {"PSUM_GIN_ROW_ID_BITS", spec.psum_gin.row_id_bits},
      {"PSUM_GIN_COLUMN_ID_BITS", spec.psum_gin.column_id_bits},
      {"PSUM_GIN_LATENCY", spec.psum_gin.latency.value()},
      {"GON_LATENCY", spec.gon.latency.value()},
      {"READ_LATENCY", buffer.read_latency.value()},
      {"BANKS", buffer.banks},
      {"FILTER_BANKS", buffer.filter_banks},
      {"BANK_ROWS", buffer.bank_rows},
      {"ROW_WIDTH_BITS", buffer.row_width.value()},
      {"PSUM_BANK_PORTS", buffer.psum_bank_ports},
      {"PSUM_BANK_INTERLEAVING_BLOCK",
       buffer.psum_bank_interleaving == spec::BankInterleaving::kBlock ? 1U : 0U},
      {"PSUM_BANK_PRIORITY_WRITE",
       buffer.psum_bank_priority == spec::BankPriority::kWrite ? 1U : 0U},
      {"FILTER_STEPS", tables.filter_steps},
      {"FILTER_BASES", tables.filter_bases},
      {"IFMAP_STEPS", tables.ifmap_steps},
      {"IFMAP_BASES", tables.ifmap_bases},
      {"PSUM_GIN_STEPS", tables.psum_gin_steps},
      {"PSUM_GIN_BASES", tables.psum_gin_bases},
      {"GON_STEPS", tables.gon_steps},
      {"GON_BASES", tables.gon_bases},
  };
}

std::vector<SourceFile> source_files(const std::string& folder, const spec::AcceleratorSpec& spec,
                                     const TableSizes& tables, const std::string& pass) {
  std::vector<SourceFile> files = modules(fs::path(folder) / "verilog");
  const spec::PacketSpec psum = spec::psum_packet(spec);
  const std::map<std::string, std::string> values{
      {"PARAMETERS", parameter_list(machine_parameters(spec, tables))},
      {"PSUM_BITS", std::to_string(spec.pe.psum_bits)},
      {"PSUM_PACKET_WORDS", std::to_string(psum.words.value())},
      {"MODULES", file_list(files)},
      {"PLATFORM", printable(spec.name)},
      {"PASS", pass},
  };
  for (const char* name : kTemplates) {
    const fs::path path = fs::path(folder) / "templates" / (std::string(name) + ".in");
    files.push_back({name, filled(read(path), values)});
  }
  return files;
}

}  // namespace rowan::rtl
