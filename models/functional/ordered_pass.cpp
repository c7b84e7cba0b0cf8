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
  OrderedPass(PassPlan plan, const arithmetic::MacFormat& format, void (*sums)(const OrderedSums&))
      : plan_(std::move(plan)), format_(format), sums_(sums) {}

  void run(const dataflow::PassWords& words) override {
    for (const MatrixProduct& product : plan_.products) run(product, words);
  }

 private:
  /// Positions whose psums are taken from the GLB together: they stay in the first cache.
  static constexpr std::size_t kPositions = 64;

  void run(const MatrixProduct& product, const dataflow::PassWords& words) {
    weights_.resize(product.filter_words.size());
    std::transform(product.filter_words.begin(), product.filter_words.end(), weights_.begin(),
                   [&](std::uint32_t word) { return words.filters[word]; });
    psums_.resize(kPositions * product.lanes);
    OrderedSums sums;
    sums.scalars = words.ifmap;
    sums.weights = weights_.data();
    sums.lanes = product.lanes;
    sums.taps = product.taps.data();
    sums.pe_taps = product.pe_taps.data();
    sums.pe_count = product.pe_taps.size();
    sums.has_source = plan_.reads_psums;
    sums.psums = psums_.data();
    sums.format = format_;
    for (std::size_t first = 0; first < product.positions.size(); first += kPositions) {
      sums.positions = product.positions.data() + first;
      sums.position_count = std::min(kPositions, product.positions.size() - first);
      if (plan_.reads_psums) {
        for_each_packet(
            product, first, sums.position_count, words,
            [](const Word* glb, Word* own, std::size_t n) { std::copy_n(glb, n, own); });
      }
      sums_(sums);
      for_each_packet(product, first, sums.position_count, words,
                      [](Word* glb, const Word* own, std::size_t n) { std::copy_n(own, n, glb); });
    }
  }

  /// Calls copy(words of the GLB, of psums_, count) for the psums of some positions.
  template <class Copy>
  void for_each_packet(const MatrixProduct& product, std::size_t first, std::size_t positions,
                       const dataflow::PassWords& words, Copy copy) {
    for (std::size_t i = 0; i < positions; ++i) {
      Word* psums = psums_.data() + i * product.lanes;
      for (const LanePacket& packet : product.packets) {
        const std::size_t row = std::size_t{product.psum_rows[first + i]} + packet.row;
        copy(words.psums + row * words.psum_row_words, psums, packet.words);
        psums += packet.words;
      }
    }
  }

  const PassPlan plan_;
  const arithmetic::MacFormat format_;
  void (*const sums_)(const OrderedSums&);
  std::vector<Word> weights_;  ///< [taps][lanes]
  std::vector<Word> psums_;    ///< [kPositions][lanes]
};

}  // namespace

std::unique_ptr<CompiledPass> compile_ordered_pass(PassPlan plan,
                                                   const arithmetic::MacFormat& format,
                                                   void (*sums)(const OrderedSums&)) {
  return std::make_unique<OrderedPass>(std::move(plan), format, sums);
}

}  // namespace rowan::functional
