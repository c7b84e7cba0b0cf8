// SPDX-License-Identifier: Apache-2.0
#include "models/functional/layer_execution.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <variant>

#include "models/base/error.h"
#include "models/dataflow/fmap_frames.h"
#include "models/dataflow/unit_operations.h"
#include "models/functional/executor.h"
#include "models/spec/derived.h"

namespace rowan::functional {
namespace {

using arithmetic::Word;

dataflow::FrameCoding coding_of(bool coded) {
  return coded ? dataflow::FrameCoding::kRunLength : dataflow::FrameCoding::kPacked;
}

/// The GLB's tiles of a kind: a later one takes the place of the last but one.
class Tiles {
 public:
  Tiles(const char* kind, std::size_t words) : kind_(kind), words_(words) {}

  /// Words of a tile that is new, zero, or of one that is there.
  std::vector<Word>& start(std::uint64_t number) {
    Tile& tile = tiles_[number % tiles_.size()];
    if (tile.number != number) {
      tile.number = number;
      tile.words.assign(words_, 0);
    }
    return tile.words;
  }
  [[nodiscard]] std::vector<Word>& at(std::uint64_t number) {
    Tile& tile = tiles_[number % tiles_.size()];
    if (tile.number != number) {
      throw HardwareError("functional executor: " + std::string(kind_) + " tile " +
                          std::to_string(number) + " is not there");
    }
    return tile.words;
  }

 private:
  struct Tile {
    std::optional<std::uint64_t> number;
    std::vector<Word> words;
  };
  const char* kind_;
  std::size_t words_;
  std::array<Tile, 2> tiles_;
};

/// Carries out steps, one after the other.
class StepRunner {
 public:
  StepRunner(const LayerWork& work, const spec::AcceleratorSpec& accelerator,
             std::vector<std::uint8_t>& memory, std::vector<std::uint8_t>& resident)
      : type_(arithmetic::pe_type(accelerator.pe.type)),
        post_processing_(work.post_processing),
        psum_row_words_(spec::psum_packet(accelerator).words.value()),
        executor_(type_, work.mac),
        memory_(memory),
        resident_(resident),
        ifmap_("ifmap", work.buffers.ifmap_words),
        psums_("psum", work.buffers.psum_rows * psum_row_words_) {}

  void operator()(const dataflow::LoadTile& tile) {
    const dataflow::PlaneWindow& window = tile.window;
    const std::size_t plane_words = std::size_t{window.plane_rows} * window.plane_columns;
    std::vector<Word>& words = ifmap_.start(tile.number);
    check(plane_words * tile.planes <= words.size(), "an ifmap tile is larger than its buffer");
    const std::vector<std::uint8_t>& memory = memory_of(tile.place);
    check_memory(memory, tile.address, tile.bytes);
    dataflow::FrameReader reader(memory.data() + tile.address, tile.bytes, type_.activation_bits,
                                 coding_of(tile.coded));
    frame_.resize(std::size_t{window.rows} * window.columns);
    for (std::size_t plane = 0; plane < tile.planes; ++plane) {
      reader.read(frame_);
      dataflow::place_frame(window, frame_, words.data() + plane * plane_words);
    }
  }

  void operator()(const dataflow::Pass& pass) {
    load_filters(pass);
    const std::vector<Word>& ifmap = ifmap_.at(pass.ifmap_tile);
    std::vector<Word>& psums = psums_.start(pass.psum_tile);
    ++counts_.passes;
    if (pass.shape->unit) {
      carry_out(*pass.shape->unit, pass.psum_row, ifmap, psums);
      return;
    }
    check_buffers(pass, ifmap.size(), psums.size() / psum_row_words_);
    const dataflow::PassWords words{ifmap.data(), filters_.data(),
                                    psums.data() + std::size_t{pass.psum_row} * psum_row_words_,
                                    psum_row_words_};
    counts_.macs_on_zero += executor_.execute(pass.shape, words).macs_on_zero;
    counts_.macs += pass.shape->macs;
  }

  void operator()(const dataflow::StoreTile& tile) {
    const dataflow::PsumTileShape& shape = *tile.shape;
    const std::vector<Word>& psums = psums_.at(tile.number);
    coded_.clear();
    dataflow::FrameWriter writer(coded_, type_.activation_bits, coding_of(tile.coded));
    for (std::size_t i = 0; i < shape.planes.size(); ++i) {
      const dataflow::PlaneLayout& plane = shape.planes[i];
      const unsigned shift = post_processing_.shift_of(tile.channels.of(i));
      frame_.clear();
      for (const std::uint32_t first : plane.first_row) {
        for (std::size_t column = 0; column < shape.columns; ++column) {
          const std::size_t row = first + column * plane.column_stride;
          frame_.push_back(ofmap_word(psums.at(row * psum_row_words_ + plane.lane), shift));
        }
      }
      writer.add(frame_);
    }
    writer.finish();
    std::vector<std::uint8_t>& memory = memory_of(tile.place);
    check_memory(memory, tile.address, coded_.size());
    std::copy(coded_.begin(), coded_.end(),
              memory.begin() + static_cast<std::ptrdiff_t>(tile.address));
  }

  [[nodiscard]] const LayerCounts& counts() const { return counts_; }

  [[nodiscard]] PassState state_before(const dataflow::Pass& pass) {
    load_filters(pass);
    return {pass, ifmap_.at(pass.ifmap_tile), filters_, psums_.start(pass.psum_tile)};
  }

 private:
  void load_filters(const dataflow::Pass& pass) {
    const std::uint64_t bytes = dataflow::packed_bytes(pass.shape->filter_words, type_.weight_bits);
    check_memory(memory_, pass.filter_address, bytes);
    filters_.resize(pass.shape->filter_words);
    dataflow::FrameReader(memory_.data() + pass.filter_address, bytes, type_.weight_bits,
                          dataflow::FrameCoding::kPacked)
        .read(filters_);
  }

  static void check(bool fits, const char* otherwise) {
    if (!fits) throw HardwareError(std::string("functional executor: ") + otherwise);
  }
  static void check_memory(const std::vector<std::uint8_t>& memory, std::uint64_t address,
                           std::uint64_t bytes) {
    check(address <= memory.size() && bytes <= memory.size() - address,
          "an access beyond the memory");
  }
  [[nodiscard]] std::vector<std::uint8_t>& memory_of(dataflow::FmapPlace place) {
    return place == dataflow::FmapPlace::kResident ? resident_ : memory_;
  }

  void carry_out(const dataflow::UnitPass& unit, std::uint32_t first_row,
                 const std::vector<Word>& ifmap, std::vector<Word>& psums) const {
    check(std::size_t{unit.planes + unit.second_planes} * unit.rows * unit.columns <= ifmap.size(),
          "a unit pass reads beyond the ifmap tile");
    const std::vector<Word> results = dataflow::unit_results(unit, ifmap.data(), filters_.data());
    auto result = results.begin();
    const dataflow::PsumTileShape& shape = *unit.results;
    for (const dataflow::PlaneLayout& plane : shape.planes) {
      for (const std::uint32_t first : plane.first_row) {
        for (std::size_t column = 0; column < shape.columns; ++column) {
          const std::size_t row = first_row + first + column * plane.column_stride;
          psums.at(row * psum_row_words_ + plane.lane) = *result++;
        }
      }
    }
  }

  void check_buffers(const dataflow::Pass& pass, std::size_t ifmap_words, std::size_t psum_rows) {
    if (pass.shape != shape_) {
      shape_ = pass.shape;
      last_ifmap_word_ = shape_->ifmap.last_word();
      last_psum_row_ = shape_->psum_out.last_row();
    }
    check(last_ifmap_word_ < ifmap_words, "a pass reads beyond the ifmap tile");
    check(pass.psum_row + last_psum_row_ < psum_rows, "a pass goes beyond the psum tile");
  }

  [[nodiscard]] Word ofmap_word(Word psum, unsigned shift) const {
    if (post_processing_.numbers == arithmetic::Numbers::kFloat) {
      // Negative numbers have the sign bit; the one NaN has not.
      return post_processing_.relu ? std::max(psum, 0) : psum;
    }
    const std::int64_t divisor = std::int64_t{1} << shift;
    std::int64_t word = psum;
    if (post_processing_.relu) word = std::max<std::int64_t>(word, 0);
    word = (word + divisor / 2) >> shift;
    const std::int64_t end = std::int64_t{1} << (post_processing_.activation_bits - 1);
    return static_cast<Word>(std::clamp(word, -end, end - 1));
  }

  const arithmetic::PeType& type_;
  const arithmetic::OfmapRule post_processing_;
  const std::size_t psum_row_words_;
  Executor executor_;
  std::vector<std::uint8_t>& memory_;
  std::vector<std::uint8_t>& resident_;
  Tiles ifmap_;
  Tiles psums_;
  LayerCounts counts_;
  std::shared_ptr<const dataflow::PassShape> shape_;  ///< of the last pass
  std::uint64_t last_ifmap_word_ = 0;                 ///< that it takes
  std::uint64_t last_psum_row_ = 0;                   ///< that it works on, from its first
  std::vector<Word> filters_;                         ///< of a pass
  std::vector<Word> frame_;
  std::vector<std::uint8_t> coded_;  ///< an ofmap tile
};

}  // namespace

LayerCounts run_layer(const LayerWork& work, const spec::AcceleratorSpec& accelerator,
                      std::vector<std::uint8_t>& memory, std::vector<std::uint8_t>& resident) {
  StepRunner runner(work, accelerator, memory, resident);
  const std::unique_ptr<dataflow::Schedule> steps = work.schedule->restart();
  dataflow::Step step;
  while (steps->next(step)) std::visit(runner, step);
  return runner.counts();
}

LayerCounts run_layer(const LayerWork& work, const spec::AcceleratorSpec& accelerator,
                      std::vector<std::uint8_t>& memory) {
  std::vector<std::uint8_t> resident;
  return run_layer(work, accelerator, memory, resident);
}

std::optional<PassState> state_before(std::uint64_t number, const LayerWork& work,
                                      const spec::AcceleratorSpec& accelerator,
                                      std::vector<std::uint8_t>& memory,
                                      std::vector<std::uint8_t>& resident) {
  StepRunner runner(work, accelerator, memory, resident);
  const std::unique_ptr<dataflow::Schedule> steps = work.schedule->restart();
  dataflow::Step step;
  while (steps->next(step)) {
    const auto* pass = std::get_if<dataflow::Pass>(&step);
    if (pass != nullptr && pass->number == number) return runner.state_before(*pass);
    std::visit(runner, step);
  }
  return std::nullopt;
}

}  // namespace rowan::functional
