// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <vector>

#include "models/functional/compiled_pass.h"

namespace rowan::functional {
namespace {

using arithmetic::Word;

class OrderedPass final : public CompiledPass {
 public:
  OrderedPass(PassPlan plan, const PassArithmetic& arithmetic)
      : plan_(std::move(plan)), arithmetic_(arithmetic) {}

  void run(const dataflow::PassWords& words) override {
    for (const MatrixProduct& product : plan_.products) run(product, words);
  }

 private:
  void run(const MatrixProduct& product, const dataflow::PassWords& words) {
    load_filters(product, words.filters);
    window_words_.resize(product.taps.size());
    psums_.resize(product.lanes);
    sums_.resize(product.lanes);
    for (std::size_t i = 0; i < product.positions.size(); ++i) {
      const Word* ifmap = words.ifmap + product.positions[i];
      for (std::size_t t = 0; t < product.taps.size(); ++t) {
        window_words_[t] = ifmap[product.taps[t]];
      }
      const auto packets = [&](auto copy) {
        std::size_t lane = 0;
        for (const LanePacket& packet : product.packets) {
          const std::size_t row = std::size_t{product.psum_rows[i]} + packet.row;
          copy(words.psums + row * words.psum_row_words, psums_.data() + lane, packet.words);
          lane += packet.words;
        }
      };
      if (plan_.reads_psums) {
        packets([](const Word* glb, Word* psums, std::size_t n) { std::copy_n(glb, n, psums); });
      }
      run_chains(product);
      packets([](Word* glb, const Word* psums, std::size_t n) { std::copy_n(psums, n, glb); });
    }
  }

  /// As the PEs have them: [chains][taps][lanes of the chain].
  void load_filters(const MatrixProduct& product, const Word* filters) {
    filters_.clear();
    std::size_t first = 0;
    for (const std::uint32_t lanes : product.chain_lanes) {
      for (std::size_t t = 0; t < product.taps.size(); ++t) {
        const std::uint32_t* words = product.filter_words.data() + t * product.lanes + first;
        for (std::uint32_t k = 0; k < lanes; ++k) filters_.push_back(filters[words[k]]);
      }
      first += lanes;
    }
  }

  /// Adds the products of a position to its psums.
  void run_chains(const MatrixProduct& product) {
    const Word* filters = filters_.data();
    Word* psums = psums_.data();
    for (const std::uint32_t lanes : product.chain_lanes) {
      bool has_source = plan_.reads_psums;
      const Word* ifmap = window_words_.data();
      for (const std::uint32_t taps : product.pe_taps) {
        arithmetic_.type.mac_window(ifmap, taps, filters, lanes, arithmetic_.format, sums_.data());
        for (std::uint32_t k = 0; k < lanes; ++k) {
          psums[k] = has_source ? arithmetic_.type.add_psums(psums[k], sums_[k], arithmetic_.format)
                                : sums_[k];
        }
        has_source = true;
        ifmap += taps;
        filters += std::size_t{taps} * lanes;
      }
      psums += lanes;
    }
  }

  const PassPlan plan_;
  const PassArithmetic arithmetic_;
  std::vector<Word> window_words_;  ///< [taps] of a position
  std::vector<Word> filters_;
  std::vector<Word> psums_;  ///< [lanes]
  std::vector<Word> sums_;   ///< of a window in a PE
};

}  // namespace

std::unique_ptr<CompiledPass> compile_ordered_pass(PassPlan plan,
                                                   const PassArithmetic& arithmetic) {
  return std::make_unique<OrderedPass>(std::move(plan), arithmetic);
}

}  // namespace rowan::functional
