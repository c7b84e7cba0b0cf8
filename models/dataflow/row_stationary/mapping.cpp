// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/mapping.h"

#include <algorithm>

#include "models/dataflow/row_stationary/buffers.h"
#include "models/dataflow/row_stationary/placement.h"
#include "models/spec/derived.h"

namespace rowan::dataflow::row_stationary {
namespace {

/// Collects the rules that are broken.
class Rules {
 public:
  void at_most(const char* rule, const std::string& what, std::uint64_t needed,
               const std::string& limit_name, std::uint64_t limit) {
    if (needed <= limit) return;
    broken_.push_back({rule, std::string(rule) + ": " + what + " = " + std::to_string(needed) +
                                 " exceeds " + limit_name + " = " + std::to_string(limit)});
  }
  std::vector<Violation> take() { return std::move(broken_); }

 private:
  std::vector<Violation> broken_;
};

std::uint64_t id_values(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }

void check_ids(Rules& rules, const Placement& placement, const spec::AcceleratorSpec& accelerator) {
  const auto ifmap = placement.largest_ifmap_id();
  const auto filter = placement.largest_filter_id();
  const auto network = [&](const std::string& name, const spec::GinSpec& gin, std::uint64_t rows,
                           std::uint64_t columns) {
    rules.at_most((name + "_row_ids").c_str(), "row IDs needed", rows,
                  "IDs of " + name + ".row_id_bits", id_values(gin.row_id_bits));
    rules.at_most((name + "_column_ids").c_str(), "column IDs needed", columns,
                  "IDs of " + name + ".column_id_bits", id_values(gin.column_id_bits));
  };
  network("ifmap_gin", accelerator.ifmap_gin, ifmap.row + 1, ifmap.column + 1);
  network("filter_gin", accelerator.filter_gin, filter.row + 1, filter.column + 1);
  network("psum_gin", accelerator.psum_gin, accelerator.array.rows, accelerator.array.columns);
}

}  // namespace

Mapping clip(const Mapping& mapping, const workloads::ConvolutionShape& shape, unsigned batch) {
  Mapping cut = mapping;
  cut.m = std::min(mapping.m, shape.filters_per_group());
  cut.n = std::min(mapping.n, batch);
  cut.e = std::min(mapping.e, shape.out_height());
  cut.f = std::min(mapping.f, shape.out_width());
  cut.p = std::min(mapping.p, cut.m);
  cut.q = std::min(mapping.q, shape.channels_per_group());
  cut.r = std::min(mapping.r, static_cast<unsigned>(ceil_div(shape.channels_per_group(), cut.q)));
  cut.t = std::min(mapping.t, static_cast<unsigned>(ceil_div(cut.m, cut.p)));
  cut.g = std::min(mapping.g, shape.groups);
  cut.filter_rows = std::min(mapping.filter_rows, shape.kernel_height);
  cut.filter_columns = std::min(mapping.filter_columns, shape.kernel_width);
  return cut;
}

std::vector<Violation> check(const Mapping& mapping, const workloads::ConvolutionShape& shape,
                             unsigned batch, const spec::AcceleratorSpec& accelerator) {
  Rules rules;
  for (const unsigned extent :
       {mapping.m, mapping.n, mapping.e, mapping.f, mapping.p, mapping.q, mapping.r, mapping.t,
        mapping.g, mapping.filter_rows, mapping.filter_columns}) {
    if (extent == 0)
      return {{"extent", "extent: every letter of a mapping is at least 1, found 0"}};
  }
  const Mapping cut = clip(mapping, shape, batch);
  const spec::PeSpec& pe = accelerator.pe;
  rules.at_most("ifmap_spad", "q * ((S-1)*D+1) words",
                std::uint64_t{cut.q} * ((cut.filter_columns - 1) * shape.dilation + 1),
                "pe.ifmap_spad.size_words", pe.ifmap_spad.size.value());
  rules.at_most("filter_spad", "p * q * S words", std::uint64_t{cut.p} * cut.q * cut.filter_columns,
                "pe.filter_spad.size_words", pe.filter_spad.size.value());
  rules.at_most("psum_spad", "p words", cut.p, "pe.psum_spad.size_words",
                pe.psum_spad.size.value());
  const Placement placement(cut, shape, accelerator.array.columns);
  rules.at_most("array_rows", "PE rows of all sets", placement.rows_needed(), "array.rows",
                accelerator.array.rows);
  check_ids(rules, placement, accelerator);
  rules.at_most("filter_buffer", "filter words of a pass", pass_filter_words(cut, shape),
                "words of global_buffer.filter_banks",
                spec::filter_ring_words(accelerator).value());
  const BufferPlan buffers = buffer_plan(cut, shape, accelerator);
  const bool twice = accelerator.dram.overlap == spec::DramOverlap::kDoubleBuffer;
  rules.at_most("global_buffer",
                std::to_string(buffers.ifmap_banks) + " ifmap + " +
                    std::to_string(buffers.psum_banks) + " psum banks" +
                    (twice ? ", twice for dram.overlap double_buffer," : ""),
                (std::uint64_t{buffers.ifmap_banks} + buffers.psum_banks) * (twice ? 2 : 1),
                "global_buffer.banks", accelerator.global_buffer.banks);
  return rules.take();
}

}  // namespace rowan::dataflow::row_stationary
