// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/arithmetic/pe_type.h"

/// The post-processing unit's arithmetic (docs/machine.md section 10) once more, for tests: shares
/// no code with models/arithmetic. Words have 16 bits.
namespace rowan::support {

/// 32768 Phi(i / 32) and 2^24 2^(-i / 64), to nearest.
[[nodiscard]] std::int64_t reference_phi(std::int64_t i);
[[nodiscard]] std::int64_t reference_power(std::int64_t i);

[[nodiscard]] arithmetic::Word reference_clamp(std::int64_t value);
/// (2 a + b) / (2 b), rounded towards minus infinity.
[[nodiscard]] std::int64_t reference_quotient(std::int64_t a, std::int64_t b);
/// a / 2^shift to nearest, halves up.
[[nodiscard]] std::int64_t reference_shift(std::int64_t a, unsigned shift);
[[nodiscard]] arithmetic::Word reference_gelu(arithmetic::Word x, unsigned fraction_bits);
/// Of the words of one group at one position.
[[nodiscard]] std::vector<arithmetic::Word> reference_softmax(
    const std::vector<arithmetic::Word>& x, unsigned fraction_bits, unsigned ofmap_fraction_bits);
/// Of all words of a position; `parameters` [words][gain, offset].
[[nodiscard]] std::vector<arithmetic::Word> reference_layer_norm(
    const std::vector<arithmetic::Word>& x, const std::vector<arithmetic::Word>& parameters,
    unsigned ofmap_fraction_bits, unsigned gain_fraction_bits);

}  // namespace rowan::support
