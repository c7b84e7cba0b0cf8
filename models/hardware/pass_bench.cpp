// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/pass_bench.h"

#include <algorithm>
#include <optional>
#include <string>

#include "models/base/error.h"

namespace rowan::hardware {
namespace {

void require_room(const char* what, std::uint64_t words, std::uint64_t room) {
  if (words <= room) return;
  throw HardwareError("a pass has " + std::to_string(words) + " " + what + ", there is room for " +
                      std::to_string(room));
}

}  // namespace

PassBench::PassBench(const spec::AcceleratorSpec& spec, SimulationOrder order)
    : clock_(Clock(spec.clock)),
      buffer_("pass_bench_global_buffer", spec),
      array_("pass_bench_array", spec, buffer_, clock_, order) {}

void PassBench::fill(const PassWork& work) {
  buffer_.start_layer(work.buffers);
  require_room("ifmap words", work.ifmap.size(), work.buffers.ifmap_words);
  for (std::uint32_t i = 0; i < work.ifmap.size(); ++i) buffer_.ifmap(i) = work.ifmap[i];
  require_room("filter words", work.filters.size(), buffer_.filters().capacity());
  for (const arithmetic::Word word : work.filters) buffer_.filters().write(word);
  const std::size_t width = buffer_.psum_row_words();
  require_room("psum words", work.psums.size(), work.buffers.psum_rows * width);
  for (std::size_t first = 0; first < work.psums.size(); first += width) {
    std::copy_n(work.psums.data() + first, width,
                buffer_.psum_row(static_cast<std::uint32_t>(first / width)));
  }
}

ObservedPass PassBench::run(const PassWork& work) {
  if (sc_core::sc_get_status() == sc_core::SC_ELABORATION) {
    sc_core::sc_start(sc_core::SC_ZERO_TIME);  // binds the ports
  }
  clock_.start(to_ps(sc_core::sc_time_stamp()));
  fill(work);
  ObservedPass observed;
  array_.observe_psums([&](const PsumPacket& packet) {
    observed.psums.push_back(
        {packet.cycle, packet.row, {packet.words, packet.words + packet.count}});
  });
  array_.start_layer(work.mac, {});
  auto ticket = std::make_shared<PassTicket>();
  ticket->pass.shape = work.shape;
  ticket->pass.psum_row = work.psum_row;
  static_cast<void>(array_.start_pass(ticket));
  sc_core::sc_start();  // until nothing moves any more
  array_.observe_psums(nullptr);
  if (!array_.failure().empty()) throw HardwareError(array_.failure());
  const std::optional<Stamp> drained = array_.drained(0);
  if (!drained) throw HardwareError("a pass did not end\n" + array_.blocked());
  array_.end_layer(*drained, *drained, work.shape.get());
  observed.drained = *drained;
  observed.pes = array_.pe_cycles();
  array_.add_counts(observed.counts);
  return observed;
}

}  // namespace rowan::hardware
