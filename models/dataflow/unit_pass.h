// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/psum_tile.h"

namespace rowan::dataflow {

/// What the post-processing unit can do to a tile. Arithmetic: docs/machine.md section 10.
enum class UnitOperation : std::uint8_t {
  kMaxPooling,
  kAveragePooling,
  kRelu,
  kAddition,  ///< of two operands, plane by plane
  kGelu,
  kSoftmax,    ///< over the planes of a group, at each position
  kLayerNorm,  ///< over all planes, at each position; parameters [planes][gain, offset]
  kTokens,     ///< adds parameters [planes][result columns]
  kSelect,     ///< passes words on
};

/// Pooling: result (i, j) of a plane covers the tile's rows from `first_row + i * stride` on, and
/// its columns from `first_column + j * stride` on. Positions outside the tile are padding.
struct UnitWindow {
  std::uint32_t rows = 1;
  std::uint32_t columns = 1;
  std::uint32_t stride = 1;
  std::int32_t first_row = 0;
  std::int32_t first_column = 0;
};

/// How an operation makes its words; what it has no use for is ignored. Floating point has no use
/// for shifts and bits.
struct UnitArithmetic {
  bool relu = false;                 ///< addition: negative sums become 0
  unsigned shift = 0;                ///< addition: sums are divided by 2^shift
  unsigned fraction_bits = 0;        ///< of an ifmap word: GELU, softmax
  unsigned ofmap_fraction_bits = 0;  ///< of a result: softmax, layer norm
  unsigned gain_fraction_bits = 0;   ///< of a gain: layer norm
  unsigned activation_bits = 16;     ///< of ifmap words and results
  arithmetic::Numbers numbers = arithmetic::Numbers::kInteger;
};

/// A pass of the post-processing unit: makes the planes of a psum tile from those of an ifmap tile.
/// Names no layer's letters.
///
/// The ifmap tile is [planes + second_planes][rows][columns] words, without padding. Result plane k
/// is made of plane k, softmax's and layer norm's of the other planes of its group too; it has a
/// word for each window (pooling), for each position (else), or (tokens) the tile's words row by
/// row, after a word of the parameters alone with `class_token`.
struct UnitPass {
  UnitOperation operation = UnitOperation::kRelu;
  std::uint32_t planes = 1;         ///< of the first operand, and of the results
  std::uint32_t second_planes = 0;  ///< addition: planes of the second operand; 0 is added to the
                                    ///< planes of the first that go beyond
  std::uint32_t rows = 1;
  std::uint32_t columns = 1;
  std::uint32_t groups = 1;  ///< softmax: parts of the planes, of equal size
  bool class_token = false;  ///< tokens: result column 0 is the plane's first parameter
  UnitWindow window;
  UnitArithmetic arithmetic;
  std::shared_ptr<const PsumTileShape> results;
};

}  // namespace rowan::dataflow
