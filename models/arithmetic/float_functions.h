// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "models/arithmetic/pe_type.h"

/// Functions of the post-processing unit on binary32 words, to the bit as docs/machine.md section
/// 10 states: in binary64, rounded once, every NaN to the one. Source: assumption, no paper
/// describes them; the tanh form of GELU is D. Hendrycks, K. Gimpel, arXiv:1606.08415.
namespace rowan::arithmetic {

/// e^x, within a few units of binary64's last place; 0 below -700, infinity above 700.
[[nodiscard]] double float_exp(double x);

/// Of a word and the next one, the larger; a NaN before any number.
[[nodiscard]] Word float_larger(Word word, Word next);

/// x where it is positive or a NaN, else +0.
[[nodiscard]] Word float_relu(Word x);

/// a + b in binary32.
[[nodiscard]] Word float_sum(Word a, Word b);

/// x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
[[nodiscard]] Word float_gelu(Word x);

/// results [count]: e^x over the sum of them all, of words `x` [count]; `count` is at least 1.
void float_softmax(const Word* x, std::size_t count, Word* results);

/// results [count]: x less the mean, over the standard deviation, times the gain plus the offset.
/// `x` [count], `parameters` [count][gain, offset].
void float_layer_norm(const Word* x, std::size_t count, const Word* parameters, Word* results);

}  // namespace rowan::arithmetic
