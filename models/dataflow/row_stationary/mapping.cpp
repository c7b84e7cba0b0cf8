// SPDX-License-Identifier: Apache-2.0
#include "models/dataflow/row_stationary/mapping.h"

#include <algorithm>

#include "models/dataflow/row_stationary/buffers.h"
#include "models/dataflow/row_stationary/placement.h"
#include "models/spec/derived.h"

namespace rowan::dataflow::row_stationary {
namespace {

/// Finds the rules that are broken; their texts are made only where somebody asks for them.
class Rules {
 public:
  Rules() = default;
  explicit Rules(std::vector<Violation>& violations) : violations_(&violations) {}

  /// `what` and `limit_name` make texts.
  template <class What, class LimitName>
  void at_most(const char* rule, What what, std::uint64_t needed, LimitName limit_name,
               std::uint64_t limit) {
    if (needed <= limit) return;
    broken_ = true;
    if (violations_ == nullptr) return;
    violations_->push_back({rule, std::string(rule) + ": " + what() + " = " +
                                      std::to_string(needed) + " exceeds " + limit_name() + " = " +
                                      std::to_string(limit)});
  }
  [[nodiscard]] bool broken() const { return broken_; }

 private:
  std::vector<Violation>* violations_ = nullptr;
  bool broken_ = false;
};

/// A text that is there already.
auto text(const char* text) {
  return [text] { return std::string(text); };
}

std::uint64_t id_values(unsigned bits) { return (std::uint64_t{1} << bits) - 1; }

void check_ids(Rules& rules, const Placement& placement, const spec::AcceleratorSpec& accelerator) {
  const auto ifmap = placement.largest_ifmap_id();
  const auto filter = placement.largest_filter_id();
  const auto network = [&](const char* name, const char* rows_rule, const char* columns_rule,
                           const spec::GinSpec& gin, std::uint64_t rows, std::uint64_t columns) {
    const auto limit_of = [name](const char* bits) {
      return [name, bits] { return std::string("IDs of ") + name + bits; };
    };
    rules.at_most(rows_rule, text("row IDs needed"), rows, limit_of(".row_id_bits"),
                  id_values(gin.row_id_bits));
    rules.at_most(columns_rule, text("column IDs needed"), columns, limit_of(".column_id_bits"),
                  id_values(gin.column_id_bits));
  };
  network("ifmap_gin", "ifmap_gin_row_ids", "ifmap_gin_column_ids", accelerator.ifmap_gin,
          ifmap.row + 1, ifmap.column + 1);
  network("filter_gin", "filter_gin_row_ids", "filter_gin_column_ids", accelerator.filter_gin,
          filter.row + 1, filter.column + 1);
  network("psum_gin", "psum_gin_row_ids", "psum_gin_column_ids", accelerator.psum_gin,
          accelerator.array.rows, accelerator.array.columns);
}

bool has_zero(const Mapping& mapping) {
  for (const unsigned extent :
       {mapping.m, mapping.n, mapping.e, mapping.f, mapping.p, mapping.q, mapping.r, mapping.t,
        mapping.g, mapping.filter_rows, mapping.filter_columns}) {
    if (extent == 0) return true;
  }
  return false;
}

/// `cut` is clipped.
void apply(Rules& rules, const Mapping& cut, const workloads::ConvolutionShape& shape,
           const spec::AcceleratorSpec& accelerator) {
  const spec::PeSpec& pe = accelerator.pe;
  rules.at_most("ifmap_spad", text("q * ((S-1)*D+1) words"),
                std::uint64_t{cut.q} * ((cut.filter_columns - 1) * shape.dilation + 1),
                text("pe.ifmap_spad.size_words"), pe.ifmap_spad.size.value());
  rules.at_most("filter_spad", text("p * q * S words"),
                std::uint64_t{cut.p} * cut.q * cut.filter_columns,
                text("pe.filter_spad.size_words"), pe.filter_spad.size.value());
  rules.at_most("psum_spad", text("p words"), cut.p, text("pe.psum_spad.size_words"),
                pe.psum_spad.size.value());
  const Placement placement(cut, shape, accelerator.array.columns);
  rules.at_most("array_rows", text("PE rows of all sets"), placement.rows_needed(),
                text("array.rows"), accelerator.array.rows);
  check_ids(rules, placement, accelerator);
  rules.at_most("filter_buffer", text("filter words of a pass"), pass_filter_words(cut, shape),
                text("words of global_buffer.filter_banks"),
                spec::filter_ring_words(accelerator).value());
  const BufferPlan buffers = buffer_plan(cut, shape, accelerator);
  const bool twice = accelerator.dram.overlap == spec::DramOverlap::kDoubleBuffer;
  const auto banks = [&] {
    return std::to_string(buffers.ifmap_banks) + " ifmap + " + std::to_string(buffers.psum_banks) +
           " psum banks" + (twice ? ", twice for dram.overlap double_buffer," : "");
  };
  rules.at_most("global_buffer", banks,
                (std::uint64_t{buffers.ifmap_banks} + buffers.psum_banks) * (twice ? 2 : 1),
                text("global_buffer.banks"), accelerator.global_buffer.banks);
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
  if (has_zero(mapping)) {
    return {{"extent", "extent: every letter of a mapping is at least 1, found 0"}};
  }
  std::vector<Violation> violations;
  Rules rules(violations);
  apply(rules, clip(mapping, shape, batch), shape, accelerator);
  return violations;
}

bool is_legal(const Mapping& mapping, const workloads::ConvolutionShape& shape, unsigned batch,
              const spec::AcceleratorSpec& accelerator) {
  if (has_zero(mapping)) return false;
  Rules rules;
  apply(rules, clip(mapping, shape, batch), shape, accelerator);
  return !rules.broken();
}

}  // namespace rowan::dataflow::row_stationary
