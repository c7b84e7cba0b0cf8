// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/psum_banks.h"

#include <gtest/gtest.h>

#include "tests/unit/models/hardware/small_system.h"

namespace rowan::hardware {
namespace {

using testbench::Bystander;

spec::GlobalBufferSpec one_port(spec::BankInterleaving interleaving, spec::BankPriority priority) {
  spec::GlobalBufferSpec spec;
  spec.psum_bank_ports = 1;
  spec.psum_bank_interleaving = interleaving;
  spec.psum_bank_priority = priority;
  spec.bank_rows = 8;
  return spec;
}

struct Bench {
  explicit Bench(const spec::GlobalBufferSpec& spec, unsigned count = 4) : banks(spec) {
    banks.start_layer(count);
  }
  void ask(Stamp read, unsigned read_buffer, std::uint32_t read_row, Stamp write,
           unsigned write_buffer, std::uint32_t write_row) {
    banks.request(BankUser::kRead, read, read_buffer, read_row, reader);
    banks.request(BankUser::kWrite, write, write_buffer, write_row, writer);
  }
  void decide() {
    banks.decide(worklist);
    worklist.drain();
  }
  Worklist worklist{SimulationOrder::kForward};
  Bystander reader{"reader", worklist};
  Bystander writer{"writer", worklist};
  PsumBanks banks;
};

TEST(PsumBanks, WithTwoPortsAreAlwaysFree) {
  spec::GlobalBufferSpec spec;
  spec.psum_bank_ports = 2;
  EXPECT_TRUE(PsumBanks(spec).always_free());
  spec.psum_bank_ports = 1;
  EXPECT_FALSE(PsumBanks(spec).always_free());
}

TEST(PsumBanks, GrantALoneRequestInItsCycleOnce) {
  Bench b(one_port(spec::BankInterleaving::kWord, spec::BankPriority::kRead));
  EXPECT_FALSE(b.banks.next_decision().has_value());
  b.banks.request(BankUser::kWrite, 7, 0, 3, b.writer);
  EXPECT_EQ(b.banks.next_decision(), 7U);
  EXPECT_FALSE(b.banks.take_grant(BankUser::kWrite).has_value());
  b.decide();
  EXPECT_EQ(b.writer.runs, 1U);
  EXPECT_FALSE(b.banks.next_decision().has_value());
  EXPECT_FALSE(b.banks.take_grant(BankUser::kRead).has_value());
  EXPECT_EQ(b.banks.take_grant(BankUser::kWrite), 7U);
  EXPECT_FALSE(b.banks.take_grant(BankUser::kWrite).has_value());
  EXPECT_EQ(b.banks.conflicts(), 0U);
}

TEST(PsumBanks, LetTheLoserTryAgainInTheNextCycle) {
  for (const auto priority : {spec::BankPriority::kRead, spec::BankPriority::kWrite}) {
    Worklist worklist(SimulationOrder::kForward);
    Bystander reader(sc_core::sc_gen_unique_name("reader"), worklist);
    Bystander writer(sc_core::sc_gen_unique_name("writer"), worklist);
    PsumBanks banks(one_port(spec::BankInterleaving::kWord, priority));
    banks.start_layer(4);
    banks.request(BankUser::kRead, 9, 0, 1, reader);
    banks.request(BankUser::kWrite, 9, 0, 5, writer);  // rows 1 and 5 of 4 banks: bank 1
    const bool read_first = priority == spec::BankPriority::kRead;
    const BankUser winner = read_first ? BankUser::kRead : BankUser::kWrite;
    const BankUser loser = read_first ? BankUser::kWrite : BankUser::kRead;
    banks.decide(worklist);
    worklist.drain();
    EXPECT_EQ(banks.take_grant(winner), 9U);
    EXPECT_FALSE(banks.take_grant(loser).has_value());
    EXPECT_EQ(banks.conflicts(), 1U);
    EXPECT_EQ(banks.next_decision(), 10U);
    banks.decide(worklist);
    worklist.drain();
    EXPECT_EQ(banks.take_grant(loser), 10U);
    EXPECT_EQ(reader.runs, 1U);
    EXPECT_EQ(writer.runs, 1U);
    EXPECT_EQ(banks.conflicts(), 1U);
  }
}

TEST(PsumBanks, ServeBothInOneCycleFromDifferentBanks) {
  Bench b(one_port(spec::BankInterleaving::kWord, spec::BankPriority::kRead));
  b.ask(9, 0, 1, 9, 0, 6);  // banks 1 and 2
  b.decide();
  EXPECT_EQ(b.banks.take_grant(BankUser::kRead), 9U);
  EXPECT_EQ(b.banks.take_grant(BankUser::kWrite), 9U);
  EXPECT_EQ(b.banks.conflicts(), 0U);
}

TEST(PsumBanks, InterleaveByWordOrByBlock) {
  // Rows 0 and 7: banks 0 and 3 of 4 by word, one bank of 8 rows by block. Rows 0 and 8: both bank
  // 0 by word, banks 0 and 1 by block.
  Bench word(one_port(spec::BankInterleaving::kWord, spec::BankPriority::kRead));
  word.ask(1, 0, 0, 1, 0, 7);
  word.decide();
  EXPECT_EQ(word.banks.conflicts(), 0U);
  word.banks.start_layer(4);
  word.ask(1, 0, 0, 1, 0, 8);
  word.decide();
  EXPECT_EQ(word.banks.conflicts(), 1U);
}

TEST(PsumBanks, InBlocksHoldConsecutiveRows) {
  Bench block(one_port(spec::BankInterleaving::kBlock, spec::BankPriority::kRead));
  block.ask(1, 0, 0, 1, 0, 7);
  block.decide();
  EXPECT_EQ(block.banks.conflicts(), 1U);
  block.banks.start_layer(4);
  block.ask(1, 0, 0, 1, 0, 8);
  block.decide();
  EXPECT_EQ(block.banks.conflicts(), 0U);
}

TEST(PsumBanks, OfTheTwoBuffersAreDifferent) {
  for (const auto interleaving : {spec::BankInterleaving::kWord, spec::BankInterleaving::kBlock}) {
    Worklist worklist(SimulationOrder::kForward);
    Bystander reader(sc_core::sc_gen_unique_name("reader"), worklist);
    Bystander writer(sc_core::sc_gen_unique_name("writer"), worklist);
    PsumBanks banks(one_port(interleaving, spec::BankPriority::kRead));
    banks.start_layer(4);
    banks.request(BankUser::kRead, 3, 0, 2, reader);
    banks.request(BankUser::kWrite, 3, 1, 2, writer);
    banks.decide(worklist);
    EXPECT_EQ(banks.conflicts(), 0U);
    worklist.drain();
  }
}

TEST(PsumBanks, DecideTheEarliestCycleFirst) {
  Bench b(one_port(spec::BankInterleaving::kWord, spec::BankPriority::kRead));
  b.ask(12, 0, 0, 11, 0, 0);  // one bank, two cycles
  EXPECT_EQ(b.banks.next_decision(), 11U);
  b.decide();
  EXPECT_EQ(b.banks.take_grant(BankUser::kWrite), 11U);
  EXPECT_FALSE(b.banks.take_grant(BankUser::kRead).has_value());
  EXPECT_EQ(b.banks.next_decision(), 12U);
  EXPECT_EQ(b.banks.conflicts(), 0U);
}

TEST(PsumBanks, ForgetRequestsAndCountsAtALayersStart) {
  Bench b(one_port(spec::BankInterleaving::kWord, spec::BankPriority::kRead));
  b.ask(9, 0, 0, 9, 0, 0);
  b.decide();
  b.banks.start_layer(4);
  EXPECT_FALSE(b.banks.next_decision().has_value());
  EXPECT_FALSE(b.banks.take_grant(BankUser::kRead).has_value());
  EXPECT_EQ(b.banks.conflicts(), 0U);
}

}  // namespace
}  // namespace rowan::hardware
