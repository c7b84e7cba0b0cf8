// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/dma.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "models/base/error.h"
#include "models/dataflow/fmap_frames.h"

namespace rowan::hardware {
namespace {

std::optional<Stamp> earlier(std::optional<Stamp> a, std::optional<Stamp> b) {
  if (!a) return b;
  if (!b) return a;
  return std::min(*a, *b);
}

}  // namespace

Dma::Dma(const sc_core::sc_module_name& name, const spec::AcceleratorSpec& spec,
         GlobalBuffer& buffer, LayerClock& clock)
    : sc_module(name),
      socket("socket"),
      spec_(spec),
      buffer_(buffer),
      clock_(clock),
      weight_bits_(arithmetic::pe_type(spec.pe.type).weight_bits),
      post_processing_("post_processing", spec.post_processing),
      rlc_("rlc", arithmetic::pe_type(spec.pe.type).activation_bits, buffer, post_processing_) {
  SC_HAS_PROCESS(Dma);
  SC_THREAD(run);
}

void Dma::start_layer(const LayerJob& job, Stamp from) {
  link_ = job.link;
  post_processing_.start_layer(job.post_processing);
  rlc_.start_layer();
  from_ = from;
  filter_reader_ = job.schedule->restart();
  ifmap_reader_ = job.schedule->restart();
  for (auto& transfer : open_) transfer.reset();
  stores_.clear();
  in_flight_.clear();
  on_resident_.reset();
  ifmap_released_.clear();
  ifmap_ready_.clear();
  filters_ready_.clear();
  psum_free_.clear();
  last_store_end_ = 0;
  last_arrival_ = 0;
  next_issue_ = 0;
  counts_ = {};
  failure_.clear();
  running_ = true;
  start_.notify(sc_core::SC_ZERO_TIME);
}

void Dma::stop() {
  running_ = false;
  look_again_.notify(sc_core::SC_ZERO_TIME);
}

std::optional<Stamp> Dma::ifmap_ready(std::uint64_t tile) const {
  if (tile >= ifmap_ready_.size()) return std::nullopt;
  return ifmap_ready_[tile];
}

std::optional<Stamp> Dma::filters_ready(std::uint64_t pass) const {
  if (pass >= filters_ready_.size()) return std::nullopt;
  return filters_ready_[pass];
}

std::optional<Stamp> Dma::psum_buffer_free(std::uint64_t tile) const {
  if (tile < buffer_.tiles()) return from_;
  const std::uint64_t before = tile - buffer_.tiles();
  if (before >= psum_free_.size()) return std::nullopt;
  return psum_free_[before];
}

void Dma::release_ifmap(std::uint64_t tile, Stamp drained) {
  if (tile != ifmap_released_.size()) {
    throw HardwareError(std::string(name()) + ": ifmap tile " + std::to_string(tile) +
                        " is released out of order");
  }
  ifmap_released_.push_back(drained);
  look_again_.notify(sc_core::SC_ZERO_TIME);
}

void Dma::store(dataflow::StoreTile tile, Stamp drained) {
  stores_.emplace_back(std::move(tile), drained);
  look_again_.notify(sc_core::SC_ZERO_TIME);
}

void Dma::run() {
  for (;;) {
    if (!running_) wait(start_);
    while (running_) {
      std::optional<Stamp> next;
      moving_ = true;
      try {
        next = link_ == Link::kReal ? step() : serve_ideal_link();
      } catch (const sc_core::sc_unwind_exception&) {
        throw;  // the kernel ends this thread
      } catch (const std::exception& error) {
        failure_ = error.what();
        running_ = false;
      }
      moving_ = false;
      if (!running_) {
        progress_.notify(sc_core::SC_ZERO_TIME);
        break;
      }
      if (next) {
        wait(clock_.until(*next), look_again_);
      } else {
        wait(look_again_);
      }
    }
  }
}

std::optional<Stamp> Dma::step() {
  const Stamp now = clock_.now();
  take_arrivals(now);
  std::optional<Stamp> next;
  for (const Stream stream : {Stream::kFilter, Stream::kIfmap, Stream::kOfmap}) {
    open_next(stream);
    const std::optional<Stamp> from = eligible(stream);
    if (!from) continue;
    Transfer& transfer = *open(stream);
    if (transfer.bytes.empty() && *from <= now) {
      // Nothing to move, as for a tile of padding and inserted zeros: ready at once.
      sc_core::sc_time delay;
      move(stream, transfer, 0, delay);
      complete({now, stream, transfer.number, true}, now, now);
      open(stream).reset();
      return now;
    }
    if (!transfer.bytes.empty() && (now < next_issue_ || !path_free(transfer))) continue;
    if (*from <= now) {
      issue(stream);
      next_issue_ = now + 1;
      return next_issue_;
    }
    next = earlier(next, from);
  }
  if (now < next_issue_) next = earlier(next, next_issue_);
  for (const InFlight& burst : in_flight_) next = earlier(next, burst.arrival);
  if (on_resident_) next = earlier(next, on_resident_->arrival);
  return next;
}

std::optional<Stamp> Dma::serve_ideal_link() {
  for (bool progress = true; progress;) {
    progress = false;
    for (const Stream stream : {Stream::kFilter, Stream::kIfmap, Stream::kOfmap}) {
      open_next(stream);
      for (std::optional<Stamp> from = eligible(stream); from; from = eligible(stream)) {
        Transfer& transfer = *open(stream);
        sc_core::sc_time delay;
        move(stream, transfer, burst_bytes(transfer), delay);
        if (transfer.issued == transfer.bytes.size()) {
          complete({*from, stream, transfer.number, true}, *from, transfer.from);
          open(stream).reset();
          open_next(stream);
        }
        progress = true;
      }
    }
  }
  return std::nullopt;
}

void Dma::take_arrivals(Stamp now) {
  while (!in_flight_.empty() && in_flight_.front().arrival <= now) {
    const InFlight burst = in_flight_.front();
    in_flight_.pop_front();
    if (burst.last) complete(burst, burst.arrival + 1, burst.arrival);
  }
  if (on_resident_ && on_resident_->arrival <= now) {
    if (on_resident_->last) {
      complete(*on_resident_, on_resident_->arrival + 1, on_resident_->arrival);
    }
    on_resident_.reset();
  }
}

void Dma::complete(const InFlight& burst, Stamp ready, Stamp ended) {
  switch (burst.stream) {
    case Stream::kFilter:
      filters_ready_.push_back(ready);
      break;
    case Stream::kIfmap:
      // A tile without a byte overtakes the one that is still in flight.
      ifmap_ready_.resize(std::max<std::size_t>(ifmap_ready_.size(), burst.number + 1));
      ifmap_ready_[burst.number] = ready;
      break;
    case Stream::kOfmap:
      psum_free_.push_back(ended + 1);
      last_store_end_ = ended;
      break;
  }
  progress_.notify(sc_core::SC_ZERO_TIME);
}

void Dma::open_next(Stream stream) {
  if (open(stream)) return;
  switch (stream) {
    case Stream::kFilter:
      open_filters();
      break;
    case Stream::kIfmap:
      open_ifmap();
      break;
    case Stream::kOfmap:
      open_ofmap();
      break;
  }
}

void Dma::open_filters() {
  dataflow::Step step;
  while (filter_reader_->next(step)) {
    const auto* pass = std::get_if<dataflow::Pass>(&step);
    if (pass == nullptr) continue;
    Transfer transfer;
    transfer.number = pass->number;
    transfer.address = pass->filter_address;
    transfer.filter_words = pass->shape->filter_words;
    transfer.bytes.resize(dataflow::packed_bytes(transfer.filter_words, weight_bits_));
    open(Stream::kFilter) = std::move(transfer);
    return;
  }
}

void Dma::open_ifmap() {
  dataflow::Step step;
  while (ifmap_reader_->next(step)) {
    const auto* tile = std::get_if<dataflow::LoadTile>(&step);
    if (tile == nullptr) continue;
    Transfer transfer;
    transfer.number = tile->number;
    transfer.place = tile->place;
    transfer.address = tile->address;
    transfer.bytes.resize(tile->bytes);
    transfer.tile = *tile;
    open(Stream::kIfmap) = std::move(transfer);
    return;
  }
}

void Dma::open_ofmap() {
  if (stores_.empty()) return;
  const auto [tile, drained] = std::move(stores_.front());
  stores_.pop_front();
  Transfer transfer;
  transfer.number = tile.number;
  transfer.place = tile.place;
  transfer.address = tile.address;
  transfer.from = link_ == Link::kReal ? drained + 1 : drained;
  CodedTile coded = rlc_.encode(tile);
  transfer.bytes = std::move(coded.bytes);
  transfer.words = std::move(coded.words);
  open(Stream::kOfmap) = std::move(transfer);
}

std::uint64_t Dma::burst_bytes(const Transfer& transfer) const {
  return std::min<std::uint64_t>(spec_.dram.burst.value(), transfer.bytes.size() - transfer.issued);
}

std::uint64_t Dma::filter_words_before(const Transfer& transfer, std::uint64_t bytes) const {
  return std::min<std::uint64_t>(transfer.filter_words, bytes * 8 / weight_bits_);
}

std::uint64_t Dma::filter_words_of_burst(const Transfer& transfer) const {
  return filter_words_before(transfer, transfer.issued + burst_bytes(transfer)) -
         filter_words_before(transfer, transfer.issued);
}

std::optional<Stamp> Dma::eligible(Stream stream) {
  if (!open(stream)) return std::nullopt;
  const Transfer& transfer = *open(stream);
  switch (stream) {
    case Stream::kFilter: {
      const auto room = buffer_.filters().room_from(filter_words_of_burst(transfer));
      if (!room) return std::nullopt;
      return std::max(from_, *room);
    }
    case Stream::kIfmap: {
      if (transfer.number < buffer_.tiles()) return from_;
      const std::uint64_t before = transfer.number - buffer_.tiles();
      if (before >= ifmap_released_.size()) return std::nullopt;
      return ifmap_released_[before] + 1;
    }
    case Stream::kOfmap: {
      if (link_ == Link::kIdeal || transfer.bytes.empty()) return transfer.from;
      const std::uint64_t end = transfer.issued + burst_bytes(transfer);
      return post_processing_.done(transfer.from, transfer.words[end / 8 - 1]);
    }
  }
  return std::nullopt;
}

bool Dma::path_free(const Transfer& transfer) const {
  switch (transfer.place) {
    case dataflow::FmapPlace::kDram:
      return in_flight_.size() < spec_.dram.outstanding_bursts;
    case dataflow::FmapPlace::kResident:
      return !on_resident_;
  }
  return false;
}

void Dma::issue(Stream stream) {
  Transfer& transfer = *open(stream);
  const std::uint64_t length = burst_bytes(transfer);
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  move(stream, transfer, length, delay);
  InFlight burst;
  burst.stream = stream;
  burst.number = transfer.number;
  burst.last = transfer.issued == transfer.bytes.size();
  switch (transfer.place) {
    case dataflow::FmapPlace::kDram:
      // A target may end bursts in any order; the DMA takes them in the order of issue.
      burst.arrival = std::max(clock_.cycle_at(sc_core::sc_time_stamp() + delay), last_arrival_);
      last_arrival_ = burst.arrival;
      in_flight_.push_back(burst);
      break;
    case dataflow::FmapPlace::kResident:
      burst.arrival = clock_.now() + ceil_div(length * 8, spec_.global_buffer.row_width.value());
      on_resident_ = burst;
      break;
  }
  if (burst.last) open(stream).reset();
}

void Dma::move(Stream stream, Transfer& transfer, std::uint64_t length, sc_core::sc_time& delay) {
  if (length > 0) {
    switch (transfer.place) {
      case dataflow::FmapPlace::kDram:
        transport(stream, transfer, length, delay);
        break;
      case dataflow::FmapPlace::kResident:
        move_resident(stream, transfer, length);
        break;
    }
  }
  if (stream == Stream::kFilter) receive_filters(transfer, filter_words_of_burst(transfer));
  transfer.issued += length;
  if (stream == Stream::kIfmap && transfer.issued == transfer.bytes.size()) {
    rlc_.decode(transfer.tile, transfer.bytes);
  }
}

void Dma::transport(Stream stream, Transfer& transfer, std::uint64_t length,
                    sc_core::sc_time& delay) {
  tlm::tlm_generic_payload& burst = burst_;
  burst.set_command(stream == Stream::kOfmap ? tlm::TLM_WRITE_COMMAND : tlm::TLM_READ_COMMAND);
  burst.set_address(transfer.address + transfer.issued);
  burst.set_data_ptr(transfer.bytes.data() + transfer.issued);
  burst.set_data_length(static_cast<unsigned>(length));
  burst.set_streaming_width(static_cast<unsigned>(length));
  burst.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
  bool done = true;
  if (link_ == Link::kReal) {
    socket->b_transport(burst, delay);
    done = burst.is_response_ok();
  } else {
    done = socket->transport_dbg(burst) == length;
  }
  if (!done) {
    throw HardwareError(std::string(name()) + ": cycle " + std::to_string(clock_.now()) +
                        ": DRAM answers " + burst.get_response_string() + " to a burst of " +
                        std::to_string(length) + " bytes at address " +
                        std::to_string(burst.get_address()));
  }
  counts_.add(Counter::kDramBurst, 1);
  switch (stream) {
    case Stream::kFilter:
      counts_.add(Counter::kDramFilterRead, length);
      break;
    case Stream::kIfmap:
      counts_.add(Counter::kDramIfmapRead, length);
      break;
    case Stream::kOfmap:
      counts_.add(Counter::kDramOfmapWrite, length);
      break;
  }
}

void Dma::move_resident(Stream stream, Transfer& transfer, std::uint64_t length) {
  const std::uint64_t address = transfer.address + transfer.issued;
  std::uint8_t* bytes = transfer.bytes.data() + transfer.issued;
  const bool last = transfer.issued + length == transfer.bytes.size();
  if (stream == Stream::kIfmap) {
    buffer_.read_resident(address, bytes, length);
    const dataflow::PlaneWindow& window = transfer.tile.window;
    const std::uint64_t words = std::uint64_t{window.rows} * window.columns * transfer.tile.planes;
    if (last) counts_.add(Counter::kGlbResidentRead, words);
  } else {
    buffer_.write_resident(address, bytes, length);
    if (last) counts_.add(Counter::kGlbResidentWrite, transfer.words.back());
  }
}

void Dma::receive_filters(const Transfer& transfer, std::uint64_t words) {
  const std::uint64_t first = filter_words_before(transfer, transfer.issued);
  for (std::uint64_t i = first; i < first + words; ++i) {
    buffer_.filters().write(dataflow::packed_word(transfer.bytes.data(), i, weight_bits_));
  }
  counts_.add(Counter::kGlbFilterWrite, words);
}

void Dma::add_counts(ActivityCounts& counts) const {
  counts += counts_;
  counts.add(Counter::kGlbIfmapWrite, rlc_.counts().ifmap_words);
  counts.add(Counter::kGlbOfmapRead, rlc_.counts().ofmap_words);
  counts.add(Counter::kRlcDecode, rlc_.counts().decoded);
  counts.add(Counter::kRlcEncode, rlc_.counts().encoded);
  counts.add(Counter::kPostProcessingWord, post_processing_.words());
}

std::string Dma::waiting_for() const {
  if (!running_) return {};
  std::string text = in_flight_.empty() && !on_resident_ ? "" : "bursts in flight; ";
  const auto add = [&](Stream stream, const char* what) {
    const auto& transfer = open_[static_cast<std::size_t>(stream)];
    if (transfer) text += what + std::to_string(transfer->number) + "; ";
  };
  add(Stream::kFilter, "room in the filter ring for pass ");
  add(Stream::kIfmap, "a buffer for ifmap tile ");
  add(Stream::kOfmap, "the post-processing of ofmap tile ");
  return text.substr(0, text.size() - std::min<std::size_t>(text.size(), 2));
}

}  // namespace rowan::hardware
