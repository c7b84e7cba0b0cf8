// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/unit_pass_runner.h"

#include <algorithm>
#include <exception>

#include "models/base/error.h"
#include "models/dataflow/unit_operations.h"

namespace rowan::hardware {

UnitPassRunner::UnitPassRunner(const sc_core::sc_module_name& name,
                               const spec::AcceleratorSpec& spec, GlobalBuffer& buffer)
    : sc_module(name),
      lanes_(spec.post_processing.lanes),
      buffer_(buffer),
      pes_(std::size_t{spec.array.rows} * spec.array.columns) {
  SC_HAS_PROCESS(UnitPassRunner);
  SC_METHOD(run);
  sensitive << wake_;
  dont_initialize();
}

void UnitPassRunner::start_layer(const arithmetic::MacFormat& /*mac*/,
                                 const FastForwardJob& /*fast_forward*/) {
  waiting_.clear();
  last_pass_.reset();
  last_drained_ = 0;
  ifmap_words_ = 0;
  parameter_words_ = 0;
  result_words_ = 0;
  std::fill(pes_.begin(), pes_.end(), PeCycles());
  failure_.clear();
}

Carried UnitPassRunner::start_pass(const TicketPtr& ticket) {
  waiting_.push_back(ticket);
  wake_.notify(sc_core::SC_ZERO_TIME);
  return Carried::kSimulated;
}

void UnitPassRunner::run() {
  if (!failure_.empty()) return;
  try {
    for (; !waiting_.empty(); waiting_.pop_front()) carry_out(*waiting_.front());
  } catch (const std::exception& error) {
    failure_ = error.what();
  }
  progress_.notify(sc_core::SC_ZERO_TIME);
}

void UnitPassRunner::carry_out(const PassTicket& ticket) {
  const dataflow::PassShape& shape = *ticket.pass.shape;
  const dataflow::UnitPass& unit = *shape.unit;
  if (last_pass_ && ticket.release <= last_drained_) {
    throw HardwareError(std::string(name()) + ": cycle " + std::to_string(ticket.release) +
                        ": pass " + std::to_string(ticket.pass.number) +
                        " starts before the one before is drained");
  }
  std::vector<Word> parameters(shape.filter_words);
  if (!parameters.empty()) {
    buffer_.filters().read(parameters.data(), shape.filter_words, ticket.release);
  }
  const std::uint32_t tile = (unit.planes + unit.second_planes) * unit.rows * unit.columns;
  (void)buffer_.ifmap(ticket.ifmap_base + tile - 1);  // throws when the tile is too large
  const std::vector<Word> results =
      dataflow::unit_results(unit, &buffer_.ifmap(ticket.ifmap_base), parameters.data());
  write(*unit.results, ticket.psum_base + ticket.pass.psum_row, results);

  const std::uint64_t words = dataflow::ifmap_words_taken(unit);
  ifmap_words_ += words;
  parameter_words_ += shape.filter_words;
  result_words_ += results.size();
  last_drained_ = ticket.release + ceil_div(words + shape.filter_words, lanes_);
  last_pass_ = ticket.pass.number;
}

void UnitPassRunner::write(const dataflow::PsumTileShape& shape, std::uint32_t first_row,
                           const std::vector<Word>& results) {
  auto result = results.begin();
  for (const dataflow::PlaneLayout& plane : shape.planes) {
    for (std::uint32_t row = 0; row < shape.rows; ++row) {
      for (std::uint32_t column = 0; column < shape.columns; ++column) {
        const std::uint32_t psum_row =
            first_row + plane.first_row[row] + column * plane.column_stride;
        buffer_.psum_row(psum_row)[plane.lane] = *result++;
      }
    }
  }
}

void UnitPassRunner::end_layer(Stamp /*drained*/, Stamp end, const dataflow::PassShape* /*last*/) {
  for (PeCycles& pe : pes_) pe.add(PeActivity::kIdle, end);
}

std::optional<Stamp> UnitPassRunner::drained(std::uint64_t pass) const {
  if (last_pass_ != pass) return std::nullopt;
  return last_drained_;
}

void UnitPassRunner::add_counts(ActivityCounts& counts) const {
  counts.add(Counter::kPostProcessingOperation, ifmap_words_ + parameter_words_);
  counts.add(Counter::kGlbIfmapRead, ifmap_words_);
  counts.add(Counter::kGlbFilterRead, parameter_words_);
  counts.add(Counter::kGlbPsumWrite, result_words_);
}

}  // namespace rowan::hardware
