// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <systemc>

#include "models/arithmetic/pe_type.h"
#include "models/base/units.h"

namespace rowan::hardware {

/// A PE's local memory: `size` words, one write port. Read and written in the cycle of the access;
/// the PE keeps the times, counts the accesses, and checks that a pass fits.
class Scratchpad final : public sc_core::sc_module {
 public:
  Scratchpad(const sc_core::sc_module_name& name, Words size)
      : sc_module(name), words_(size.value()) {}

  [[nodiscard]] std::size_t size() const { return words_.size(); }
  [[nodiscard]] arithmetic::Word* data() { return words_.data(); }

 private:
  std::vector<arithmetic::Word> words_;
};

}  // namespace rowan::hardware
