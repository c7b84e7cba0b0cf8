// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include "models/arithmetic/pe_type.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::support {

/// What a layer says about words.
struct LayerArithmetic {
  unsigned product_shift = 0;
  unsigned product_bits = 16;
  bool relu = true;
  unsigned ofmap_shift = 0;
  unsigned activation_bits = 16;
  unsigned weight_bits = 16;
  std::vector<unsigned> filter_shifts = {};  ///< [filters] in place of ofmap_shift, or empty
};

/// The rules of docs/machine.md, section 5, on one word at a time: products are those of the
/// numbers that words stand for, in binary64, which holds every one of them exactly.
class ClockedArithmetic {
 public:
  ClockedArithmetic(const spec::PeSpec& pe, const LayerArithmetic& layer)
      : type_(arithmetic::pe_type(pe.type)), pe_(pe), layer_(layer) {}

  /// A psum after one more product.
  [[nodiscard]] arithmetic::Word mac(arithmetic::Word psum, arithmetic::Word activation,
                                     arithmetic::Word weight) const;
  /// The psum from below or the GLB plus the PE's own.
  [[nodiscard]] arithmetic::Word add(arithmetic::Word incoming, arithmetic::Word own) const;
  /// The ofmap word of a filter's finished psum.
  [[nodiscard]] arithmetic::Word post_process(arithmetic::Word psum, std::size_t filter) const;

 private:
  [[nodiscard]] arithmetic::Word sum(std::int64_t a, std::int64_t b) const;

  const arithmetic::PeType& type_;
  spec::PeSpec pe_;
  LayerArithmetic layer_;
};

}  // namespace rowan::support
