// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <optional>

#include "models/hardware/block.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::hardware {

/// Who wants a psum bank.
enum class BankUser : std::uint8_t { kRead = 0, kWrite = 1 };

/// Grants the psum GIN and the GON a row of a psum bank per cycle.
///
/// With two ports both are served in the cycle they ask for. With one port, requests are decided at
/// their SystemC time by the array's process, when no earlier request can come any more; of two in
/// one cycle for one bank, one loses and asks again in the next cycle.
class PsumBanks {
 public:
  explicit PsumBanks(const spec::GlobalBufferSpec& spec) : spec_(spec) {}

  /// `banks` hold a psum tile in this layer; each buffer has its own.
  void start_layer(unsigned banks);

  /// True when requests need no decision.
  [[nodiscard]] bool always_free() const { return spec_.psum_bank_ports > 1; }

  /// What of a pass's first row decides which of its rows meet in a bank.
  [[nodiscard]] std::uint32_t phase_of(std::uint32_t first_row) const;

  /// Asks in cycle `now` for the bank that holds `row` of the tile in `buffer`; `block` is queued
  /// when that is granted. Asking again while a request is open changes nothing.
  void request(BankUser user, Stamp now, unsigned buffer, std::uint32_t row, Block& block);
  /// Cycle in which a request was granted, once: take it.
  [[nodiscard]] std::optional<Stamp> take_grant(BankUser user);

  /// Cycle of the earliest request that is not decided.
  [[nodiscard]] std::optional<Stamp> next_decision() const;
  /// Decides the requests of that cycle and queues those granted.
  void decide(Worklist& worklist);
  /// Cycles lost to the other user.
  [[nodiscard]] std::uint64_t conflicts() const { return conflicts_; }

 private:
  struct Request {
    bool open = false;
    bool granted = false;
    Stamp cycle = 0;
    std::uint32_t bank = 0;
    Block* block = nullptr;
  };
  [[nodiscard]] std::uint32_t bank_of(unsigned buffer, std::uint32_t row) const;
  [[nodiscard]] Request& of(BankUser user) { return requests_[static_cast<std::size_t>(user)]; }

  const spec::GlobalBufferSpec spec_;
  unsigned banks_ = 1;
  std::array<Request, 2> requests_;
  std::uint64_t conflicts_ = 0;
};

}  // namespace rowan::hardware
