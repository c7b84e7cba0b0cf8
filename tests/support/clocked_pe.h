// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/base/activity.h"
#include "models/dataflow/pass.h"
#include "models/spec/accelerator_spec.h"
#include "tests/support/clocked_arithmetic.h"
#include "tests/support/clocked_controller.h"
#include "tests/support/clocked_fifo.h"

namespace rowan::support {

/// One PE, one state per cycle: evaluate() computes the next state from the present one, commit()
/// takes it over.
class ClockedPe {
 public:
  ClockedPe(const spec::PeSpec& spec, const LayerArithmetic& arithmetic,
            const ClockedController& controller, std::size_t index);

  ClockedFifo ifmap_fifo;
  ClockedFifo filter_fifo;
  ClockedFifo psum_in_fifo;
  ClockedFifo psum_out_fifo;

  /// The three processes in cycle `now`, and the booking of the cycle.
  void evaluate(std::uint64_t now, ActivityCounts& counts);
  void commit();
  [[nodiscard]] const PeCycles& cycles() const { return cycles_; }
  /// All passes are done and nothing is left in it.
  [[nodiscard]] bool empty() const;

 private:
  enum class Phase : std::uint8_t { kMultiply, kAccumulate };

  struct Registers {
    // Compute process.
    std::size_t pass = kNoPass;  ///< in which it is or which it waits for
    Phase phase = Phase::kMultiply;
    std::uint32_t image = 0;
    std::uint32_t window = 0;
    std::uint32_t word = 0;            ///< of the window: the round
    std::uint32_t psum = 0;            ///< of the round or the accumulations: the next to issue
    std::uint64_t round_start = 0;     ///< of the last round that has started
    std::uint64_t image_base = 0;      ///< ifmap words of all images before this one
    std::uint64_t ifmap_released = 0;  ///< ifmap words freed, from the layer's start
    // Filter loader.
    std::uint32_t filters_loaded = 0;  ///< of `pass`
    // Ifmap loader.
    std::size_t ifmap_pass = kNoPass;
    std::uint64_t ifmap_loaded_of_pass = 0;
    std::uint64_t ifmap_loaded = 0;  ///< from the layer's start
  };

  [[nodiscard]] const dataflow::PeProgram& program(std::size_t pass) const;
  /// kBusy when something issues; else why not. Before the pass's filters are loaded that is
  /// kFilterLoad.
  PeActivity compute(std::uint64_t now, ActivityCounts& counts);
  PeActivity multiply(std::uint64_t now, const dataflow::PeProgram& program,
                      ActivityCounts& counts);
  PeActivity accumulate(std::uint64_t now, const dataflow::PeProgram& program,
                        ActivityCounts& counts);
  void end_window(const dataflow::PeProgram& program);
  void load_filter(std::uint64_t now, ActivityCounts& counts);
  void load_ifmap(std::uint64_t now, ActivityCounts& counts);
  [[nodiscard]] PeActivity book(std::uint64_t now, PeActivity computed) const;

  const spec::PeSpec& spec_;
  ClockedArithmetic arithmetic_;
  const ClockedController& controller_;
  std::size_t index_;
  Registers now_;
  Registers next_;
  std::vector<arithmetic::Word> ifmap_spad_;   ///< a ring
  std::vector<arithmetic::Word> filter_spad_;  ///< [words of the window][psums]
  std::vector<arithmetic::Word> psum_spad_;
  PeCycles cycles_;
};

}  // namespace rowan::support
