// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// A convolution as a loop nest over storage levels: any order, tiling, bypass and fan-out.
namespace rowan::analytical::loop_nest {

/// Dimensions of a convolution, by Timeloop's letters. Output (P, Q) of filter M reads input
/// (P Wstride + R Wdilation, Q Hstride + S Hdilation) of each channel C.
enum class Dim : std::uint8_t {
  kN,  ///< images
  kG,  ///< groups: M and C are those of one group
  kM,  ///< filters
  kC,  ///< channels
  kP,  ///< ofmap columns
  kQ,  ///< ofmap rows
  kR,  ///< filter columns
  kS   ///< filter rows
};
constexpr std::size_t kDims = 8;
/// Such as "M".
[[nodiscard]] const char* name_of(Dim dim);

enum class Data : std::uint8_t { kWeights, kInputs, kOutputs };
constexpr std::array<Data, 3> kAllData{Data::kWeights, Data::kInputs, Data::kOutputs};
/// Such as "Weights".
[[nodiscard]] const char* name_of(Data data);

/// One value for each dimension.
template <class T>
struct PerDim {
  std::array<T, kDims> values{};
  [[nodiscard]] T& operator[](Dim dim) { return values[static_cast<std::size_t>(dim)]; }
  [[nodiscard]] const T& operator[](Dim dim) const { return values[static_cast<std::size_t>(dim)]; }
};

/// The layer. What is left out is 1.
struct Problem {
  PerDim<unsigned> size{{1, 1, 1, 1, 1, 1, 1, 1}};
  unsigned width_stride = 1;
  unsigned height_stride = 1;
  unsigned width_dilation = 1;
  unsigned height_dilation = 1;
};

struct Loop {
  Dim dim = Dim::kN;
  unsigned bound = 1;
};

/// A storage level; a nest has one instance of the outermost and as many of the others as the
/// spatial loops of the levels outside it make.
struct Level {
  std::string name;
  std::array<bool, 3> keeps{};  ///< by Data; what it does not keep goes past it
  std::vector<Loop> temporal;   ///< outermost first; outside the spatial ones
  std::vector<Loop> spatial;    ///< the fan-out below the level, outermost first

  [[nodiscard]] bool holds(Data data) const { return keeps[static_cast<std::size_t>(data)]; }
};

/// Levels from DRAM inwards; inside the last one is one multiply-accumulate of each instance.
struct Nest {
  std::string description;
  std::string source;
  Problem problem;
  std::vector<Level> levels;
};

/// What is wrong with a nest, and the key that says so, such as `problem.P`.
struct Fault {
  std::string key;
  std::string message;
};

/// Whether a nest makes sense: named levels, an outermost level that keeps everything, loops whose
/// bounds multiply to the problem's sizes, and counts that fit 64 bits.
[[nodiscard]] std::optional<Fault> find_fault(const Nest& nest);

}  // namespace rowan::analytical::loop_nest
