// SPDX-License-Identifier: Apache-2.0
#include "validation/rtl/rtl_case.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

#include "models/base/error.h"
#include "models/base/random.h"
#include "models/base/text.h"
#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/spec/derived.h"
#include "tests/support/small_layer.h"

namespace rowan::validation {
namespace {

namespace rs = dataflow::row_stationary;
using arithmetic::Word;
using support::RandomCase;

spec::AcceleratorSpec accelerator(unsigned rows, unsigned columns, const std::string& type) {
  spec::AcceleratorSpec spec = support::small_accelerator(rows, columns);
  const arithmetic::PeType& row = arithmetic::pe_type(type);
  spec.pe.type = type;
  spec.pe.psum_bits = row.psum_bits;
  spec.pe.product_bits = row.product_bits;
  spec.pe.multiply_latency = Cycles(row.multiply_latency);
  spec.pe.accumulate_latency = Cycles(row.accumulate_latency);
  if (row.numbers == arithmetic::Numbers::kFloat) spec.pe.zero_gating = false;
  spec.pe.ifmap_spad.size = Words(20);
  spec.pe.filter_spad.size = Words(96);
  spec.pe.psum_spad.size = Words(8);
  for (spec::GinSpec* gin : {&spec.ifmap_gin, &spec.filter_gin, &spec.psum_gin}) {
    gin->row_id_bits = 6;
    gin->column_id_bits = 6;
  }
  spec.ifmap_gin.width = Bits(row.activation_bits);
  spec.global_buffer.banks = 12;
  spec.global_buffer.bank_rows = 64;
  spec.global_buffer.filter_banks = 8;
  return spec;
}

void set_fifos(spec::PeSpec& pe, unsigned ifmap, unsigned filter, unsigned psum_in,
               unsigned psum_out) {
  pe.ifmap_fifo.depth = Words(ifmap);
  pe.filter_fifo.depth = Words(filter);
  pe.psum_in_fifo.depth = Words(psum_in);
  pe.psum_out_fifo.depth = Words(psum_out);
}

void set_widths(spec::AcceleratorSpec& spec, unsigned ifmap, unsigned filter, unsigned psum,
                unsigned local) {
  spec.ifmap_gin.width = Bits(ifmap);
  spec.filter_gin.width = Bits(filter);
  spec.psum_gin.width = spec.gon.width = Bits(psum);
  spec.local_network.width = Bits(local);
}

void set_latencies(spec::AcceleratorSpec& spec, unsigned read, unsigned ifmap, unsigned filter,
                   unsigned psum, unsigned gon) {
  spec.global_buffer.read_latency = Cycles(read);
  spec.ifmap_gin.latency = Cycles(ifmap);
  spec.filter_gin.latency = Cycles(filter);
  spec.psum_gin.latency = Cycles(psum);
  spec.gon.latency = Cycles(gon);
}

void set_one_port(spec::GlobalBufferSpec& buffer, spec::BankInterleaving interleaving,
                  spec::BankPriority priority) {
  buffer.psum_bank_ports = 1;
  buffer.psum_bank_interleaving = interleaving;
  buffer.psum_bank_priority = priority;
}

/// Of any kind: a number near 1 mostly, now and then a subnormal one, an infinity, a NaN or a zero.
Word any_float(Random& random, std::int64_t spread) {
  const auto sign = static_cast<std::uint32_t>(random.below(2)) << 31U;
  const auto fraction = static_cast<std::uint32_t>(random.bits()) & 0x7fffffU;
  std::uint32_t bits = 0;
  switch (random.below(64)) {
    case 0:
      bits = fraction;  // subnormal
      break;
    case 1:
      bits = 0x7f800000U | (random.below(2) == 0 ? 0 : fraction);
      break;
    case 2:
    case 3:
    case 4:
      break;
    case 5:
      return static_cast<Word>(static_cast<std::uint32_t>(random.bits()));
    default:
      bits = static_cast<std::uint32_t>(127 + random.between(-spread, spread)) << 23U |
             (random.below(4) == 0 ? 0 : fraction);
  }
  return static_cast<Word>(sign | bits);
}

Word any_integer(Random& random, unsigned bits) {
  const std::int64_t end = std::int64_t{1} << (bits - 1);
  switch (random.below(16)) {
    case 0:
      return static_cast<Word>(-end);
    case 1:
      return static_cast<Word>(end - 1);
    case 2:
    case 3:
      return 0;
    default:
      return static_cast<Word>(random.between(-end, end - 1));
  }
}

void fill(workloads::Tensor& tensor, Random& random, const arithmetic::PeType& type,
          unsigned bits) {
  // A case has numbers of much the same size, or of very different ones.
  const auto spread = static_cast<std::int64_t>(random.below(2) == 0 ? 4 : 120);
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    tensor.data()[i] = type.numbers == arithmetic::Numbers::kFloat ? any_float(random, spread)
                                                                   : any_integer(random, bits);
  }
}

/// Whether windows may be no arithmetic progression.
bool irregular(const workloads::ConvolutionShape& shape) {
  return shape.stride > 1 && shape.dilation > 1;
}

/// Whether the tables hold the packets.
bool fits(const RtlConfiguration& configuration, const RtlCase& test) {
  return rtl::fitted(configuration.tables, *test.state.pass.shape) == configuration.tables;
}

constexpr std::uint64_t kMostAttempts = 1000;  // with a seed

std::string refusal(const RtlConfiguration& configuration, std::uint64_t seed) {
  return "platform '" + printable(configuration.name) + "' cannot be cosimulated: with seed " +
         std::to_string(seed) + ", of ";
}

/// Of all PEs, in sum, in a layer; a pass is a small part of it. Loading filters and draining alone
/// take every PE some tens of cycles.
std::uint64_t most_pe_cycles(const spec::ArraySpec& array) {
  const std::uint64_t pes = std::uint64_t{array.rows} * array.columns;
  return std::max<std::uint64_t>(1'000'000, pes * 5000);
}

/// Throws InputError when there is none.
RandomCase layer_of(const RtlConfiguration& configuration, std::uint64_t draw) {
  constexpr std::uint64_t kMostDraws = 100'000;
  if (configuration.layer) return *configuration.layer;
  const spec::AcceleratorSpec& spec = configuration.spec;
  auto layer = support::make_random_layer(draw, spec, most_pe_cycles(spec.array), kMostDraws);
  if (layer) return *std::move(layer);
  throw InputError(refusal(configuration, draw / kMostAttempts) + std::to_string(kMostDraws) +
                   " drawn layers and mappings none is legal on it and small enough");
}

RtlCase make_case(RandomCase layer, Random& random) {
  const spec::AcceleratorSpec& spec = layer.accelerator;
  const arithmetic::PeType& type = arithmetic::pe_type(spec.pe.type);
  const workloads::ConvolutionShape& shape = layer.layer.shape;
  workloads::Tensor ifmap(workloads::ifmap_extents(shape, layer.batch));
  workloads::Tensor filters(workloads::filter_extents(shape));
  fill(ifmap, random, type, type.activation_bits);
  fill(filters, random, type, type.weight_bits);
  const rs::LayerPlan plan(shape, layer.batch, layer.mapping, spec);
  const rs::DramImage image = rs::make_dram_image(plan, ifmap, filters, true, {});
  functional::LayerWork work;
  work.schedule = std::make_shared<rs::LayerSchedule>(plan, image.layout);
  work.buffers = plan.buffers();
  work.mac = spec::mac_format(spec.pe, layer.layer.product_shift);
  work.post_processing = {layer.layer.relu, 0, type.activation_bits, type.numbers};
  std::vector<std::uint8_t> memory = image.bytes;
  memory.resize(image.layout.bytes);
  std::vector<std::uint8_t> resident;
  const std::uint64_t pass = random.below(plan.pass_count());
  auto state = functional::state_before(pass, work, spec, memory, resident);
  if (!state) throw std::logic_error("a pass that the plan has is missing");
  return {std::move(layer), pass, work.buffers, work.mac, std::move(*state)};
}

}  // namespace

std::vector<RtlConfiguration> rtl_configurations() {
  std::vector<RtlConfiguration> all;
  const auto add = [&](const char* name, const spec::AcceleratorSpec& spec) {
    all.push_back({name, spec, {}, {}});
    all.back().spec.name = name;
  };
  add("one_pe", accelerator(1, 1, "int16"));

  spec::AcceleratorSpec int8 = accelerator(2, 2, "int8");
  int8.pe.psum_overflow = arithmetic::Overflow::kSaturate;
  int8.pe.psum_bits = 15;  // less than a product: most sums saturate
  add("int8_saturating", int8);

  spec::AcceleratorSpec int4 = accelerator(2, 3, "int4");
  set_widths(int4, 4, 8, 32, 16);
  set_fifos(int4.pe, 1, 2, 2, 2);
  set_latencies(int4, 0, 1, 1, 1, 1);
  add("int4_least_fifos", int4);

  spec::AcceleratorSpec lightpe1 = accelerator(3, 2, "lightpe1");
  set_widths(lightpe1, 8, 16, 20, 40);
  set_one_port(lightpe1.global_buffer, spec::BankInterleaving::kWord, spec::BankPriority::kRead);
  add("lightpe1_one_port", lightpe1);

  spec::AcceleratorSpec lightpe2 = accelerator(3, 3, "lightpe2");
  lightpe2.pe.psum_overflow = arithmetic::Overflow::kSaturate;
  lightpe2.pe.psum_bits = 17;
  set_widths(lightpe2, 8, 24, 60, 17);
  set_one_port(lightpe2.global_buffer, spec::BankInterleaving::kBlock, spec::BankPriority::kWrite);
  lightpe2.global_buffer.bank_rows = 37;
  lightpe2.global_buffer.banks = 20;
  add("lightpe2_one_port_blocks", lightpe2);

  spec::AcceleratorSpec fp32 = accelerator(2, 4, "fp32");
  set_widths(fp32, 32, 64, 64, 64);
  add("fp32", fp32);

  spec::AcceleratorSpec narrow = accelerator(3, 3, "int16");
  narrow.pe.psum_bits = 20;
  set_widths(narrow, 5, 7, 11, 9);
  set_fifos(narrow.pe, 1, 1, 1, 1);
  add("narrow_buses", narrow);

  spec::AcceleratorSpec wide = accelerator(4, 4, "int8");
  wide.pe.psum_bits = 16;
  wide.pe.product_bits = 12;
  wide.global_buffer.row_width = Bits(80);
  set_widths(wide, 8, 64, 80, 48);
  set_fifos(wide.pe, 3, 9, 7, 6);
  set_latencies(wide, 3, 4, 3, 5, 4);
  add("wide_buses_long_latencies", wide);

  spec::AcceleratorSpec row = accelerator(1, 5, "fp32");
  row.pe.multiply_latency = Cycles(1);
  row.pe.accumulate_latency = Cycles(1);
  set_widths(row, 16, 32, 16, 32);
  set_one_port(row.global_buffer, spec::BankInterleaving::kWord, spec::BankPriority::kWrite);
  set_fifos(row.pe, 2, 1, 1, 2);
  set_latencies(row, 0, 1, 2, 1, 2);
  add("fp32_one_row_narrow", row);

  spec::AcceleratorSpec column = accelerator(5, 1, "int16");
  column.pe.psum_overflow = arithmetic::Overflow::kSaturate;
  column.pe.psum_bits = 32;
  column.pe.product_bits = 32;
  column.pe.zero_gating = false;
  column.pe.multiply_latency = Cycles(4);
  column.pe.accumulate_latency = Cycles(5);
  set_widths(column, 16, 48, 64, 32);
  set_fifos(column.pe, 2, 3, 2, 3);
  set_one_port(column.global_buffer, spec::BankInterleaving::kWord, spec::BankPriority::kRead);
  column.global_buffer.banks = 16;
  add("saturating_one_column", column);

  spec::AcceleratorSpec chains = accelerator(6, 7, "int16");
  set_latencies(chains, 0, 1, 1, 1, 1);
  add("several_chains", chains);

  all.push_back({"eyeriss", support::eyeriss(), {}, {}});
  return all;
}

RtlConfiguration random_rtl_configuration(std::uint64_t seed) {
  RtlConfiguration configuration{"random_" + std::to_string(seed), {}, {}, {}};
  for (std::uint64_t attempt = 0;; ++attempt) {
    RandomCase drawn = support::make_random_case_of_any_type(seed * 1000 + attempt);
    if (irregular(drawn.layer.shape)) continue;
    drawn.places = {};
    configuration.spec = drawn.accelerator;
    configuration.layer = std::move(drawn);
    return configuration;
  }
}

RtlCase random_rtl_case(const RtlConfiguration& configuration, std::uint64_t seed) {
  for (std::uint64_t attempt = 0; attempt < kMostAttempts; ++attempt) {
    const std::uint64_t draw = seed * kMostAttempts + attempt;
    Random random(draw);
    RandomCase layer = layer_of(configuration, draw);
    if (irregular(layer.layer.shape)) continue;
    RtlCase test = make_case(std::move(layer), random);
    if (fits(configuration, test)) return test;
  }
  throw InputError(refusal(configuration, seed) + std::to_string(kMostAttempts) +
                   " drawn passes none fits the packet tables");
}

std::string RtlCase::describe() const {
  return layer.describe() + "\npass " + std::to_string(pass) + ", product shift " +
         std::to_string(layer.layer.product_shift);
}

}  // namespace rowan::validation
