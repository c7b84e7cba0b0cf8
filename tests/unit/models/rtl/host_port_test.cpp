// SPDX-License-Identifier: Apache-2.0
//
// The host's writes are read back the way docs/rtl.md says, and must give the shape they came from.

#include "models/rtl/host_port.h"

#include <map>

#include <gtest/gtest.h>

#include "models/spec/derived.h"
#include "tests/support/input_error.h"
#include "tests/support/small_layer.h"

namespace rowan::rtl {
namespace {

using arithmetic::Word;
using dataflow::Packet;
using dataflow::PacketStream;
using dataflow::PassShape;

/// What the machine holds after the writes.
class Registers {
 public:
  explicit Registers(const std::vector<HostWrite>& writes) {
    for (const HostWrite& write : writes) values_[write.address] = write.data;
  }
  [[nodiscard]] std::uint64_t at(unsigned region, std::uint64_t index) const {
    const auto found = values_.find(region << 28U | static_cast<std::uint32_t>(index));
    if (found != values_.end()) return found->second;
    ADD_FAILURE() << "region " << region << " index " << index << " was not written";
    return 0;
  }
  [[nodiscard]] std::uint64_t pe(std::size_t pe, unsigned index) const {
    return at(12, 16 * pe + index);
  }

 private:
  std::map<std::uint32_t, std::uint64_t> values_;
};

void expect_packets(const Registers& registers, unsigned network, const PacketStream& stream) {
  const auto control = [&](unsigned k) { return registers.at(0, 16 + 8 * network + k); };
  std::size_t number = 0;
  for (std::uint64_t repeat = 0; repeat < control(2); ++repeat) {
    for (std::uint64_t entry = 0; entry < control(1); ++entry) {
      const std::uint64_t base = registers.at(8 + network, entry) + repeat * control(3);
      for (std::uint64_t step = 0; step < control(0); ++step, ++number) {
        const std::uint64_t packet = registers.at(4 + network, step);
        ASSERT_LT(number, stream.packet_count());
        const Packet& expected = stream.step[number % stream.step.size()];
        ASSERT_EQ(packet & 0xffff, expected.id.row);
        ASSERT_EQ(packet >> 16U & 0xffff, expected.id.column);
        ASSERT_EQ(packet >> 32U & 0xff, expected.words);
        ASSERT_EQ(base + (packet >> 40U),
                  stream.bases[number / stream.step.size()] + expected.address);
      }
    }
  }
  EXPECT_EQ(number, stream.packet_count()) << "network " << network;
}

void expect_program(const Registers& registers, std::size_t index, const dataflow::PeProgram& pe) {
  const auto reg = [&](unsigned number) { return registers.pe(index, number); };
  ASSERT_EQ(reg(0) & 1U, pe.active ? 1U : 0U);
  if (!pe.active) return;
  EXPECT_EQ(reg(0) >> 1U & 3U, static_cast<unsigned>(pe.source));
  EXPECT_EQ(reg(0) >> 3U, static_cast<unsigned>(pe.sink));
  EXPECT_EQ(reg(1), pe.psums);
  EXPECT_EQ(reg(2), pe.images);
  EXPECT_EQ(reg(3), pe.windows->windows);
  EXPECT_EQ(reg(4), pe.windows->words_per_image);
  EXPECT_EQ(reg(5), pe.windows->run);
  EXPECT_EQ(reg(6), pe.windows->runs_per_window);
  for (std::uint64_t window = 0; window < reg(3); ++window) {
    for (std::uint64_t run = 0; run < reg(6); ++run) {
      EXPECT_EQ(window * reg(8) + run * reg(7), pe.windows->run_begin[window * reg(6) + run]);
    }
    EXPECT_EQ(window + 1 == reg(3) ? reg(4) : (window + 1) * reg(8), pe.windows->released[window]);
  }
  EXPECT_EQ(reg(9), pe.ifmap_id.row);
  EXPECT_EQ(reg(10), pe.ifmap_id.column);
  EXPECT_EQ(reg(11), pe.filter_id.row);
  EXPECT_EQ(reg(12), pe.filter_id.column);
  EXPECT_EQ(reg(13), pe.psum_id.row);
  EXPECT_EQ(reg(14), pe.psum_id.column);
}

/// A pass of a layer, its words counters.
struct Content {
  Content(const dataflow::Pass& of, const dataflow::BufferPlan& plan,
          const spec::AcceleratorSpec& spec)
      : pass(of), buffers(plan) {
    for (std::uint32_t i = 0; i < plan.ifmap_words; ++i) ifmap.push_back(static_cast<Word>(i));
    for (std::uint32_t i = 0; i < of.shape->filter_words; ++i) {
      filters.push_back(-static_cast<Word>(i) - 1);
    }
    const auto width = static_cast<std::uint32_t>(spec::psum_packet(spec).words.value());
    for (std::uint32_t i = 0; i < plan.psum_rows * width; ++i) {
      psums.push_back(static_cast<Word>(i) - 5);
    }
  }
  [[nodiscard]] PassContent view() const { return {pass, buffers, 3, ifmap, filters, psums}; }

  dataflow::Pass pass;
  dataflow::BufferPlan buffers;
  std::vector<Word> ifmap;
  std::vector<Word> filters;
  std::vector<Word> psums;
};

void expect_described(const spec::AcceleratorSpec& spec, const Content& content) {
  const PassShape& shape = *content.pass.shape;
  const std::vector<HostWrite> writes = host_writes(spec, content.view());
  EXPECT_EQ(writes.back().address, 0U);
  EXPECT_EQ(writes.back().data, 1U);
  const Registers registers(writes);
  EXPECT_EQ(registers.at(0, 2), 3U);
  EXPECT_EQ(registers.at(0, 3), shape.reads_psums ? 1U : 0U);
  EXPECT_EQ(registers.at(0, 4), content.buffers.ifmap_banks);
  EXPECT_EQ(registers.at(0, 5), content.buffers.psum_banks);
  EXPECT_EQ(registers.at(0, 6), content.pass.psum_row);
  EXPECT_EQ(registers.at(0, 7), content.pass.psum_row % content.buffers.psum_banks);
  EXPECT_EQ(registers.at(0, 8), content.pass.psum_row / content.buffers.psum_banks);
  for (std::size_t i = 0; i < shape.pes.size(); ++i) expect_program(registers, i, shape.pes[i]);
  expect_packets(registers, 0, shape.filter);
  expect_packets(registers, 1, shape.ifmap);
  expect_packets(registers, 2, shape.psum_in);
  expect_packets(registers, 3, shape.psum_out);
  for (const std::uint32_t base : shape.ifmap.bases) {
    for (const Packet& packet : shape.ifmap.step) {
      ASSERT_EQ(registers.at(1, base + packet.address), (base + packet.address) & 0xffffU);
    }
  }
  for (std::uint32_t i = 0; i < shape.filter_words; ++i) {
    ASSERT_EQ(registers.at(2, i), 0xffffU - i);
  }
}

/// Whether the layer's windows can be no arithmetic progression.
bool irregular(const workloads::ConvolutionShape& shape) {
  return shape.stride > 1 && shape.dilation > 1;
}

TEST(HostWrites, DescribeEveryPassOfRandomLayers) {
  Random random(7);
  unsigned passes = 0;
  unsigned reading = 0;
  for (unsigned i = 0; i < 150; ++i) {
    const support::MappedLayer mapped = support::random_mapped_layer(random);
    if (irregular(mapped.shape)) continue;
    SCOPED_TRACE(mapped.text());
    const support::SmallLayer layer(mapped, i);
    const auto steps = layer.schedule->restart();
    dataflow::Step step;
    while (steps->next(step)) {
      const auto* pass = std::get_if<dataflow::Pass>(&step);
      if (pass == nullptr) continue;
      expect_described(mapped.accelerator, {*pass, layer.plan.buffers(), mapped.accelerator});
      ++passes;
      if (pass->shape->reads_psums) ++reading;
      if (testing::Test::HasFailure()) return;
    }
  }
  EXPECT_GT(passes, 300U);
  EXPECT_GT(reading, 50U);
}

TEST(HostWrites, PsumsStandInTheirBanks) {
  spec::AcceleratorSpec spec = support::eyeriss();
  spec.global_buffer.bank_rows = 10;
  const auto index = [&](std::uint32_t row, std::uint32_t lane) {
    const std::uint32_t address = psum_address(spec, 3, row, lane);
    EXPECT_EQ(address >> 28U, 3U);
    return address & 0xfffffffU;
  };
  EXPECT_EQ(index(7, 2), (1 * 10 + 2) * 4 + 2U);  // bank 1, row 2
  spec.global_buffer.psum_bank_interleaving = spec::BankInterleaving::kBlock;
  EXPECT_EQ(index(27, 1), (2 * 10 + 7) * 4 + 1U);
}

/// A pass of a 4 x 4 ifmap, two channels, 2 x 2 kernel.
support::MappedLayer small_mapped(unsigned stride, unsigned dilation) {
  support::MappedLayer mapped;
  mapped.shape.groups = 1;
  mapped.shape.channels = 2;
  mapped.shape.filters = 2;
  mapped.shape.kernel_height = 2;
  mapped.shape.kernel_width = 3;
  mapped.shape.stride = stride;
  mapped.shape.dilation = dilation;
  mapped.shape.height = 9;
  mapped.shape.width = 17;
  mapped.mapping.e = 2;
  mapped.mapping.p = 2;
  mapped.mapping.q = 2;
  mapped.mapping.m = 2;
  mapped.mapping.filter_rows = 2;
  mapped.mapping.filter_columns = 3;
  mapped.mapping.f = 3;
  mapped.accelerator = support::small_accelerator(4, 4);
  mapped.accelerator.pe.ifmap_spad.size = Words(32);
  return mapped;
}

std::string refusal_of(const support::MappedLayer& mapped) {
  const support::SmallLayer layer(mapped, 1);
  const auto steps = layer.schedule->restart();
  dataflow::Step step;
  while (steps->next(step)) {
    const auto* pass = std::get_if<dataflow::Pass>(&step);
    if (pass == nullptr) continue;
    const Content content(*pass, layer.plan.buffers(), mapped.accelerator);
    return support::input_error([&] { return host_writes(mapped.accelerator, content.view()); });
  }
  return "no pass";
}

TEST(HostWrites, WindowsThatAreNoProgressionAreRefused) {
  const std::string message = refusal_of(small_mapped(3, 2));
  EXPECT_EQ(message.rfind("the registers of the RTL cannot describe this pass: ", 0), 0U)
      << message;
  EXPECT_NE(message.find("windows are no arithmetic progression"), std::string::npos) << message;
}

TEST(HostWrites, MoreImagesThanARegisterHoldsAreRefused) {
  const support::MappedLayer mapped = small_mapped(1, 1);
  const support::SmallLayer layer(mapped, 1);
  const auto steps = layer.schedule->restart();
  dataflow::Step step;
  while (steps->next(step) && !std::holds_alternative<dataflow::Pass>(step)) {
  }
  auto pass = std::get<dataflow::Pass>(step);
  auto shape = std::make_shared<PassShape>(*pass.shape);
  pass.shape = shape;
  for (dataflow::PeProgram& pe : shape->pes) pe.images = 65'535;
  const Content most(pass, layer.plan.buffers(), mapped.accelerator);
  EXPECT_NO_THROW(static_cast<void>(host_writes(mapped.accelerator, most.view())));
  for (dataflow::PeProgram& pe : shape->pes) pe.images = 65'536;
  const Content more(pass, layer.plan.buffers(), mapped.accelerator);
  EXPECT_EQ(support::input_error([&] { return host_writes(mapped.accelerator, more.view()); }),
            "the registers of the RTL cannot describe this pass: 65536 images are more than 16 "
            "bits hold");
}

TEST(HostWrites, PsumPacketsThatDoNotCountUpAreRefused) {
  const support::MappedLayer mapped = small_mapped(1, 1);
  const support::SmallLayer layer(mapped, 1);
  const auto steps = layer.schedule->restart();
  dataflow::Step step;
  while (steps->next(step) && !std::holds_alternative<dataflow::Pass>(step)) {
  }
  auto pass = std::get<dataflow::Pass>(step);
  auto shape = std::make_shared<PassShape>(*pass.shape);
  ++shape->psum_out.step.back().address;
  pass.shape = shape;
  const Content content(pass, layer.plan.buffers(), mapped.accelerator);
  EXPECT_NE(support::input_error([&] {
              return host_writes(mapped.accelerator, content.view());
            }).find("a packet of gon is at address"),
            std::string::npos);
}

}  // namespace
}  // namespace rowan::rtl
