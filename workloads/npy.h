// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/arithmetic/pe_type.h"
#include "workloads/layer.h"
#include "workloads/tensor.h"

namespace rowan::workloads {

/// Reads a tensor of `words` from a .npy file (format 1.0, 2.0 or 3.0): dtype i1, u1, i2 or i4,
/// little-endian, C order.
///
/// Throws InputError, naming the file, what was expected and what was found, when the file cannot
/// be read, is no such file, ends early or goes on after its data, has another shape than
/// `extents`, or holds a value outside a two's complement word of `word_bits` (1 to 32).
///
/// Source: NumPy, "The .npy format" (NEP 1 and the documentation of numpy.lib.format).
[[nodiscard]] Tensor read_npy(const std::string& path, const Extents& extents, unsigned word_bits);
/// The same for words of binary32: also dtype f4, whose numbers' bits are the words; integers are
/// the bits themselves.
[[nodiscard]] Tensor read_fp32_npy(const std::string& path, const Extents& extents);

/// Reads a tensor of numbers: dtype f4, little-endian, C order. Throws InputError likewise, and
/// when a number is infinite or not a number.
[[nodiscard]] FloatTensor read_float_npy(const std::string& path, const Extents& extents);

/// Writes a tensor as a .npy file of format 1.0, dtype i2. Throws InputError when the file cannot
/// be written, and std::invalid_argument when a word needs more than 16 bits.
void write_npy(const std::string& path, const Tensor& tensor);
/// Writes numbers, dtype f4. Throws InputError when the file cannot be written.
void write_npy(const std::string& path, const FloatTensor& tensor);

/// Reads a layer's operands from `<directory>/<layer>.ifmap.npy` [images][C][H][W] and, of a layer
/// that takes two, `<layer>.ifmap2.npy`; its parameters, if it has any, from `<layer>.filters.npy`
/// on the array, else from `<layer>.parameters.npy`. Words are those of the type: throws as
/// read_npy() or, for fp32, read_fp32_npy() does.
[[nodiscard]] LayerTensors read_layer_tensors(const std::string& directory, const Layer& layer,
                                              std::size_t images, const arithmetic::PeType& type);

}  // namespace rowan::workloads
