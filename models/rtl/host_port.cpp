// SPDX-License-Identifier: Apache-2.0
#include "models/rtl/host_port.h"

#include <string>
#include <utility>

#include "models/base/error.h"
#include "models/spec/derived.h"

namespace rowan::rtl {
namespace {

using arithmetic::Word;
using dataflow::PacketStream;
using dataflow::PassShape;
using dataflow::PeProgram;
using dataflow::WindowPlan;

constexpr char kCannot[] = "the registers of the RTL cannot describe this pass: ";

// Widths of a PE's registers (rowan_pe).
constexpr unsigned kCountBits = 16;       // images, windows
constexpr unsigned kImageWordsBits = 24;  // words of an image

/// Registers 0 to 14 of a PE.
enum class PeRegister : std::uint32_t {
  kControl,
  kPsums,
  kImages,
  kWindows,
  kWordsOfImage,
  kWordsOfRun,
  kRuns,
  kRunStep,
  kWindowStep,
  kIfmapRow,
  kIfmapColumn,
  kFilterRow,
  kFilterColumn,
  kPsumRow,
  kPsumColumn,
};

/// Where the words of each window stand: words from a run to the next, and from a window to the
/// next.
struct WindowSteps {
  std::uint32_t run = 0;
  std::uint32_t window = 0;
};

WindowSteps steps_of(const WindowPlan& plan) {
  WindowSteps steps;
  steps.run = plan.runs_per_window > 1 ? plan.run_begin[1] - plan.run_begin[0] : plan.run;
  steps.window = plan.windows > 1 ? plan.run_begin[plan.runs_per_window] - plan.run_begin[0]
                                  : plan.words_per_image;
  for (std::uint32_t window = 0; window < plan.windows; ++window) {
    for (std::uint32_t run = 0; run < plan.runs_per_window; ++run) {
      const std::uint32_t begin = plan.run_begin[window * plan.runs_per_window + run];
      if (begin == window * steps.window + run * steps.run) continue;
      throw InputError(std::string(kCannot) + "column " + std::to_string(run) + " of window " +
                       std::to_string(window) + " begins at word " + std::to_string(begin) +
                       ", but the windows before make it " +
                       std::to_string(window * steps.window + run * steps.run) +
                       " (windows are no arithmetic progression where both the stride and the "
                       "dilation are above 1)");
    }
    const bool last = window + 1 == plan.windows;
    if (plan.released[window] == (last ? plan.words_per_image : (window + 1) * steps.window)) {
      continue;
    }
    throw InputError(std::string(kCannot) + "window " + std::to_string(window) +
                     " releases other words than those before the next window");
  }
  return steps;
}

/// Throws unless the packets' addresses count up from 0, each packet `size(packet)` long.
template <class Size>
void require_counter(const char* network, const PacketStream& stream, Size size) {
  std::uint64_t expected = 0;
  for (const std::uint32_t base : stream.bases) {
    for (const dataflow::Packet& packet : stream.step) {
      if (base + packet.address != expected) {
        throw InputError(std::string(kCannot) + "a packet of " + network + " is at address " +
                         std::to_string(base + packet.address) + ", not at " +
                         std::to_string(expected));
      }
      expected += size(packet);
    }
  }
}

/// Throws unless a PE's register has room for so many.
void require_bits(const char* what, std::uint64_t count, unsigned bits) {
  if (count >> bits == 0) return;
  throw InputError(std::string(kCannot) + std::to_string(count) + " " + what + " are more than " +
                   std::to_string(bits) + " bits hold");
}

/// Writes for one pass.
class Writer {
 public:
  Writer(const spec::AcceleratorSpec& spec, const PassContent& content)
      : spec_(spec),
        type_(arithmetic::pe_type(spec.pe.type)),
        content_(content),
        shape_(*content.pass.shape) {}

  std::vector<HostWrite> writes() {
    controller();
    for (std::size_t pe = 0; pe < shape_.pes.size(); ++pe) program(pe, shape_.pes[pe]);
    network(Network::kFilterGin, shape_.filter);
    network(Network::kIfmapGin, shape_.ifmap);
    network(Network::kPsumGin, shape_.psum_in);
    network(Network::kGon, shape_.psum_out);
    words();
    write(Region::kController, 0, 1);
    return std::move(writes_);
  }

 private:
  void write(Region region, std::uint64_t index, std::uint64_t data) {
    writes_.push_back({address_of(region, index), data});
  }

  void controller() {
    const std::uint32_t row = content_.pass.psum_row;
    const std::uint32_t first = psum_address(spec_, content_.buffers.psum_banks, row, 0);
    const std::uint32_t place = (first & ((1U << kIndexBits) - 1)) /
                                static_cast<std::uint32_t>(spec::psum_packet(spec_).words.value());
    write(Region::kController, 2, content_.product_shift);
    write(Region::kController, 3, shape_.reads_psums ? 1 : 0);
    write(Region::kController, 4, content_.buffers.ifmap_banks);
    write(Region::kController, 5, content_.buffers.psum_banks);
    write(Region::kController, 6, row);
    write(Region::kController, 7, place / spec_.global_buffer.bank_rows);
    write(Region::kController, 8, place % spec_.global_buffer.bank_rows);
  }

  void program(std::size_t index, const PeProgram& pe) {
    const auto set = [&](PeRegister reg, std::uint64_t data) {
      write(Region::kPes, (index << kPeRegisterBits) + static_cast<std::uint32_t>(reg), data);
    };
    if (!pe.active) {
      set(PeRegister::kControl, 0);
      return;
    }
    const WindowPlan& windows = *pe.windows;
    require_bits("images", pe.images, kCountBits);
    require_bits("windows of an image", windows.windows, kCountBits);
    require_bits("words of an image", windows.words_per_image, kImageWordsBits);
    const WindowSteps steps = steps_of(windows);
    set(PeRegister::kControl, 1U | static_cast<std::uint32_t>(pe.source) << 1U |
                                  static_cast<std::uint32_t>(pe.sink) << 3U);
    set(PeRegister::kPsums, pe.psums);
    set(PeRegister::kImages, pe.images);
    set(PeRegister::kWindows, windows.windows);
    set(PeRegister::kWordsOfImage, windows.words_per_image);
    set(PeRegister::kWordsOfRun, windows.run);
    set(PeRegister::kRuns, windows.runs_per_window);
    set(PeRegister::kRunStep, steps.run);
    set(PeRegister::kWindowStep, steps.window);
    set(PeRegister::kIfmapRow, pe.ifmap_id.row);
    set(PeRegister::kIfmapColumn, pe.ifmap_id.column);
    set(PeRegister::kFilterRow, pe.filter_id.row);
    set(PeRegister::kFilterColumn, pe.filter_id.column);
    set(PeRegister::kPsumRow, pe.psum_id.row);
    set(PeRegister::kPsumColumn, pe.psum_id.column);
  }

  void network(Network network, const PacketStream& stream) {
    const auto number = static_cast<std::uint32_t>(network);
    const BaseTable table = base_table(stream.bases);
    require_bits("repeats of a network's packets", table.repeats, kCountBits);
    const std::uint64_t control = 16 + 8 * std::uint64_t{number};
    write(Region::kController, control, stream.step.size());
    write(Region::kController, control + 1, table.bases.size());
    write(Region::kController, control + 2, table.repeats);
    write(Region::kController, control + 3, table.stride);
    const auto steps = static_cast<Region>(static_cast<std::uint32_t>(Region::kSteps) + number);
    for (std::size_t i = 0; i < stream.step.size(); ++i) {
      const dataflow::Packet& packet = stream.step[i];
      write(steps, i,
            std::uint64_t{packet.id.row} | std::uint64_t{packet.id.column} << kIdBits |
                std::uint64_t{packet.words} << (2 * kIdBits) |
                std::uint64_t{packet.address} << (2 * kIdBits + 8));
    }
    const auto bases = static_cast<Region>(static_cast<std::uint32_t>(Region::kBases) + number);
    for (std::size_t i = 0; i < table.bases.size(); ++i) write(bases, i, table.bases[i]);
  }

  void words() {
    const std::uint64_t ifmap_words = shape_.ifmap.last_word() + std::uint64_t{1};
    for (std::size_t i = 0; i < ifmap_words; ++i) {
      write(Region::kIfmapTile, i, wire_bits(content_.ifmap.at(i), type_.activation_bits));
    }
    for (std::size_t i = 0; i < shape_.filter_words; ++i) {
      write(Region::kFilterBlock, i, wire_bits(content_.filters.at(i), type_.weight_bits));
    }
    if (shape_.reads_psums) psums();
  }

  void psums() {
    const std::uint64_t width = spec::psum_packet(spec_).words.value();
    const std::uint32_t last = shape_.psum_in.last_row();
    for (std::uint32_t row = content_.pass.psum_row; row <= content_.pass.psum_row + last; ++row) {
      for (std::uint32_t lane = 0; lane < width; ++lane) {
        writes_.push_back({psum_address(spec_, content_.buffers.psum_banks, row, lane),
                           wire_bits(content_.psums.at(row * width + lane), spec_.pe.psum_bits)});
      }
    }
  }

  const spec::AcceleratorSpec& spec_;
  const arithmetic::PeType& type_;
  const PassContent& content_;
  const PassShape& shape_;
  std::vector<HostWrite> writes_;
};

void require_describable(const PassShape& shape) {
  if (shape.unit) {
    throw InputError(std::string(kCannot) + "the post-processing unit carries it out");
  }
  const auto words = [](const dataflow::Packet& packet) { return packet.words; };
  const auto row = [](const dataflow::Packet&) { return 1U; };
  require_counter("filter_gin", shape.filter, words);
  require_counter("psum_gin", shape.psum_in, row);
  require_counter("gon", shape.psum_out, row);
}

}  // namespace

std::uint32_t psum_address(const spec::AcceleratorSpec& spec, std::uint32_t banks,
                           std::uint32_t row, std::uint32_t lane) {
  const std::uint32_t bank_rows = spec.global_buffer.bank_rows;
  std::uint32_t bank = 0;
  std::uint32_t row_of_bank = 0;
  switch (spec.global_buffer.psum_bank_interleaving) {
    case spec::BankInterleaving::kWord:
      bank = row % banks;
      row_of_bank = row / banks;
      break;
    case spec::BankInterleaving::kBlock:
      bank = row / bank_rows;
      row_of_bank = row % bank_rows;
      break;
  }
  const std::uint64_t width = spec::psum_packet(spec).words.value();
  const std::uint64_t place = std::uint64_t{bank} * bank_rows + row_of_bank;
  return address_of(Region::kPsumTile, place * width + lane);
}

std::vector<HostWrite> host_writes(const spec::AcceleratorSpec& spec, const PassContent& content) {
  require_describable(*content.pass.shape);
  return Writer(spec, content).writes();
}

}  // namespace rowan::rtl
