// SPDX-License-Identifier: Apache-2.0
#include "tests/support/pass_interpreter.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <deque>
#include <set>
#include <stdexcept>

namespace rowan::support {

using arithmetic::Word;
using dataflow::MulticastId;
using dataflow::PacketStream;
using dataflow::PassShape;
using dataflow::PeProgram;

namespace {

float number(Word word) {
  float number;
  std::memcpy(&number, &word, sizeof(number));
  return number;
}

/// A double holds products of binary32 numbers, and its sum of two rounds as they do.
Word rounded(double exact) {
  const auto number = static_cast<float>(exact);
  if (std::isnan(number)) return 0x7fc00000;
  Word word;
  std::memcpy(&word, &number, sizeof(word));
  return word;
}

bool floating(const Arithmetic& arithmetic) {
  return arithmetic.type.numbers == arithmetic::Numbers::kFloat;
}

/// What is added for a MAC.
Word product(const Arithmetic& arithmetic, Word activation, Word weight) {
  const double factor = arithmetic.type.weight_value(weight);
  if (floating(arithmetic)) return rounded(double{number(activation)} * factor);
  const double units = std::ldexp(factor, static_cast<int>(arithmetic.type.weight_fraction_bits));
  const auto full = static_cast<std::int64_t>(activation * units);
  const arithmetic::ProductWindow& window = arithmetic.format.window;
  return arithmetic::wrap(full >> window.shift, window.bits);
}

Word sum(const Arithmetic& arithmetic, Word a, Word b) {
  if (floating(arithmetic)) return rounded(double{number(a)} + double{number(b)});
  const std::int64_t exact = std::int64_t{a} + b;
  if (arithmetic.format.overflow == arithmetic::Overflow::kWrap) {
    return arithmetic::wrap(exact, arithmetic.format.psum_bits);
  }
  const std::int64_t end = std::int64_t{1} << (arithmetic.format.psum_bits - 1);
  return static_cast<Word>(std::min(std::max(exact, -end), end - 1));
}

/// Calls visit(PE, packet address) for every packet and every PE that takes it.
template <class Visit>
void for_each_delivery(const PassShape& shape, const PacketStream& stream,
                       MulticastId PeProgram::*id, Visit visit) {
  for (const std::uint32_t base : stream.bases) {
    for (const dataflow::Packet& packet : stream.step) {
      for (std::size_t pe = 0; pe < shape.pes.size(); ++pe) {
        if (!shape.pes[pe].active || !(shape.pes[pe].*id == packet.id)) continue;
        visit(pe, base + packet.address, packet.words);
      }
    }
  }
}

struct Pe {
  std::vector<Word> ifmap;
  std::vector<Word> filters;
  std::deque<Word> psums_in;
  std::deque<Word> psums_out;
};

/// All windows of a PE. Returns its MACs on zero.
std::uint64_t compute(const PeProgram& program, const Arithmetic& arithmetic, Pe& pe) {
  const dataflow::WindowPlan& plan = *program.windows;
  std::uint64_t macs_on_zero = 0;
  for (std::size_t image = 0; image < program.images; ++image) {
    for (std::size_t window = 0; window < plan.windows; ++window) {
      std::vector<Word> words;
      for (std::size_t run = 0; run < plan.runs_per_window; ++run) {
        for (std::size_t i = 0; i < plan.run; ++i) {
          words.push_back(pe.ifmap.at(image * plan.words_per_image +
                                      plan.run_begin[window * plan.runs_per_window + run] + i));
        }
      }
      for (const Word word : words) {
        macs_on_zero += word == 0 && !floating(arithmetic) ? program.psums : 0;
      }
      for (std::size_t k = 0; k < program.psums; ++k) {
        Word own = 0;
        for (std::size_t i = 0; i < words.size(); ++i) {
          const Word weight = pe.filters[i * program.psums + k];
          own = sum(arithmetic, own, product(arithmetic, words[i], weight));
        }
        if (program.source == dataflow::PsumSource::kNone) {
          pe.psums_out.push_back(own);
        } else {
          pe.psums_out.push_back(sum(arithmetic, pe.psums_in.at(0), own));
          pe.psums_in.pop_front();
        }
      }
    }
  }
  return macs_on_zero;
}

}  // namespace

dataflow::DataCounts interpret(const PassShape& shape, std::size_t columns,
                               const Arithmetic& arithmetic, const dataflow::PassWords& words) {
  std::vector<Pe> pes(shape.pes.size());
  for_each_delivery(shape, shape.ifmap, &PeProgram::ifmap_id, [&](auto pe, auto address, auto n) {
    pes[pe].ifmap.insert(pes[pe].ifmap.end(), words.ifmap + address, words.ifmap + address + n);
  });
  for_each_delivery(shape, shape.filter, &PeProgram::filter_id, [&](auto pe, auto address, auto n) {
    pes[pe].filters.insert(pes[pe].filters.end(), words.filters + address,
                           words.filters + address + n);
  });
  const auto row = [&](std::uint32_t address) {
    return words.psums + address * words.psum_row_words;
  };
  for_each_delivery(shape, shape.psum_in, &PeProgram::psum_id, [&](auto pe, auto address, auto n) {
    pes[pe].psums_in.insert(pes[pe].psums_in.end(), row(address), row(address) + n);
  });
  dataflow::DataCounts counts;
  for (std::size_t i = pes.size(); i-- > 0;) {  // a PE's psums come from the row below
    const PeProgram& program = shape.pes[i];
    if (!program.active) continue;
    if (program.source == dataflow::PsumSource::kLocal) {
      pes[i].psums_in.swap(pes.at(i + columns).psums_out);
    }
    counts.macs_on_zero += compute(program, arithmetic, pes[i]);
    if (!pes[i].psums_in.empty()) throw std::logic_error("psums are left over");
  }
  for_each_delivery(shape, shape.psum_out, &PeProgram::psum_id, [&](auto pe, auto address, auto n) {
    for (std::uint32_t i = 0; i < n; ++i) {
      row(address)[i] = pes[pe].psums_out.at(0);
      pes[pe].psums_out.pop_front();
    }
  });
  return counts;
}

Words::Words(const PassShape& shape, const Arithmetic& arithmetic, Random& random) {
  std::uint32_t ifmap_words = 0;
  std::uint32_t psum_rows = 0;
  for_each_delivery(shape, shape.ifmap, &PeProgram::ifmap_id, [&](auto, auto address, auto n) {
    ifmap_words = std::max(ifmap_words, address + n);
  });
  for_each_delivery(shape, shape.psum_out, &PeProgram::psum_id, [&](auto, auto address, auto n) {
    psum_rows = std::max(psum_rows, address + 1);
    row_words = std::max<std::size_t>(row_words, n);
  });
  row_words += random.below(3);
  const auto zeros = random.below(101);
  const auto draw = [&](unsigned bits) -> Word {
    if (random.below(100) < zeros) return 0;
    if (!floating(arithmetic)) return arithmetic::wrap(random.between(INT32_MIN, INT32_MAX), bits);
    // Mostly of like size, so that sums round; some of any size, and what is no number.
    if (random.below(16) != 0) {
      return rounded(static_cast<double>(random.between(-(1 << 24), 1 << 24)) / 4096);
    }
    return arithmetic::wrap(random.between(INT32_MIN, INT32_MAX), bits);
  };
  const auto fill = [&](std::vector<Word>& to, std::size_t count, unsigned bits) {
    to.resize(count);
    for (Word& word : to) word = draw(bits);
  };
  fill(ifmap, ifmap_words, arithmetic.type.activation_bits);
  fill(filters, shape.filter_words, arithmetic.type.weight_bits);
  fill(psums, psum_rows * row_words, floating(arithmetic) ? 32 : arithmetic.format.psum_bits);
}

dataflow::PassWords Words::pass() {
  return {ifmap.data(), filters.data(), psums.data(), row_words};
}

std::vector<std::shared_ptr<const PassShape>> shapes_of(
    const dataflow::row_stationary::LayerPlan& plan) {
  namespace row_stationary = dataflow::row_stationary;
  const row_stationary::PassBuilder builder(plan.mapping(), plan.shape(), plan.accelerator());
  std::set<row_stationary::PassExtents> seen;
  std::vector<std::shared_ptr<const PassShape>> shapes;
  row_stationary::LoopIndex index;
  do {
    if (!seen.insert(plan.extents(index)).second) continue;
    shapes.push_back(builder.build(plan.extents(index)));
  } while (advance(plan, index));
  return shapes;
}

}  // namespace rowan::support
