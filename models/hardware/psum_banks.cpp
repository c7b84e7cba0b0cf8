// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/psum_banks.h"

#include <algorithm>

namespace rowan::hardware {

void PsumBanks::start_layer(unsigned banks) {
  banks_ = std::max(1U, banks);
  requests_ = {};
  conflicts_ = 0;
}

std::uint32_t PsumBanks::bank_of(unsigned buffer, std::uint32_t row) const {
  const std::uint32_t first = buffer * banks_;
  switch (spec_.psum_bank_interleaving) {
    case spec::BankInterleaving::kWord:
      return first + row % banks_;
    case spec::BankInterleaving::kBlock:
      return first + row / spec_.bank_rows;
  }
  return first;
}

std::uint32_t PsumBanks::phase_of(std::uint32_t first_row) const {
  if (always_free()) return 0;
  switch (spec_.psum_bank_interleaving) {
    case spec::BankInterleaving::kWord:
      return first_row % banks_;
    case spec::BankInterleaving::kBlock:
      return first_row % spec_.bank_rows;
  }
  return first_row;
}

void PsumBanks::request(BankUser user, Stamp now, unsigned buffer, std::uint32_t row,
                        Block& block) {
  if (of(user).open) return;  // woken for another reason while it waits
  of(user) = {true, false, now, bank_of(buffer, row), &block};
}

std::optional<Stamp> PsumBanks::take_grant(BankUser user) {
  Request& request = of(user);
  if (!request.granted) return std::nullopt;
  request.granted = false;
  return request.cycle;
}

std::optional<Stamp> PsumBanks::next_decision() const {
  std::optional<Stamp> earliest;
  for (const Request& request : requests_) {
    if (request.open && (!earliest || request.cycle < *earliest)) earliest = request.cycle;
  }
  return earliest;
}

void PsumBanks::decide(Worklist& worklist) {
  const std::optional<Stamp> now = next_decision();
  if (!now) return;
  Request& read = of(BankUser::kRead);
  Request& write = of(BankUser::kWrite);
  const bool both = read.open && write.open && read.cycle == write.cycle && read.bank == write.bank;
  if (both) {
    Request& loser = spec_.psum_bank_priority == spec::BankPriority::kRead ? write : read;
    ++loser.cycle;
    ++conflicts_;
  }
  for (Request& request : requests_) {
    if (!request.open || request.cycle != *now) continue;
    request.open = false;
    request.granted = true;
    worklist.add(*request.block);
  }
}

}  // namespace rowan::hardware
