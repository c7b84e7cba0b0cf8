// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/global_buffer.h"

#include <algorithm>

#include "models/base/error.h"
#include "models/spec/derived.h"

namespace rowan::hardware {

void FilterRing::start_layer() {
  read_ = 0;
  written_ = 0;
  reads_.clear();
  recorded_ = nullptr;
}

void FilterRing::read(arithmetic::Word* to, std::uint32_t count, Stamp now) {
  if (read_ + count > written_) {
    throw HardwareError("global_buffer: cycle " + std::to_string(now) +
                        ": the filter GIN reads a word that DRAM has not sent");
  }
  for (std::uint32_t i = 0; i < count; ++i) to[i] = words_[read_++ % words_.size()];
  reads_.push_back({read_, now});
  if (recorded_ != nullptr) recorded_->push_back({count, now});
}

void FilterRing::peek(std::uint64_t count, std::vector<arithmetic::Word>& to) const {
  if (read_ + count > written_) {
    throw HardwareError("global_buffer: the filters of a pass are read before DRAM has sent them");
  }
  to.resize(count);
  const std::size_t first = read_ % words_.size();
  const std::size_t before_end = std::min<std::size_t>(count, words_.size() - first);
  std::copy_n(words_.begin() + static_cast<std::ptrdiff_t>(first), before_end, to.begin());
  std::copy_n(words_.begin(), count - before_end,
              to.begin() + static_cast<std::ptrdiff_t>(before_end));
}

void FilterRing::replay(const std::vector<Read>& reads, Stamp base) {
  for (const Read& read : reads) {
    read_ += read.words;
    reads_.push_back({read_, base + read.cycle});
  }
}

std::optional<Stamp> FilterRing::room_from(std::uint64_t count) {
  if (written_ + count <= capacity()) return 0;
  const std::uint64_t needed = written_ + count - capacity();
  if (read_ < needed) return std::nullopt;
  while (reads_.front().words < needed) reads_.pop_front();
  return reads_.front().cycle + 1;
}

GlobalBuffer::GlobalBuffer(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec)
    : sc_module(name),
      tiles_(spec.dram.overlap == spec::DramOverlap::kDoubleBuffer ? 2 : 1),
      row_words_(spec::psum_packet(spec).words.value()),
      filters_(spec::filter_ring_words(spec).value()),
      psum_banks_(spec.global_buffer) {}

void GlobalBuffer::start_layer(const dataflow::BufferPlan& plan) {
  plan_ = plan;
  ifmap_.assign(std::size_t{plan.ifmap_words} * tiles_, 0);
  psum_.assign(std::size_t{plan.psum_rows} * tiles_ * row_words_, 0);
  filters_.start_layer();
  psum_banks_.start_layer(plan.psum_banks);
}

std::uint32_t GlobalBuffer::ifmap_base(std::uint64_t number) const {
  return static_cast<std::uint32_t>(number % tiles_) * plan_.ifmap_words;
}

std::uint32_t GlobalBuffer::psum_base(std::uint64_t number) const {
  return static_cast<std::uint32_t>(number % tiles_) * plan_.psum_rows;
}

arithmetic::Word& GlobalBuffer::ifmap(std::uint32_t word) {
  if (word >= ifmap_.size()) out_of_range("ifmap word", word);
  return ifmap_[word];
}

arithmetic::Word* GlobalBuffer::psum_row(std::uint32_t row) {
  const std::size_t first = std::size_t{row} * row_words_;
  if (first >= psum_.size()) out_of_range("psum row", row);
  return psum_.data() + first;
}

std::vector<arithmetic::Word> GlobalBuffer::psum_tile(std::uint32_t base) const {
  const auto first = psum_.begin() + static_cast<std::ptrdiff_t>(base * row_words_);
  return {first, first + static_cast<std::ptrdiff_t>(plan_.psum_rows * row_words_)};
}

void GlobalBuffer::check_resident(std::uint64_t address, std::uint64_t count) const {
  if (address <= resident_.size() && count <= resident_.size() - address) return;
  out_of_range("resident byte", address + count - 1);
}

void GlobalBuffer::read_resident(std::uint64_t address, std::uint8_t* to,
                                 std::uint64_t count) const {
  check_resident(address, count);
  std::copy_n(resident_.data() + address, count, to);
}

void GlobalBuffer::write_resident(std::uint64_t address, const std::uint8_t* from,
                                  std::uint64_t count) {
  check_resident(address, count);
  std::copy_n(from, count, resident_.data() + address);
}

void GlobalBuffer::out_of_range(const char* what, std::uint64_t address) const {
  throw HardwareError(std::string(name()) + ": " + what + " " + std::to_string(address) +
                      " lies outside the layer's banks");
}

}  // namespace rowan::hardware
