// SPDX-License-Identifier: Apache-2.0
#include "models/analytical/loop_nest/nest.h"

#include <set>

#include "models/base/text.h"

namespace rowan::analytical::loop_nest {
namespace {

constexpr std::uint64_t kMostMacs = std::uint64_t{1} << 62U;
constexpr std::uint64_t kMostTaps = std::uint64_t{1} << 20U;
constexpr std::size_t kMostLevels = 64;

/// a * b, or more than kMostMacs if that is.
std::uint64_t saturating_product(std::uint64_t a, std::uint64_t b) {
  return a > kMostMacs / b ? kMostMacs + 1 : a * b;
}

Dim dim_at(std::size_t index) { return static_cast<Dim>(index); }

std::string key_of(Dim dim) { return std::string("problem.") + name_of(dim); }

std::optional<Fault> find_in_problem(const Problem& problem) {
  std::uint64_t macs = 1;
  for (std::size_t i = 0; i < kDims; ++i) {
    const unsigned size = problem.size[dim_at(i)];
    if (size == 0) return Fault{key_of(dim_at(i)), "must be at least 1"};
    macs = saturating_product(macs, size);
  }
  if (macs > kMostMacs) return Fault{"problem", "has more than 2^62 MACs"};
  if (problem.width_stride == 0 || problem.height_stride == 0 || problem.width_dilation == 0 ||
      problem.height_dilation == 0) {
    return Fault{"problem", "strides and dilations must be at least 1"};
  }
  const auto& size = problem.size;
  if (std::uint64_t{size[Dim::kP]} * size[Dim::kR] > kMostTaps) {
    return Fault{"problem", "P times R is more than 2^20"};
  }
  if (std::uint64_t{size[Dim::kQ]} * size[Dim::kS] > kMostTaps) {
    return Fault{"problem", "Q times S is more than 2^20"};
  }
  return std::nullopt;
}

std::optional<Fault> find_in_levels(const std::vector<Level>& levels) {
  if (levels.empty()) return Fault{"levels", "there must be at least one"};
  if (levels.size() > kMostLevels) return Fault{"levels", "there are more than 64"};
  std::set<std::string> names;
  for (std::size_t i = 0; i < levels.size(); ++i) {
    const std::string key = "levels[" + std::to_string(i) + "]";
    if (levels[i].name.empty()) return Fault{key + ".name", "must not be empty"};
    if (!names.insert(levels[i].name).second) {
      return Fault{key + ".name", "there are two levels of this name"};
    }
    for (const std::vector<Loop>* loops : {&levels[i].temporal, &levels[i].spatial}) {
      for (const Loop& loop : *loops) {
        if (loop.bound == 0) return Fault{key, "a loop's bound must be at least 1"};
      }
    }
  }
  for (const Data data : kAllData) {
    if (!levels.front().holds(data)) {
      return Fault{
          "levels[0].keeps",
          std::string("the outermost level must keep all data, and lacks ") + name_of(data)};
    }
  }
  return std::nullopt;
}

/// The loops over a dimension, such as "DRAM 2 x glb 3".
std::string loops_over(Dim dim, const std::vector<Level>& levels) {
  std::string text;
  for (const Level& level : levels) {
    for (const std::vector<Loop>* loops : {&level.temporal, &level.spatial}) {
      for (const Loop& loop : *loops) {
        if (loop.dim != dim || loop.bound == 1) continue;
        text +=
            (text.empty() ? "" : " x ") + printable(level.name) + " " + std::to_string(loop.bound);
      }
    }
  }
  return text.empty() ? "no loop" : text;
}

std::optional<Fault> find_in_bounds(const Nest& nest) {
  PerDim<std::uint64_t> product{{1, 1, 1, 1, 1, 1, 1, 1}};
  for (const Level& level : nest.levels) {
    for (const std::vector<Loop>* loops : {&level.temporal, &level.spatial}) {
      for (const Loop& loop : *loops) {
        product[loop.dim] = saturating_product(product[loop.dim], loop.bound);
      }
    }
  }
  for (std::size_t i = 0; i < kDims; ++i) {
    const Dim dim = dim_at(i);
    if (product[dim] == nest.problem.size[dim]) continue;
    return Fault{key_of(dim), "is " + std::to_string(nest.problem.size[dim]) +
                                  ", but the bounds of its loops must multiply to just that: " +
                                  loops_over(dim, nest.levels)};
  }
  return std::nullopt;
}

}  // namespace

const char* name_of(Dim dim) {
  switch (dim) {
    case Dim::kN:
      return "N";
    case Dim::kG:
      return "G";
    case Dim::kM:
      return "M";
    case Dim::kC:
      return "C";
    case Dim::kP:
      return "P";
    case Dim::kQ:
      return "Q";
    case Dim::kR:
      return "R";
    case Dim::kS:
      return "S";
  }
  return "";
}

const char* name_of(Data data) {
  switch (data) {
    case Data::kWeights:
      return "Weights";
    case Data::kInputs:
      return "Inputs";
    case Data::kOutputs:
      return "Outputs";
  }
  return "";
}

std::optional<Fault> find_fault(const Nest& nest) {
  if (auto fault = find_in_problem(nest.problem)) return fault;
  if (auto fault = find_in_levels(nest.levels)) return fault;
  return find_in_bounds(nest);
}

}  // namespace rowan::analytical::loop_nest
