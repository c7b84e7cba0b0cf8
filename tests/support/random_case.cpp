// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_case.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "models/dataflow/row_stationary/buffers.h"
#include "models/spec/check.h"
#include "tests/support/draw.h"

namespace rowan::support {
namespace {

using dataflow::row_stationary::Mapping;
using workloads::ConvolutionShape;

unsigned blocks(unsigned total, unsigned each) {
  return static_cast<unsigned>(ceil_div(total, each));
}

void draw_array(Draw& draw, spec::AcceleratorSpec& spec) {
  // Small arrays are quick, large ones hold several chains: take either end more often than the
  // middle.
  spec.array.rows = draw.percent(25) ? draw.between(1, 3) : draw.between(2, 8);
  spec.array.columns = draw.percent(25) ? draw.between(1, 2) : draw.between(2, 8);
}

/// Makes a part of the ifmap zeros, between its words and more of them on one side, for an ofmap
/// about as large. Draws of its own: the other cases stay as they are.
void draw_zeros(Draw& draw, ConvolutionShape& shape) {
  const unsigned height = shape.padded_height();
  const unsigned width = shape.padded_width();
  shape.input_dilation = draw.percent(75) ? draw.between(2, 4) : 1;
  const unsigned most = std::min({4U, height - 1, width - 1});
  shape.padding = draw.between(0, most / 2);
  shape.padding_end = draw.between(0, most - shape.padding);
  // Rounded up: the kernel still fits.
  const auto inputs = [&](unsigned padded) {
    return blocks(padded - 1 - shape.padding - shape.end_padding(), shape.input_dilation) + 1;
  };
  shape.height = inputs(height);
  shape.width = inputs(width);
}

/// Mapping and layer, drawn together: the mapping first, then a layer of about one to three blocks
/// of it in every loop.
void draw_layer(Draw& draw, Draw& zeros, RandomCase& test) {
  const unsigned rows = test.accelerator.array.rows;
  const unsigned columns = test.accelerator.array.columns;
  Mapping& mapping = test.mapping;
  ConvolutionShape& shape = test.layer.shape;

  shape.kernel_height = draw.percent(35) ? draw.between(1, 2) : draw.between(1, 5);
  shape.kernel_width = draw.between(1, 5);
  shape.stride = draw.percent(45) ? 1 : draw.between(2, 4);
  shape.dilation = draw.percent(75) ? 1 : 2;
  mapping.filter_rows = std::min(shape.kernel_height, rows);
  if (draw.percent(20)) mapping.filter_rows = draw.between(1, mapping.filter_rows);
  mapping.filter_columns =
      draw.percent(20) ? draw.between(1, shape.kernel_width) : shape.kernel_width;

  mapping.r = std::min(draw.percent(50) ? 1 : draw.between(2, 3), rows / mapping.filter_rows);
  const unsigned shelves = rows / (mapping.r * mapping.filter_rows);
  mapping.e = draw.between(1, columns);
  if (shelves > 1 && draw.percent(40))
    mapping.e = draw.between(columns + 1, columns * (draw.percent(50) ? 2 : shelves));
  const unsigned segments = blocks(mapping.e, columns);
  const unsigned chains_on_a_shelf = std::max(1U, columns / mapping.e);
  const unsigned chains = shelves / segments * chains_on_a_shelf;
  mapping.g = chains > 1 && draw.percent(35) ? 2 : 1;
  mapping.t = draw.percent(40) ? 1 : std::min(3U, std::max(1U, chains / mapping.g));

  shape.groups = mapping.g > 1 || draw.percent(15) ? draw.between(mapping.g, 3) : 1;
  const bool depthwise = shape.groups > 1 && draw.percent(30);
  mapping.p = draw.percent(30) ? 1 : draw.between(2, 7);
  mapping.q = draw.percent(30) ? 1 : draw.between(2, 4);
  const unsigned filters =
      depthwise ? 1
                : std::max(1U, mapping.p * mapping.t * draw.between(1, 2) + draw.between(0, 3) - 1);
  const unsigned channels =
      depthwise ? 1
                : std::max(1U, mapping.q * mapping.r * draw.between(1, 2) + draw.between(0, 3) - 1);
  mapping.m = draw.percent(50) ? filters : draw.between(mapping.p, filters + 2);
  shape.filters = shape.groups * filters;
  shape.channels = shape.groups * channels;

  const unsigned strips = draw.between(1, 2);
  const unsigned out_height = std::max(1U, mapping.e * strips - draw.between(0, mapping.e - 1));
  const unsigned out_width = draw.between(1, 7);
  mapping.f = draw.percent(65) ? out_width : draw.between(1, out_width);
  // The padded extents that give this ofmap, with rows and columns that no window uses now and
  // then.
  const unsigned height = (out_height - 1) * shape.stride +
                          (shape.kernel_height - 1) * shape.dilation + 1 +
                          draw.between(0, shape.stride - 1);
  const unsigned width = (out_width - 1) * shape.stride +
                         (shape.kernel_width - 1) * shape.dilation + 1 +
                         draw.between(0, shape.stride - 1);
  const unsigned most_padding = std::min({2U, (height - 1) / 2, (width - 1) / 2});
  shape.padding = draw.percent(50) ? 0 : draw.between(0, most_padding);
  shape.height = height - 2 * shape.padding;
  shape.width = width - 2 * shape.padding;
  if (zeros.percent(20)) draw_zeros(zeros, shape);

  test.batch = draw.percent(50) ? 1 : draw.between(2, 3);
  mapping.n = draw.between(1, test.batch);
  test.layer.name = "random";
  test.layer.product_shift = draw.percent(50) ? 0 : draw.between(1, 15);
  test.product_bits = draw.percent(70) ? 16 : draw.between(8, 32);
  test.layer.ofmap_shift = draw.percent(50) ? 0 : draw.between(1, 8);
  test.layer.relu = draw.percent(60);
  test.layer.network_input = draw.percent(30);
  test.layer.seeded.ifmap_zeros_percent = draw.of({0.0, 20.0, 50.0, 80.0, 95.0});
  test.layer.seeded.ifmap_max = draw.of({3U, 2047U, 32767U});
  test.layer.seeded.filter_max = draw.of({1U, 511U, 32767U});
}

/// A bus of 1 to 4 words, of a part of a word, or of up to 16 words of 8 bits or less.
Bits draw_width(Draw& draw, unsigned word_bits) {
  if (draw.percent(20)) return Bits(draw.between((word_bits + 3) / 4, word_bits - 1));
  const unsigned many = word_bits <= 8 && draw.percent(30) ? 4 : 1;
  return Bits(draw.between(1, 4) * word_bits * many + draw.of({0U, 0U, word_bits / 2}));
}

/// A depth from the least up, the least one often.
Words draw_depth(Draw& draw, std::uint64_t least) {
  const auto slack = draw.percent(45) ? 0 : draw.of({1U, 2U, 4U, 9U, 24U});
  return Words(least + slack);
}

void draw_pe(Draw& draw, RandomCase& test, std::uint64_t filter_packet, std::uint64_t psum_packet) {
  const Mapping mapping =
      dataflow::row_stationary::clip(test.mapping, test.layer.shape, test.batch);
  spec::PeSpec& pe = test.accelerator.pe;
  pe.multiply_latency = Cycles(draw.between(1, 4));
  pe.accumulate_latency = Cycles(draw.between(1, 5));
  pe.zero_gating = draw.percent(60);
  pe.ifmap_spad.size =
      draw_depth(draw, std::uint64_t{mapping.q} *
                           ((mapping.filter_columns - 1) * test.layer.shape.dilation + 1));
  pe.filter_spad.size =
      draw_depth(draw, std::uint64_t{mapping.p} * mapping.q * mapping.filter_columns);
  pe.psum_spad.size = draw_depth(draw, mapping.p);
  pe.ifmap_fifo.depth = draw_depth(draw, 1);
  pe.filter_fifo.depth = draw_depth(draw, filter_packet);
  pe.psum_in_fifo.depth = draw_depth(draw, psum_packet);
  pe.psum_out_fifo.depth = draw_depth(draw, psum_packet);
}

void draw_networks(Draw& draw, spec::AcceleratorSpec& spec) {
  const arithmetic::PeType& type = arithmetic::pe_type(spec.pe.type);
  const unsigned bits = type.activation_bits;
  spec.ifmap_gin.width =
      draw.percent(20) ? Bits(draw.of({bits * 5 / 16, bits / 2, bits - 1})) : Bits(bits);
  spec.filter_gin.width = draw_width(draw, type.weight_bits);
  spec.psum_gin.width = draw_width(draw, spec.pe.psum_bits);
  spec.gon.width = spec.psum_gin.width;
  spec.local_network.width = draw_width(draw, spec.pe.psum_bits);
  for (spec::GinSpec* gin : {&spec.ifmap_gin, &spec.filter_gin, &spec.psum_gin}) {
    gin->row_id_bits = 8;
    gin->column_id_bits = 8;
    gin->latency = Cycles(draw.percent(50) ? 1 : draw.between(2, 6));
  }
  spec.gon.latency = Cycles(draw.percent(50) ? 1 : draw.between(2, 6));
}

void draw_buffer(Draw& draw, RandomCase& test) {
  spec::AcceleratorSpec& spec = test.accelerator;
  spec::GlobalBufferSpec& buffer = spec.global_buffer;
  const arithmetic::PeType& type = arithmetic::pe_type(spec.pe.type);
  const std::uint64_t widest = std::max<std::uint64_t>(
      {type.activation_bits, type.weight_bits, spec.pe.psum_bits, spec.psum_gin.width.value()});
  buffer.row_width = Bits(widest + draw.of({0U, 0U, 16U, 20U}));
  buffer.read_latency = Cycles(draw.between(0, 3));
  buffer.psum_bank_ports = draw.percent(65) ? 1 : 2;
  buffer.psum_bank_interleaving =
      draw.of({spec::BankInterleaving::kWord, spec::BankInterleaving::kBlock});
  buffer.psum_bank_priority = draw.of({spec::BankPriority::kRead, spec::BankPriority::kWrite});
  buffer.bank_rows = draw.of({4U, 8U, 16U, 37U, 64U});
  const Mapping mapping =
      dataflow::row_stationary::clip(test.mapping, test.layer.shape, test.batch);
  const auto plan = dataflow::row_stationary::buffer_plan(mapping, test.layer.shape, spec);
  const unsigned tiles = spec.dram.overlap == spec::DramOverlap::kDoubleBuffer ? 2 : 1;
  buffer.banks = std::max(2U, (plan.ifmap_banks + plan.psum_banks) * tiles) + draw.between(0, 2);
  // A ring of one block of filters, or a little more.
  const std::uint64_t words =
      std::max(dataflow::row_stationary::pass_filter_words(mapping, test.layer.shape),
               spec.dram.burst.value() * 8 / type.weight_bits);
  const std::uint64_t bank_words = buffer.bank_rows * (buffer.row_width.value() / type.weight_bits);
  buffer.filter_banks = static_cast<unsigned>(ceil_div(words, bank_words)) +
                        (draw.percent(60) ? 0 : draw.between(1, 4));
}

void draw_dram(Draw& draw, spec::AcceleratorSpec& spec) {
  spec::DramSpec& dram = spec.dram;
  spec.clock = Kilohertz(draw.of({200'000U, 100'000U, 133'333U, 250'000U, 66'667U}));
  dram.link_clock =
      Kilohertz(draw.of({60'000U, 100'000U, 200'000U, 77'777U, 333'333U, 48'000U, 800'000U}));
  dram.link_width = Bits(8 * draw.of({1U, 2U, 3U, 4U, 8U, 8U, 16U}));
  dram.latency = Nanoseconds(draw.of({0U, 1U, 13U, 60U, 200U, 777U}));
  dram.burst = Bytes(draw.of({8U, 16U, 32U, 64U, 128U}));
  if (dram.burst.value() * 8 < dram.link_width.value()) dram.burst = Bytes(16);
  dram.outstanding_bursts = draw.of({1U, 2U, 3U, 4U, 8U});
  dram.overlap = draw.of({spec::DramOverlap::kNone, spec::DramOverlap::kDoubleBuffer});
  dram.rlc = draw.percent(65);
  spec.post_processing.lanes = draw.of({1U, 2U, 3U, 4U, 7U});
  spec.controller.pass_transition =
      draw.percent(40) ? spec::PassTransition::kDrain : spec::PassTransition::kOverlap;
  spec.controller.pass_setup = Cycles(draw.percent(50) ? 2 : draw.between(1, 9));
  spec.controller.scan_chain = Bits(draw.percent(25) ? 0 : draw.between(1, 60));
  spec.controller.scan_bits_per_cycle = draw.between(1, 4);
}

/// What the rules of binary32 leave no choice in.
void set_floating_point(RandomCase& test) {
  spec::PeSpec& pe = test.accelerator.pe;
  pe.psum_bits = 32;
  pe.zero_gating = false;
  test.product_bits = 32;
  test.layer.product_shift = 0;
  test.layer.ofmap_shift = 0;
}

RandomCase draw_case(Draw& draw, Draw& zeros, std::uint64_t seed, const spec::PeSpec& pe) {
  RandomCase test;
  test.seed = seed;
  spec::AcceleratorSpec& spec = test.accelerator;
  spec.name = "random";
  spec.pe.type = pe.type;
  spec.pe.psum_overflow = pe.psum_overflow;
  const bool is_float = arithmetic::pe_type(pe.type).numbers == arithmetic::Numbers::kFloat;
  draw_array(draw, spec);
  draw_layer(draw, zeros, test);
  spec.pe.psum_bits = draw.of({16U, 16U, 20U, 24U, 32U});
  if (is_float) set_floating_point(test);
  draw_networks(draw, spec);
  const auto packet = [](Bits width, unsigned bits) {
    return std::max<std::uint64_t>(1, width.value() / bits);
  };
  draw_pe(draw, test, packet(spec.filter_gin.width, arithmetic::pe_type(pe.type).weight_bits),
          packet(spec.psum_gin.width, spec.pe.psum_bits));
  if (is_float) set_floating_point(test);
  spec.pe.product_bits = test.product_bits;
  draw_dram(draw, spec);
  draw_buffer(draw, test);
  return test;
}

/// Rough PE-cycles of the array's work, DRAM aside.
std::uint64_t estimated_pe_cycles(const RandomCase& test) {
  const ConvolutionShape& s = test.layer.shape;
  const Mapping m = dataflow::row_stationary::clip(test.mapping, s, test.batch);
  const std::uint64_t per_word =
      std::max<std::uint64_t>(m.p, test.accelerator.pe.accumulate_latency.value());
  const std::uint64_t windows = std::uint64_t{m.n} * m.f;
  const std::uint64_t macs = windows * (per_word * m.q * m.filter_columns + m.p);
  const std::uint64_t psums = windows * m.e * m.p * m.t * m.g;
  const std::uint64_t filters = dataflow::row_stationary::pass_filter_words(m, s);
  const std::uint64_t plane_rows = (m.e - 1) * s.stride + (m.filter_rows - 1) * s.dilation + 1;
  const std::uint64_t ifmaps =
      windows * std::min<std::uint64_t>(s.stride, m.filter_columns) * m.q * m.r * m.g * plane_rows;
  const std::uint64_t pass = std::max({macs, psums, ifmaps}) + filters + 60;
  const std::uint64_t passes =
      std::uint64_t{blocks(s.groups, m.g)} * blocks(test.batch, m.n) * blocks(s.out_height(), m.e) *
      blocks(s.out_width(), m.f) * blocks(s.filters_per_group(), m.m) * blocks(m.m, m.p * m.t) *
      blocks(s.channels_per_group(), m.q * m.r) * blocks(s.kernel_height, m.filter_rows) *
      blocks(s.kernel_width, m.filter_columns);
  return pass * passes * test.accelerator.array.rows * test.accelerator.array.columns;
}

dataflow::FmapPlaces draw_places(std::uint64_t seed) {
  Draw draw(seed ^ 0x4e51de47);  // of its own: the other cases stay as they are
  dataflow::FmapPlaces places;
  if (!draw.percent(18)) return places;
  const unsigned which = draw.between(1, 3);
  if ((which & 1) != 0) places.ifmap = dataflow::FmapPlace::kResident;
  if ((which & 2) != 0) places.ofmap = dataflow::FmapPlace::kResident;
  return places;
}

spec::IfmapSpadReads draw_ifmap_spad_reads(std::uint64_t seed) {
  Draw draw(seed ^ 0x1f4a9);  // of its own, as above
  return draw.percent(30) ? spec::IfmapSpadReads::kPerMac : spec::IfmapSpadReads::kHeld;
}

}  // namespace

LayerArithmetic RandomCase::arithmetic() const {
  LayerArithmetic arithmetic;
  arithmetic.product_shift = layer.product_shift;
  arithmetic.product_bits = product_bits;
  arithmetic.relu = layer.relu;
  arithmetic.ofmap_shift = layer.ofmap_shift;
  const arithmetic::PeType& type = arithmetic::pe_type(accelerator.pe.type);
  arithmetic.activation_bits = type.activation_bits;
  arithmetic.weight_bits = type.weight_bits;
  return arithmetic;
}

namespace {

RandomCase make_case(std::uint64_t seed, const spec::PeSpec& pe) {
  constexpr std::uint64_t kMostPeCycles = 150'000;
  Draw draw(seed);
  Draw zeros(seed ^ 0x2e505);
  for (;;) {
    RandomCase test = draw_case(draw, zeros, seed, pe);
    if (estimated_pe_cycles(test) > kMostPeCycles) continue;
    if (!spec::check(test.accelerator).empty()) continue;
    if (!check(test.mapping, test.layer.shape, test.batch, test.accelerator).empty()) continue;
    test.places = draw_places(seed);
    test.accelerator.pe.ifmap_spad_reads = draw_ifmap_spad_reads(seed);
    return test;
  }
}

}  // namespace

RandomCase make_random_case(std::uint64_t seed) { return make_case(seed, {}); }

RandomCase make_random_case_of_any_type(std::uint64_t seed) {
  Draw draw(seed ^ 0x7e4e);  // of its own: the cases of int16 stay as they are
  spec::PeSpec pe;
  pe.type = draw.percent(40)
                ? "int16"
                : draw.of({"int8", "int8", "int4", "int4", "lightpe1", "lightpe2", "fp32", "fp32"});
  const bool saturates = draw.percent(25);
  if (saturates && pe.type != "fp32") pe.psum_overflow = arithmetic::Overflow::kSaturate;
  return make_case(seed, pe);
}

std::optional<RandomCase> make_random_layer(std::uint64_t seed,
                                            const spec::AcceleratorSpec& accelerator,
                                            std::uint64_t most_pe_cycles,
                                            std::uint64_t most_draws) {
  Draw draw(seed);
  Draw zeros(seed ^ 0x2e505);
  for (std::uint64_t i = 0; i < most_draws; ++i) {
    RandomCase test;
    test.seed = seed;
    test.accelerator = accelerator;
    draw_layer(draw, zeros, test);
    test.product_bits = accelerator.pe.product_bits;
    if (estimated_pe_cycles(test) > most_pe_cycles) continue;
    if (check(test.mapping, test.layer.shape, test.batch, accelerator).empty()) return test;
  }
  return std::nullopt;
}

std::string RandomCase::describe() const {
  std::ostringstream out;
  const ConvolutionShape& s = layer.shape;
  const spec::AcceleratorSpec& a = accelerator;
  out << "seed " << seed << "\nlayer: G " << s.groups << " M " << s.filters << " C " << s.channels
      << " ifmap " << s.height << "x" << s.width << " kernel " << s.kernel_height << "x"
      << s.kernel_width << " U " << s.stride << " P " << s.padding << "," << s.end_padding()
      << " D " << s.dilation << " Z " << s.input_dilation << " N " << batch
      << (layer.network_input ? " input" : "") << "\nmapping: m " << mapping.m << " n " << mapping.n
      << " e " << mapping.e << " f " << mapping.f << " p " << mapping.p << " q " << mapping.q
      << " r " << mapping.r << " t " << mapping.t << " g " << mapping.g << " rows "
      << mapping.filter_rows << " columns " << mapping.filter_columns << "\narray " << a.array.rows
      << "x" << a.array.columns << " Lm " << a.pe.multiply_latency << " La "
      << a.pe.accumulate_latency << " " << a.pe.type << " psum bits " << a.pe.psum_bits
      << (a.pe.psum_overflow == arithmetic::Overflow::kWrap ? " wrap" : " saturate")
      << " product bits " << a.pe.product_bits << "; spads " << a.pe.ifmap_spad.size << " "
      << a.pe.filter_spad.size << " " << a.pe.psum_spad.size << "; FIFOs " << a.pe.ifmap_fifo.depth
      << " " << a.pe.filter_fifo.depth << " " << a.pe.psum_in_fifo.depth << " "
      << a.pe.psum_out_fifo.depth << "; widths ifmap " << a.ifmap_gin.width << " filter "
      << a.filter_gin.width << " psum " << a.psum_gin.width << " local " << a.local_network.width
      << "; latencies read " << a.global_buffer.read_latency << " ifmap " << a.ifmap_gin.latency
      << " filter " << a.filter_gin.latency << " psum " << a.psum_gin.latency << " gon "
      << a.gon.latency << "\nbanks " << a.global_buffer.banks << " + "
      << a.global_buffer.filter_banks << " of " << a.global_buffer.bank_rows << " x "
      << a.global_buffer.row_width << " ports " << a.global_buffer.psum_bank_ports
      << (a.global_buffer.psum_bank_interleaving == spec::BankInterleaving::kWord ? " word"
                                                                                  : " block")
      << (a.global_buffer.psum_bank_priority == spec::BankPriority::kRead ? " read" : " write")
      << (a.controller.pass_transition == spec::PassTransition::kDrain ? "; drain" : "; overlap")
      << " setup " << a.controller.pass_setup << " scan " << a.controller.scan_chain << "/"
      << a.controller.scan_bits_per_cycle
      << (a.dram.overlap == spec::DramOverlap::kNone ? "; none" : "; double_buffer") << " clocks "
      << a.clock << "/" << a.dram.link_clock << " kHz link " << a.dram.link_width << " latency "
      << a.dram.latency << " burst " << a.dram.burst << " x " << a.dram.outstanding_bursts
      << " lanes " << a.post_processing.lanes << (a.dram.rlc ? " rlc" : "")
      << (a.pe.ifmap_spad_reads == spec::IfmapSpadReads::kPerMac ? "; ifmap_spad read per MAC" : "")
      << (places.ifmap == dataflow::FmapPlace::kResident ? "; resident ifmap" : "")
      << (places.ofmap == dataflow::FmapPlace::kResident ? "; resident ofmap" : "");
  return out.str();
}

}  // namespace rowan::support
