// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/pe_type.h"

#include <algorithm>
#include <stdexcept>

namespace rowan::arithmetic {

// The rows of the table, each in a file of types/.
PeType int16_type();
PeType int8_type();
PeType int4_type();
PeType lightpe1_type();
PeType lightpe2_type();
PeType fp32_type();

const std::vector<PeType>& pe_types() {
  static const std::vector<PeType> kTypes{int16_type(),    int8_type(),     int4_type(),
                                          lightpe1_type(), lightpe2_type(), fp32_type()};
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
