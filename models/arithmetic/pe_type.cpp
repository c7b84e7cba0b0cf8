// SPDX-License-Identifier: Apache-2.0
#include "models/arithmetic/pe_type.h"

#include <algorithm>
#include <cmath>
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

int activation_fraction_bits(const PeType& type) {
  if (type.numbers == Numbers::kFloat) return 0;
  const double most = std::ldexp(1.0, static_cast<int>(type.activation_bits) - 1);
  return std::ilogb(most / std::abs(type.weight_value(type.nearest_weight(-most))));
}

void make_weights(const PeType& type, Word* words, std::size_t count) {
  if (type.weight_fraction_bits == 0 && type.weight_bits == type.activation_bits) return;
  const int fraction_bits = activation_fraction_bits(type);
  const auto end = static_cast<Word>(std::uint32_t{1} << (type.activation_bits - 1));
  std::vector<Word> weights;  // from the lowest activation on
  weights.reserve(std::size_t{2} * static_cast<std::size_t>(end));
  for (Word word = -end; word < end; ++word) {
    weights.push_back(type.nearest_weight(std::ldexp(static_cast<double>(word), -fraction_bits)));
  }
  for (std::size_t i = 0; i < count; ++i) {
    words[i] = weights.at(static_cast<std::size_t>(words[i] + end));
  }
}

}  // namespace rowan::arithmetic
