// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/pe_type.h"

#include <algorithm>
#include <stdexcept>

#include "models/arithmetic/integer_mac.h"

namespace rowan::arithmetic {

const std::vector<PeType>& pe_types() {
  static const std::vector<PeType> kTypes{
      {"int16", "16-bit integers, one product a cycle, psums that wrap", 16, 16,
       integer_mac_window()},
  };
  return kTypes;
}

const PeType& pe_type(const std::string& name) {
  const std::vector<PeType>& types = pe_types();
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const PeType& type) { return name == type.name; });
  if (found == types.end()) throw std::out_of_range("no PE type '" + name + "'");
  return *found;
}

}  // namespace rowan::arithmetic
