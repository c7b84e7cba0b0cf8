// SPDX-License-Identifier: Apache-2.0
#include "tests/support/clocked_dram.h"

#include <algorithm>

#include "models/base/error.h"
#include "tests/support/clocked_run_length.h"

namespace rowan::support {
namespace {

using arithmetic::Word;

constexpr std::uint64_t kPsPerNs = 1000;

}  // namespace

ClockedDram::ClockedDram(const spec::AcceleratorSpec& spec, const LayerArithmetic& arithmetic,
                         Link link, const ClockedSteps& steps, const ClockedController& controller,
                         ClockedBuffer& buffer, std::vector<std::uint8_t>& memory,
                         std::vector<std::uint8_t>& resident)
    : spec_(spec),
      arithmetic_(arithmetic),
      post_processing_(spec.pe, arithmetic),
      link_(link),
      steps_(steps),
      controller_(controller),
      buffer_(buffer),
      memory_(memory),
      resident_(resident),
      core_clock_(spec.clock),
      link_clock_(spec.dram.link_clock),
      buffers_(spec.dram.overlap == spec::DramOverlap::kDoubleBuffer ? 2 : 1),
      filters_ready_(steps.passes.size(), kNever),
      tile_ready_(steps.loads.size(), kNever),
      store_ended_(steps.stores.size(), kNever) {}

void ClockedDram::arrive(std::uint64_t now, ActivityCounts& counts) {
  while (!in_flight_.empty() && in_flight_.front().arrival <= now) {
    const Burst burst = in_flight_.front();
    in_flight_.pop_front();
    land(burst, now, counts);
  }
  if (on_path_ && --rows_left_ == 0) {
    land(*on_path_, now, counts);
    on_path_.reset();
  }
  skip_empty_tiles(now, counts);
  skip_empty_blocks(now);
}

void ClockedDram::land(const Burst& burst, std::uint64_t now, ActivityCounts& counts) {
  const std::uint64_t end = burst.offset + burst.bytes;
  switch (burst.kind) {
    case Kind::kFilter:
      fill_ring(burst.index, burst, counts);
      if (end == filter_block_bytes(burst.index)) filters_ready_[burst.index] = now + 1;
      break;
    case Kind::kIfmap:
      if (end == steps_.loads[burst.index].bytes) {
        unpack_tile(burst.index, counts);
        tile_ready_[burst.index] = now + 1;
      }
      break;
    case Kind::kOfmap: {
      const Outgoing& tile = outgoing_[burst.index];
      const dataflow::StoreTile& store = steps_.stores[burst.index];
      std::copy_n(tile.bytes.begin() + static_cast<std::ptrdiff_t>(burst.offset), burst.bytes,
                  bytes_of(store.place).begin() +
                      static_cast<std::ptrdiff_t>(store.address + burst.offset));
      if (end == tile.bytes.size()) {
        store_ended_[burst.index] = now;
        ++stores_ended_;
      }
      break;
    }
  }
}

std::vector<std::uint8_t>& ClockedDram::bytes_of(dataflow::FmapPlace place) {
  return place == dataflow::FmapPlace::kDram ? memory_ : resident_;
}

bool ClockedDram::may_release(std::size_t pass, std::uint64_t now) const {
  const dataflow::Pass& step = steps_.passes[pass];
  if (!psum_buffer_free(step.psum_tile, now)) return false;
  switch (link_) {
    case Link::kReal:
      return tile_ready_[step.ifmap_tile] <= now && filters_ready_[pass] <= now;
    case Link::kIdeal: {
      // All earlier passes are released, so their filters are or were in the ring.
      Burst block;
      block.bytes = filter_block_bytes(pass);
      return ifmap_buffer_free(step.ifmap_tile, now) &&
             buffer_.ring.has_room(filter_words(pass, block));
    }
  }
  return false;
}

bool ClockedDram::ifmap_buffer_free(std::size_t load, std::uint64_t now) const {
  return load < buffers_ ||
         controller_.drained_before(steps_.last_pass_of_load[load - buffers_], now);
}

bool ClockedDram::psum_buffer_free(std::size_t store, std::uint64_t now) const {
  if (store < buffers_) return true;
  // With the ideal link a store ends in the cycle of the drain.
  return link_ == Link::kReal
             ? store_ended_[store - buffers_] < now
             : controller_.drained_before(steps_.last_pass_of_store[store - buffers_], now);
}

// A tile without bytes, all zeros by shape, takes no burst and no cycle: its turn has come when the
// tile before issued its last burst in an earlier cycle, and it is ready as soon as its buffer is
// free.
void ClockedDram::skip_empty_tiles(std::uint64_t now, ActivityCounts& counts) {
  if (link_ == Link::kIdeal || now < controller_.configured()) return;
  while (load_ < steps_.loads.size() && steps_.loads[load_].bytes == 0 &&
         ifmap_buffer_free(load_, now)) {
    unpack_tile(load_, counts);
    tile_ready_[load_++] = now;
  }
}

// As with tiles: a block without words is ready when its turn has come.
void ClockedDram::skip_empty_blocks(std::uint64_t now) {
  if (link_ == Link::kIdeal || now < controller_.configured()) return;
  while (filter_pass_ < steps_.passes.size() && filter_block_bytes(filter_pass_) == 0) {
    filters_ready_[filter_pass_++] = now;
  }
}

void ClockedDram::issue(std::uint64_t now, ActivityCounts& counts) {
  if (link_ == Link::kIdeal || now < controller_.configured()) return;
  // A store is queued in the cycle after the drain of its tile's last pass.
  while (outgoing_.size() < steps_.stores.size() &&
         controller_.drained_before(steps_.last_pass_of_store[outgoing_.size()], now)) {
    outgoing_.push_back(pack_tile(outgoing_.size(), now, counts));
  }
  if (issue_filters(now, counts)) return;
  if (issue_ifmap(now, counts)) return;
  (void)issue_ofmap(now, counts);
}

bool ClockedDram::way_is_free(dataflow::FmapPlace place) const {
  return place == dataflow::FmapPlace::kDram ? in_flight_.size() < spec_.dram.outstanding_bursts
                                             : !on_path_.has_value();
}

bool ClockedDram::issue_filters(std::uint64_t now, ActivityCounts& counts) {
  if (filter_pass_ == steps_.passes.size()) return false;
  if (!way_is_free(dataflow::FmapPlace::kDram)) return false;
  Burst burst;
  burst.kind = Kind::kFilter;
  burst.index = filter_pass_;
  burst.offset = filter_offset_;
  burst.bytes = burst_bytes(filter_offset_, filter_block_bytes(filter_pass_));
  const std::uint64_t words = filter_words(filter_pass_, burst);
  if (!buffer_.ring.has_room(words)) return false;
  buffer_.ring.reserve(words);
  send(burst, dataflow::FmapPlace::kDram, now, counts);
  filter_offset_ += burst.bytes;
  if (filter_offset_ == filter_block_bytes(filter_pass_)) {
    ++filter_pass_;
    filter_offset_ = 0;
  }
  return true;
}

bool ClockedDram::issue_ifmap(std::uint64_t now, ActivityCounts& counts) {
  if (load_ == steps_.loads.size() || !ifmap_buffer_free(load_, now)) return false;
  const dataflow::FmapPlace place = steps_.loads[load_].place;
  if (steps_.loads[load_].bytes == 0 || !way_is_free(place)) return false;
  Burst burst;
  burst.kind = Kind::kIfmap;
  burst.index = load_;
  burst.offset = load_offset_;
  burst.bytes = burst_bytes(load_offset_, steps_.loads[load_].bytes);
  send(burst, place, now, counts);
  load_offset_ += burst.bytes;
  if (load_offset_ == steps_.loads[load_].bytes) {
    ++load_;
    load_offset_ = 0;
  }
  return true;
}

bool ClockedDram::issue_ofmap(std::uint64_t now, ActivityCounts& counts) {
  if (store_ == outgoing_.size()) return false;
  const Outgoing& tile = outgoing_[store_];
  const dataflow::FmapPlace place = steps_.stores[store_].place;
  if (!way_is_free(place)) return false;
  Burst burst;
  burst.kind = Kind::kOfmap;
  burst.index = store_;
  burst.offset = store_offset_;
  burst.bytes = burst_bytes(store_offset_, tile.bytes.size());
  // Words of the tile up to the last one that the burst holds; padding holds none.
  const std::uint64_t entries = std::min<std::uint64_t>(
      ceil_div((burst.offset + burst.bytes) * 8, tile.bits_per_entry), tile.words_so_far.size());
  const std::uint64_t words = tile.words_so_far[entries - 1];
  if (now < tile.queued + ceil_div(words, spec_.post_processing.lanes)) return false;
  send(burst, place, now, counts);
  store_offset_ += burst.bytes;
  if (store_offset_ == tile.bytes.size()) {
    ++store_;
    store_offset_ = 0;
  }
  return true;
}

std::uint64_t ClockedDram::burst_bytes(std::uint64_t offset, std::uint64_t total) const {
  return std::min(spec_.dram.burst.value(), total - offset);
}

void ClockedDram::send(Burst burst, dataflow::FmapPlace place, std::uint64_t now,
                       ActivityCounts& counts) {
  if (place == dataflow::FmapPlace::kDram) {
    send_over_link(burst, now, counts);
    return;
  }
  on_path_ = burst;
  for (std::uint64_t bits = 0; bits < burst.bytes * 8;
       bits += spec_.global_buffer.row_width.value()) {
    ++rows_left_;
  }
}

void ClockedDram::send_over_link(Burst burst, std::uint64_t now, ActivityCounts& counts) {
  const std::uint64_t ready = core_clock_.edge_ps(now) + spec_.dram.latency.value() * kPsPerNs;
  const std::uint64_t start = std::max(link_clock_.first_edge_at_or_after(ready), link_free_edge_);
  link_free_edge_ = start + ceil_div(burst.bytes, spec_.dram.link_width.value() / 8);
  burst.arrival = core_clock_.first_edge_at_or_after(link_clock_.edge_ps(link_free_edge_));
  in_flight_.push_back(burst);
  counts.add(Counter::kDramBurst, 1);
  switch (burst.kind) {
    case Kind::kFilter:
      counts.add(Counter::kDramFilterRead, burst.bytes);
      break;
    case Kind::kIfmap:
      counts.add(Counter::kDramIfmapRead, burst.bytes);
      break;
    case Kind::kOfmap:
      counts.add(Counter::kDramOfmapWrite, burst.bytes);
      break;
  }
}

std::uint64_t ClockedDram::filter_block_bytes(std::size_t pass) const {
  const std::uint64_t words = steps_.passes[pass].shape->filter_words;
  return ceil_div(words * arithmetic_.weight_bits, 64) * 8;
}

std::uint64_t ClockedDram::filter_words(std::size_t pass, const Burst& burst) const {
  const std::uint64_t total = steps_.passes[pass].shape->filter_words;
  const auto words_in = [&](std::uint64_t bytes) {
    return std::min(total, bytes * 8 / arithmetic_.weight_bits);
  };
  return words_in(burst.offset + burst.bytes) - words_in(burst.offset);
}

void ClockedDram::fill_ring(std::size_t pass, const Burst& burst, ActivityCounts& counts) {
  const std::uint64_t words = filter_words(pass, burst);
  const unsigned bits = arithmetic_.weight_bits;
  const std::uint64_t block = steps_.passes[pass].filter_address * 8;
  const std::uint64_t first = burst.offset * 8 / bits;  // a word before it ends in this burst
  for (std::uint64_t i = first; i < first + words; ++i) {
    buffer_.ring.fill(memory_word(memory_, block + i * bits, bits));
  }
  counts.add(Counter::kGlbFilterWrite, words);
}

Word ClockedDram::memory_word(const std::vector<std::uint8_t>& memory, std::uint64_t first_bit,
                              unsigned bits) {
  std::int64_t word = 0;
  for (unsigned i = 0; i < bits; ++i) {
    const std::uint64_t bit = first_bit + i;
    word |= std::int64_t{memory.at(bit / 8) >> (bit % 8) & 1} << i;
  }
  return arithmetic::wrap(word, bits);
}

void ClockedDram::unpack_tile(std::size_t load, ActivityCounts& counts) {
  const dataflow::LoadTile& step = steps_.loads[load];
  const dataflow::PlaneWindow& window = step.window;
  const std::uint64_t frame_words = std::uint64_t{window.rows} * window.columns;
  const std::vector<std::uint8_t>& memory = bytes_of(step.place);
  std::vector<std::uint64_t> code;
  if (step.coded) {
    for (std::uint64_t at = 0; at < step.bytes; at += 8) {
      const auto low = static_cast<std::uint32_t>(memory_word(memory, (step.address + at) * 8, 32));
      const auto high =
          static_cast<std::uint32_t>(memory_word(memory, (step.address + at + 4) * 8, 32));
      code.push_back(std::uint64_t{high} << 32 | low);
    }
  }
  std::size_t position = 0;
  std::uint64_t bit = step.address * 8;
  std::vector<Word>& tile = buffer_.ifmap_tiles[load];
  for (std::uint32_t p = 0; p < step.planes; ++p) {
    std::vector<Word> frame;
    if (step.coded) {
      frame = decode_frame(code, position, frame_words, arithmetic_.activation_bits);
    } else {
      for (std::uint64_t i = 0; i < frame_words; ++i, bit += arithmetic_.activation_bits) {
        frame.push_back(memory_word(memory, bit, arithmetic_.activation_bits));
      }
    }
    const std::size_t first = tile.size();
    tile.resize(first + std::size_t{window.plane_rows} * window.plane_columns);
    for (std::uint32_t row = 0; row < window.rows; ++row) {
      for (std::uint32_t column = 0; column < window.columns; ++column) {
        const std::size_t y = window.first_row + std::size_t{row} * window.row_step;
        const std::size_t x = window.first_column + std::size_t{column} * window.column_step;
        tile[first + y * window.plane_columns + x] =
            frame[std::size_t{row} * window.columns + column];
      }
    }
  }
  if (position != code.size()) throw HardwareError("clocked model: a coded tile is too long");
  counts.add(Counter::kRlcDecode, code.size());
  counts.add(Counter::kGlbIfmapWrite, tile.size());
  if (step.place == dataflow::FmapPlace::kResident) {
    counts.add(Counter::kGlbResidentRead, step.planes * frame_words);
  }
}

std::vector<Word> ClockedDram::plane(std::size_t store, std::size_t index) {
  const dataflow::PsumTileShape& shape = *steps_.stores[store].shape;
  const dataflow::PlaneLayout& layout = shape.planes[index];
  const std::uint32_t filter = steps_.stores[store].channels.of(index);
  std::vector<Word> frame;
  for (std::uint32_t row = 0; row < shape.rows; ++row) {
    for (std::uint32_t column = 0; column < shape.columns; ++column) {
      const std::uint64_t psum_row =
          layout.first_row[row] + std::uint64_t{column} * layout.column_stride;
      frame.push_back(
          post_processing_.post_process(buffer_.psum(store, psum_row, layout.lane), filter));
    }
  }
  return frame;
}

ClockedDram::Outgoing ClockedDram::pack_tile(std::size_t store, std::uint64_t queued,
                                             ActivityCounts& counts) {
  Outgoing tile;
  tile.queued = queued;
  const bool coded = steps_.stores[store].coded;
  const unsigned bits = arithmetic_.activation_bits;
  tile.bits_per_entry = coded ? 64 : bits;
  std::vector<bool> stream;
  const auto append = [&](std::uint64_t value, std::uint64_t words_so_far) {
    for (std::uint64_t i = 0; i < tile.bits_per_entry; ++i) stream.push_back((value >> i & 1) != 0);
    tile.words_so_far.push_back(words_so_far);
  };
  std::uint64_t words = 0;
  for (std::size_t p = 0; p < steps_.stores[store].shape->planes.size(); ++p) {
    const std::vector<Word> frame = plane(store, p);
    if (coded) {
      for (const CodeWord& code : encode_frame(frame, bits)) {
        append(code.bits, words + code.words_so_far);
      }
      words += frame.size();
    } else {
      for (const Word word : frame) append(static_cast<std::uint64_t>(std::int64_t{word}), ++words);
    }
  }
  if (coded) counts.add(Counter::kRlcEncode, tile.words_so_far.size());
  tile.bytes.resize(ceil_div(stream.size(), 64) * 8);
  for (std::size_t i = 0; i < stream.size(); ++i) {
    if (stream[i]) tile.bytes[i / 8] |= static_cast<std::uint8_t>(1U << (i % 8));
  }
  counts.add(Counter::kGlbOfmapRead, words);
  if (steps_.stores[store].place == dataflow::FmapPlace::kResident) {
    counts.add(Counter::kGlbResidentWrite, words);
  }
  counts.add(Counter::kPostProcessingWord, words);
  return tile;
}

void ClockedDram::bring(std::size_t pass, ActivityCounts& counts) {
  const std::uint64_t burst = spec_.dram.burst.value();
  for (; load_ <= steps_.passes[pass].ifmap_tile; ++load_) {
    unpack_tile(load_, counts);
    if (steps_.loads[load_].place == dataflow::FmapPlace::kResident) continue;
    counts.add(Counter::kDramIfmapRead, steps_.loads[load_].bytes);
    counts.add(Counter::kDramBurst, ceil_div(steps_.loads[load_].bytes, burst));
  }
  Burst block;
  block.bytes = filter_block_bytes(pass);
  buffer_.ring.reserve(filter_words(pass, block));
  fill_ring(pass, block, counts);
  counts.add(Counter::kDramFilterRead, block.bytes);
  counts.add(Counter::kDramBurst, ceil_div(block.bytes, burst));
}

void ClockedDram::write_all(ActivityCounts& counts) {
  for (; store_ < steps_.stores.size(); ++store_) {
    const Outgoing tile = pack_tile(store_, 0, counts);
    const dataflow::StoreTile& store = steps_.stores[store_];
    std::copy(tile.bytes.begin(), tile.bytes.end(),
              bytes_of(store.place).begin() + static_cast<std::ptrdiff_t>(store.address));
    if (store.place == dataflow::FmapPlace::kResident) continue;
    counts.add(Counter::kDramOfmapWrite, tile.bytes.size());
    counts.add(Counter::kDramBurst, ceil_div(tile.bytes.size(), spec_.dram.burst.value()));
  }
}

}  // namespace rowan::support
