// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstring>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "models/base/units.h"
#include "models/functional/compiled_pass.h"

namespace rowan::functional {
namespace {

using arithmetic::Word;

/// A word as the kernels take their scalars.
template <class Lane>
[[nodiscard]] std::int32_t scalar(Word word) {
  if constexpr (sizeof(Lane) == 2) {
    return static_cast<std::int32_t>((static_cast<std::uint32_t>(word) & 0xffffU) * 0x10001U);
  } else {
    return word;
  }
}

/// A kernel for words of one width, and the window that it is called with.
template <class Lane>
struct LaneKernel {
  void (*run)(const ProductSums<Lane>&);
  unsigned lanes;
  arithmetic::ProductWindow window;
};

/// The ifmap tile in the forms that products need.
template <class Lane>
class Tile {
 public:
  Tile(std::size_t words, unsigned vector_lanes) : words_(words), vector_lanes_(vector_lanes) {}

  void need_scalars() { scalars_needed_ = true; }
  /// Words `step` apart shall be neighbours. The first one asked for holds.
  void need_vectors(std::uint32_t step) {
    if (step_ == 0) step_ = step;
  }
  [[nodiscard]] std::uint32_t step() const { return step_; }
  /// Index of a word in vectors().
  [[nodiscard]] std::uint32_t index(std::uint32_t word) const {
    return word % step_ * stretch() + word / step_;
  }

  void load(const Word* ifmap) {
    if (scalars_needed_) load_scalars(ifmap);
    if (step_ > 0) load_vectors(ifmap);
  }
  [[nodiscard]] const std::int32_t* scalars() const { return scalars_; }
  /// A vector may begin at any word and go beyond the last.
  [[nodiscard]] const Lane* vectors() const { return vectors_.data(); }

 private:
  [[nodiscard]] std::uint32_t stretch() const {
    return static_cast<std::uint32_t>(ceil_div(words_, step_));
  }
  void load_scalars(const Word* ifmap) {
    if constexpr (sizeof(Lane) == sizeof(Word)) {
      scalars_ = ifmap;
    } else {
      own_scalars_.resize(words_);
      for (std::size_t i = 0; i < words_; ++i) own_scalars_[i] = scalar<Lane>(ifmap[i]);
      scalars_ = own_scalars_.data();
    }
  }
  void load_vectors(const Word* ifmap) {
    vectors_.resize(std::size_t{stretch()} * step_ + vector_lanes_);
    for (std::uint32_t first = 0; first < step_; ++first) {
      Lane* to = vectors_.data() + std::size_t{first} * stretch();
      for (std::size_t i = first; i < words_; i += step_) *to++ = static_cast<Lane>(ifmap[i]);
    }
  }

  std::size_t words_;
  unsigned vector_lanes_;
  bool scalars_needed_ = false;
  std::uint32_t step_ = 0;  ///< 0: no vectors needed
  const std::int32_t* scalars_ = nullptr;
  std::vector<std::int32_t> own_scalars_;
  std::vector<Lane> vectors_;
};

/// What becomes of finished sums: they are added to their psums, or set these.
struct PsumAccess {
  bool reads = false;
  unsigned psum_bits = 32;
};

/// A sum of 16 bits belongs to a psum of no more, so that its sign does not matter.
template <class Lane>
using Unsigned = std::conditional_t<sizeof(Lane) == 2, std::uint16_t, std::uint32_t>;

template <bool kReads, class Lane>
[[gnu::always_inline]] inline void put_psum(const Lane* sum, Word* psum, unsigned unused) {
  std::uint32_t raw = static_cast<Unsigned<Lane>>(*sum);
  if constexpr (kReads) raw += static_cast<std::uint32_t>(*psum);
  *psum = static_cast<Word>(raw << unused) >> unused;
}

/// Four neighbours: a packet of 16-bit psums on a bus of 64 bits.
template <bool kReads, class Lane>
[[gnu::always_inline]] inline void put_four_psums(const Lane* sums, Word* psums, unsigned unused) {
  using Lanes4 [[gnu::vector_size(4 * sizeof(Lane))]] = Unsigned<Lane>;
  using Signed4 [[gnu::vector_size(16)]] = std::int32_t;
  using Unsigned4 [[gnu::vector_size(16)]] = std::uint32_t;
  Lanes4 lanes;
  std::memcpy(&lanes, sums, sizeof(lanes));
  Unsigned4 raw = __builtin_convertvector(lanes, Unsigned4);
  if constexpr (kReads) {
    Unsigned4 old;
    std::memcpy(&old, psums, sizeof(old));
    raw += old;
  }
  const int shift = static_cast<int>(unused);
  const Signed4 wrapped = reinterpret_cast<Signed4>(raw << shift) >> shift;
  std::memcpy(psums, &wrapped, sizeof(wrapped));
}

/// Vectors run along the lanes: rows of sums are positions.
template <class Lane>
class AlongLanes {
 public:
  AlongLanes(const MatrixProduct& product, const LaneKernel<Lane>& kernel)
      : product_(product),
        kernel_(kernel),
        padded_(static_cast<std::uint32_t>(ceil_div(product.lanes, kernel.lanes)) * kernel.lanes),
        filters_(std::size_t{padded_} * product.taps.size(), 0) {
    for (std::uint32_t first = 0; first < padded_; first += kernel.lanes) columns_.push_back(first);
    for (std::uint32_t t = 0; t < product.taps.size(); ++t) {
      taps_.push_back({product.taps[t], t * padded_});
    }
    sums_.resize(std::size_t{kPositions} * padded_);
  }

  /// Vector operations of a tap.
  [[nodiscard]] static std::uint64_t cost(const MatrixProduct& product, unsigned vector_lanes) {
    return product.positions.size() * ceil_div(product.lanes, vector_lanes);
  }

  void run(const dataflow::PassWords& words, const Tile<Lane>& tile, const PsumAccess& access) {
    load_filters(words.filters);
    ProductSums<Lane> sums;
    sums.scalars = tile.scalars();
    sums.vectors = filters_.data();
    sums.columns = columns_.data();
    sums.column_count = columns_.size();
    sums.taps = taps_.data();
    sums.tap_count = taps_.size();
    sums.sums = sums_.data();
    sums.row_stride = padded_;
    sums.window = kernel_.window;
    for (std::size_t first = 0; first < product_.positions.size(); first += kPositions) {
      sums.rows = product_.positions.data() + first;
      sums.row_count = std::min(kPositions, product_.positions.size() - first);
      kernel_.run(sums);
      if (access.reads) {
        put_psums<true>(first, sums.row_count, words, 32 - access.psum_bits);
      } else {
        put_psums<false>(first, sums.row_count, words, 32 - access.psum_bits);
      }
    }
  }

 private:
  /// Positions whose sums are computed before they are put away: they stay in the first cache.
  static constexpr std::size_t kPositions = 64;

  void load_filters(const Word* filters) {
    const std::uint32_t* words = product_.filter_words.data();
    for (std::size_t t = 0; t < product_.taps.size(); ++t) {
      Lane* to = filters_.data() + t * padded_;
      for (std::uint32_t k = 0; k < product_.lanes; ++k)
        to[k] = static_cast<Lane>(filters[*words++]);
    }
  }

  /// Packet by packet, for the rows of neighbouring positions are mostly neighbours.
  template <bool kReads>
  void put_psums(std::size_t first, std::size_t positions, const dataflow::PassWords& words,
                 unsigned unused) const {
    const std::uint32_t* rows = product_.psum_rows.data() + first;
    const std::size_t row_words = words.psum_row_words;
    const std::size_t stride = padded_;
    const Lane* sums = sums_.data();
    for (const LanePacket& packet : product_.packets) {
      Word* psums = words.psums + packet.row * row_words;
      if (packet.words == 4) {
        for (std::size_t i = 0; i < positions; ++i) {
          put_four_psums<kReads>(sums + i * stride, psums + rows[i] * row_words, unused);
        }
      } else {
        for (std::size_t i = 0; i < positions; ++i) {
          for (std::uint32_t k = 0; k < packet.words; ++k) {
            put_psum<kReads>(sums + i * stride + k, psums + rows[i] * row_words + k, unused);
          }
        }
      }
      sums += packet.words;
    }
  }

  const MatrixProduct& product_;
  LaneKernel<Lane> kernel_;
  std::uint32_t padded_;
  std::vector<std::uint32_t> columns_;
  std::vector<TapOffset> taps_;
  std::vector<Lane> filters_;  ///< [taps][padded lanes]
  std::vector<Lane> sums_;     ///< [kPositions][padded lanes]
};

/// Vectors run along the positions, where there are few lanes: rows of sums are lanes.
///
/// A vector begins at a position and covers those after it that lie a multiple of Tile::step()
/// words further; what lies between them is computed for nothing.
template <class Lane>
class AlongPositions {
 public:
  /// Vectors over all positions, by remainder of their first word.
  struct Cover {
    std::uint32_t step = 1;
    std::vector<std::uint32_t> first_words;  ///< [vectors] of the ifmap tile
    std::vector<std::uint32_t> slots;        ///< [positions] lane of all vectors
  };

  [[nodiscard]] static Cover cover(const MatrixProduct& product, std::uint32_t step,
                                   unsigned vector_lanes) {
    std::vector<std::uint32_t> order(product.positions.size());
    std::iota(order.begin(), order.end(), 0U);
    const auto key = [&](std::uint32_t i) {
      return std::make_pair(product.positions[i] % step, product.positions[i]);
    };
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return key(a) < key(b); });
    Cover cover;
    cover.step = step;
    cover.slots.resize(order.size());
    for (const std::uint32_t i : order) {
      const std::uint32_t word = product.positions[i];
      if (cover.first_words.empty() || cover.first_words.back() % step != word % step ||
          (word - cover.first_words.back()) / step >= vector_lanes) {
        cover.first_words.push_back(word);
      }
      const auto vector = static_cast<std::uint32_t>(cover.first_words.size() - 1);
      cover.slots[i] = vector * vector_lanes + (word - cover.first_words.back()) / step;
    }
    return cover;
  }

  /// Least distance of two positions.
  [[nodiscard]] static std::uint32_t step(const MatrixProduct& product) {
    std::vector<std::uint32_t> words = product.positions;
    std::sort(words.begin(), words.end());
    std::uint32_t least = 0;
    for (std::size_t i = 1; i < words.size(); ++i) {
      const std::uint32_t distance = words[i] - words[i - 1];
      if (distance > 0 && (least == 0 || distance < least)) least = distance;
    }
    return std::max(least, 1U);
  }

  AlongPositions(const MatrixProduct& product, const LaneKernel<Lane>& kernel, Cover cover,
                 const Tile<Lane>& tile)
      : product_(product),
        kernel_(kernel),
        slots_(std::move(cover.slots)),
        slot_count_(cover.first_words.size() * kernel.lanes),
        filters_(product.filter_words.size()),
        sums_(slot_count_ * product.lanes) {
    for (std::uint32_t k = 0; k < product.lanes; ++k) rows_.push_back(k);
    for (const std::uint32_t word : cover.first_words) {
      const std::uint32_t remainder = word % cover.step;
      if (parts_.empty() || parts_.back().remainder != remainder) {
        parts_.push_back({remainder, {}, {}});
        for (std::uint32_t t = 0; t < product.taps.size(); ++t) {
          parts_.back().taps.push_back(
              {t * product.lanes, tile.index(remainder + product.taps[t])});
        }
      }
      parts_.back().columns.push_back(word / cover.step);
    }
  }

  void run(const dataflow::PassWords& words, const Tile<Lane>& tile, const PsumAccess& access) {
    for (std::size_t i = 0; i < filters_.size(); ++i) {
      filters_[i] = scalar<Lane>(words.filters[product_.filter_words[i]]);
    }
    ProductSums<Lane> sums;
    sums.scalars = filters_.data();
    sums.vectors = tile.vectors();
    sums.rows = rows_.data();
    sums.row_count = rows_.size();
    sums.sums = sums_.data();
    sums.row_stride = slot_count_;
    sums.window = kernel_.window;
    for (const Part& part : parts_) {
      sums.columns = part.columns.data();
      sums.column_count = part.columns.size();
      sums.taps = part.taps.data();
      sums.tap_count = part.taps.size();
      kernel_.run(sums);
      sums.sums += part.columns.size() * kernel_.lanes;
    }
    if (access.reads) {
      put_psums<true>(words, 32 - access.psum_bits);
    } else {
      put_psums<false>(words, 32 - access.psum_bits);
    }
  }

 private:
  /// Vectors whose first words have the same remainder of the step, so that they find each tap at
  /// the same distance.
  struct Part {
    std::uint32_t remainder = 0;
    std::vector<std::uint32_t> columns;
    std::vector<TapOffset> taps;
  };

  template <bool kReads>
  void put_psums(const dataflow::PassWords& words, unsigned unused) const {
    const std::uint32_t* rows = product_.psum_rows.data();
    const std::size_t row_words = words.psum_row_words;
    const Lane* sums = sums_.data();
    for (const LanePacket& packet : product_.packets) {
      for (std::uint32_t k = 0; k < packet.words; ++k) {
        Word* psums = words.psums + packet.row * row_words + k;
        for (std::size_t i = 0; i < slots_.size(); ++i) {
          put_psum<kReads>(sums + slots_[i], psums + rows[i] * row_words, unused);
        }
        sums += slot_count_;
      }
    }
  }

  const MatrixProduct& product_;
  LaneKernel<Lane> kernel_;
  std::vector<std::uint32_t> slots_;
  std::size_t slot_count_;
  std::vector<std::uint32_t> rows_;
  std::vector<Part> parts_;
  std::vector<std::int32_t> filters_;  ///< [taps][lanes]
  std::vector<Lane> sums_;             ///< [lanes][slots]
};

template <class Lane>
class IntegerPass final : public CompiledPass {
 public:
  IntegerPass(PassPlan plan, const arithmetic::MacFormat& format, const LaneKernel<Lane>& kernel)
      : plan_(std::move(plan)),
        access_{plan_.reads_psums, format.psum_bits},
        tile_(plan_.macs_on_word.size(), kernel.lanes) {
    using Few = AlongPositions<Lane>;
    for (const MatrixProduct& product : plan_.products) {
      const std::uint32_t step = tile_.step() > 0 ? tile_.step() : Few::step(product);
      auto cover = Few::cover(product, step, kernel.lanes);
      const std::uint64_t few_cost = cover.first_words.size() * product.lanes;
      // Sums along the positions have to be turned to get to their psum rows.
      if (few_cost * 4 < AlongLanes<Lane>::cost(product, kernel.lanes) * 3) {
        tile_.need_vectors(step);
        few_.emplace_back(product, kernel, std::move(cover), tile_);
      } else {
        tile_.need_scalars();
        many_.emplace_back(product, kernel);
      }
    }
  }

  void run(const dataflow::PassWords& words) override {
    tile_.load(words.ifmap);
    for (AlongLanes<Lane>& product : many_) product.run(words, tile_, access_);
    for (AlongPositions<Lane>& product : few_) product.run(words, tile_, access_);
  }

 private:
  const PassPlan plan_;
  const PsumAccess access_;
  Tile<Lane> tile_;
  std::vector<AlongLanes<Lane>> many_;
  std::vector<AlongPositions<Lane>> few_;
};

}  // namespace

std::unique_ptr<CompiledPass> compile_integer_pass(PassPlan plan,
                                                   const arithmetic::MacFormat& format,
                                                   const IntegerKernel& kernel) {
  // Where the psum's own wrap cuts at least as much, a product need not be cut.
  const bool cut_by_psum = format.window.bits >= format.psum_bits;
  if (kernel.narrow != nullptr && cut_by_psum && format.psum_bits <= 16) {
    const LaneKernel<std::int16_t> narrow{kernel.narrow, kernel.narrow_lanes, format.window};
    return std::make_unique<IntegerPass<std::int16_t>>(std::move(plan), format, narrow);
  }
  LaneKernel<std::int32_t> wide{kernel.wide, kernel.wide_lanes, format.window};
  if (cut_by_psum) wide.window.bits = 32;
  return std::make_unique<IntegerPass<std::int32_t>>(std::move(plan), format, wide);
}

}  // namespace rowan::functional
