// SPDX-License-Identifier: Apache-2.0
#include "workloads/activation_scales.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <string>
#include <utility>

#include "models/base/error.h"

namespace rowan::workloads {
namespace {

using arithmetic::Quantizer;

/// Sets of tensors, each named by one of them.
class Sets {
 public:
  explicit Sets(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }
  [[nodiscard]] std::size_t of(std::size_t tensor) const {
    while (parents_[tensor] != tensor) tensor = parents_[tensor];
    return tensor;
  }
  void unite(std::size_t a, std::size_t b) { parents_[of(b)] = of(a); }

 private:
  std::vector<std::size_t> parents_;
};

/// Bounds of a scale's exponent.
struct Bounds {
  int least = -1000;
  int most = 1000;

  void narrow(int new_least, int new_most) {
    least = std::max(least, new_least);
    most = std::min(most, new_most);
  }
};

/// The exponent of an ofmap is at least the sum of its operands' and `unit_exponent`, and at most
/// kMostShift more.
struct Order {
  std::size_t layer;
  std::size_t ofmap;
  std::vector<std::size_t> operands;
  int unit_exponent = 0;
};

constexpr int kMostFractionBits = 15;
constexpr int kMostShift = 31;

class ScaleRules {
 public:
  ScaleRules(const Network& network, int product_exponent)
      : product_exponent_(product_exponent),
        equal_(network.tensors.size()),
        proportional_(network.tensors.size()),
        whole_(network.tensors.size(), false),
        bounds_(network.tensors.size()) {
    for (std::size_t i = 0; i < network.layers.size(); ++i) add_layer(network, i);
    bound_scores(network);
  }

  [[nodiscard]] std::size_t set_of(std::size_t tensor) const { return equal_.of(tensor); }
  /// Sets whose scales differ by powers of two have one family.
  [[nodiscard]] std::size_t family_of(std::size_t tensor) const { return proportional_.of(tensor); }
  [[nodiscard]] const std::vector<Order>& orders() const { return orders_; }

  /// Whether a tensor's family must have powers of two.
  [[nodiscard]] bool is_whole(std::size_t tensor) const {
    for (std::size_t i = 0; i < whole_.size(); ++i) {
      if (whole_[i] && family_of(i) == family_of(tensor)) return true;
    }
    return false;
  }
  [[nodiscard]] Bounds bounds_of(std::size_t tensor) const {
    Bounds bounds;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
      if (set_of(i) == set_of(tensor)) bounds.narrow(bounds_[i].least, bounds_[i].most);
    }
    return bounds;
  }

 private:
  void make_equal(std::size_t a, std::size_t b) {
    equal_.unite(a, b);
    proportional_.unite(a, b);
  }
  void require_whole(std::size_t tensor) { whole_[tensor] = true; }
  void require_fraction(std::size_t tensor) {
    require_whole(tensor);
    bounds_[tensor].narrow(-kMostFractionBits, 0);
  }

  void add_layer(const Network& network, std::size_t position) {
    const Layer& layer = network.layers[position];
    const std::size_t ofmap = *find_tensor(network, layer.name);
    const std::size_t first = layer.operands.front().tensor;
    switch (layer.kind) {
      case LayerKind::kConvolution:
      case LayerKind::kFullyConnected:
        return;
      case LayerKind::kMatmul:
        require_whole(first);
        require_whole(layer.operands[1].tensor);
        require_whole(ofmap);
        orders_.push_back({position, ofmap, {first, layer.operands[1].tensor}, product_exponent_});
        return;
      case LayerKind::kPooling:
      case LayerKind::kRelu:
      case LayerKind::kTokens:
      case LayerKind::kSelect:
        return make_equal(first, ofmap);
      case LayerKind::kAdd:
        make_equal(first, layer.operands[1].tensor);
        proportional_.unite(first, ofmap);
        orders_.push_back({position, ofmap, {first}});
        return;
      case LayerKind::kGelu:
        make_equal(first, ofmap);
        return require_fraction(first);
      case LayerKind::kSoftmax:
        require_fraction(first);
        return require_fraction(ofmap);
      case LayerKind::kLayerNorm:
        return require_fraction(ofmap);
    }
  }

  /// A product's exponent of 0 at most needs factors that are not larger.
  void bound_scores(const Network& network) {
    for (const Order& order : orders_) {
      if (network.layers[order.layer].kind != LayerKind::kMatmul) continue;
      if (bounds_of(order.ofmap).most > 0) continue;
      for (const std::size_t operand : order.operands) {
        bounds_[operand].narrow(std::numeric_limits<int>::min(), std::min(0, -order.unit_exponent));
      }
    }
  }

  int product_exponent_;
  Sets equal_;
  Sets proportional_;
  std::vector<bool> whole_;
  std::vector<Bounds> bounds_;
  std::vector<Order> orders_;
};

/// Tensors of one scale.
class TensorSet {
 public:
  TensorSet(const FloatRun& run, const std::vector<std::size_t>& tensors, Bounds bounds,
            const std::vector<double>& least_scales)
      : bounds_(bounds) {
    for (const std::size_t tensor : tensors) {
      least_scale_ = std::max(least_scale_, least_scales[tensor]);
      const RealTensor& numbers = run.tensors[tensor];
      Member member{&numbers, 0};
      for (std::size_t i = 0; i < numbers.size(); ++i) {
        member.signal += numbers.data()[i] * numbers.data()[i];
      }
      peak_ = std::max(peak_, arithmetic::peak_of(numbers.data(), numbers.size()));
      if (member.signal > 0) members_.push_back(member);
    }
  }

  /// Without a number other than 0, any scale is as good.
  [[nodiscard]] bool is_zero() const { return members_.empty(); }

  struct Fit {
    int exponent = 0;
    double error = 0;
  };
  /// The best scale base * 2^exponent.
  [[nodiscard]] Fit fit(const Quantizer& quantizer, double base) const {
    if (members_.empty()) return {std::clamp(0, bounds_.least, bounds_.most), 0};
    const int unclipped = arithmetic::unclipped_exponent(quantizer, peak_, base);
    const int most = bounds_.most;
    int least = bounds_.least;
    if (least_scale_ > 0) {
      least = std::min(std::max(least, static_cast<int>(std::ceil(std::log2(least_scale_ / base)))),
                       most);
    }
    Fit best{0, std::numeric_limits<double>::infinity()};
    std::optional<int> tried;
    for (int octave = 0; octave <= arithmetic::kScaleOctaves; ++octave) {
      const int exponent = std::clamp(unclipped - octave, least, most);
      if (exponent == tried) continue;
      tried = exponent;
      double error = 0;
      for (const Member& member : members_) {
        error += quantizer.squared_error(member.numbers->data(), member.numbers->size(),
                                         std::ldexp(base, exponent)) /
                 member.signal;
      }
      if (error < best.error) best = {exponent, error};
    }
    return best;
  }

 private:
  struct Member {
    const RealTensor* numbers;
    double signal;
  };
  std::vector<Member> members_;
  double peak_ = 0;
  double least_scale_ = 0;
  Bounds bounds_;
};

class ScaleChoice {
 public:
  ScaleChoice(const Network& network, const FloatRun& run, const Quantizer& quantizer,
              ScaleKind kind, const std::vector<double>& least_scales, int product_exponent)
      : network_(network),
        run_(run),
        quantizer_(quantizer),
        kind_(kind),
        least_scales_(least_scales),
        rules_(network, product_exponent),
        bases_(network.tensors.size(), 1.0),
        exponents_(network.tensors.size(), 0),
        zero_(network.tensors.size(), false) {}

  std::vector<double> choose() {
    for (std::size_t tensor = 0; tensor < network_.tensors.size(); ++tensor) {
      if (rules_.family_of(tensor) == tensor && has_scale(tensor)) fit_family(tensor);
    }
    lower_sets_of_zeros();
    obey_orders();
    std::vector<double> scales(network_.tensors.size(), 1.0);
    for (std::size_t tensor = 0; tensor < scales.size(); ++tensor) {
      if (!has_scale(tensor)) continue;
      scales[tensor] =
          std::ldexp(bases_[rules_.family_of(tensor)], exponents_[rules_.set_of(tensor)]);
    }
    return scales;
  }

 private:
  [[nodiscard]] bool has_scale(std::size_t tensor) const {
    return network_.tensors[tensor].role != TensorRole::kParameter;
  }

  /// The best base of a family, and each set's best exponent with it.
  void fit_family(std::size_t family) {
    std::vector<std::size_t> names;
    std::vector<TensorSet> sets;
    for (std::size_t tensor = 0; tensor < network_.tensors.size(); ++tensor) {
      if (rules_.family_of(tensor) != family || rules_.set_of(tensor) != tensor) continue;
      names.push_back(tensor);
      sets.emplace_back(run_, members_of(tensor), rules_.bounds_of(tensor), least_scales_);
      zero_[tensor] = sets.back().is_zero();
    }
    const int bases = kind_ == ScaleKind::kFree && !rules_.is_whole(family)
                          ? arithmetic::kFreeScalesPerOctave
                          : 1;
    double least_error = std::numeric_limits<double>::infinity();
    for (int i = 0; i < bases; ++i) {
      const double base = std::exp2(static_cast<double>(i) / bases);
      double error = 0;
      std::vector<int> exponents;
      for (const TensorSet& set : sets) {
        const TensorSet::Fit fit = set.fit(quantizer_, base);
        error += fit.error;
        exponents.push_back(fit.exponent);
      }
      if (error >= least_error) continue;
      least_error = error;
      bases_[family] = base;
      for (std::size_t set = 0; set < names.size(); ++set) exponents_[names[set]] = exponents[set];
    }
  }

  [[nodiscard]] std::vector<std::size_t> members_of(std::size_t set) const {
    std::vector<std::size_t> members;
    for (std::size_t tensor = 0; tensor < network_.tensors.size(); ++tensor) {
      if (has_scale(tensor) && rules_.set_of(tensor) == set) members.push_back(tensor);
    }
    return members;
  }

  /// Sets of zeros must not decide over others: they begin below all of these and their products,
  /// and are raised.
  void lower_sets_of_zeros() {
    int lowest = 0;
    for (std::size_t set = 0; set < exponents_.size(); ++set) {
      if (!zero_[set]) lowest = std::min(lowest, exponents_[set]);
    }
    const auto lower = [&](std::size_t tensor) {
      const std::size_t set = rules_.set_of(tensor);
      if (!zero_[set]) return;
      const Bounds bounds = rules_.bounds_of(set);
      exponents_[set] = std::clamp(2 * lowest, bounds.least, bounds.most);
    };
    for (const Order& order : rules_.orders()) {
      lower(order.ofmap);
      for (const std::size_t operand : order.operands) lower(operand);
    }
  }

  /// Raises scales until a shift of 0 to 31 bits leads from every layer's operands to its ofmap.
  void obey_orders() {
    for (bool changed = true; changed;) {
      changed = false;
      for (const Order& order : rules_.orders()) {
        if (exponent_of(order.ofmap) < least_exponent(order)) {
          raise_ofmap(order);
          changed = true;
        }
        if (exponent_of(order.ofmap) > least_exponent(order) + kMostShift) {
          raise_operands(order);
          changed = true;
        }
      }
    }
  }

  [[nodiscard]] int& exponent_of(std::size_t tensor) { return exponents_[rules_.set_of(tensor)]; }
  /// The exponent of an ofmap that is reached without a shift.
  [[nodiscard]] int least_exponent(const Order& order) {
    int least = order.unit_exponent;
    for (const std::size_t operand : order.operands) least += exponent_of(operand);
    return least;
  }
  [[noreturn]] void fail(const Order& order, const std::string& why) const {
    throw InputError("layer " + network_.layers[order.layer].name + " cannot be quantised: " + why);
  }

  void raise_ofmap(const Order& order) {
    const int least = least_exponent(order);
    const int most = rules_.bounds_of(order.ofmap).most;
    if (least > most) {
      fail(order, "its operands need a scale of 2^" + std::to_string(least) +
                      ", but the layer that takes its ofmap has at most 2^" + std::to_string(most));
    }
    exponent_of(order.ofmap) = least;
  }

  /// Numbers below 2^-31 of an ofmap's are nothing beside it, so that it loses nothing by coarser
  /// operands. Those of zeros come first, then the finest: other layers lose least by these.
  void raise_operands(const Order& order) {
    const std::size_t ofmap = rules_.set_of(order.ofmap);
    std::vector<std::size_t> operands = order.operands;
    std::stable_sort(operands.begin(), operands.end(), [&](std::size_t a, std::size_t b) {
      const auto rank = [&](std::size_t tensor) {
        return std::pair(!zero_[rules_.set_of(tensor)], exponent_of(tensor));
      };
      return rank(a) < rank(b);
    });
    for (const std::size_t operand : operands) {
      const std::size_t set = rules_.set_of(operand);
      if (set == ofmap) continue;
      const int missing = exponents_[ofmap] - kMostShift - least_exponent(order);
      const int room = rules_.bounds_of(operand).most - exponents_[set];
      exponents_[set] += std::clamp(missing, 0, std::max(room, 0));
    }
    const int most = least_exponent(order) + kMostShift;
    if (exponent_of(order.ofmap) <= most) return;
    fail(order, "its ofmap needs a scale of 2^" + std::to_string(exponent_of(order.ofmap)) +
                    ", but a shift of at most " + std::to_string(kMostShift) +
                    " bits leads from its operands to at most 2^" + std::to_string(most));
  }

  const Network& network_;
  const FloatRun& run_;
  const Quantizer& quantizer_;
  ScaleKind kind_;
  const std::vector<double>& least_scales_;
  ScaleRules rules_;
  std::vector<double> bases_;   ///< by family
  std::vector<int> exponents_;  ///< by set
  std::vector<bool> zero_;      ///< by set: whether it has zeros alone
};

}  // namespace

std::vector<double> activation_scales(const Network& network, const FloatRun& run,
                                      const Quantizer& quantizer, ScaleKind kind,
                                      const std::vector<double>& least_scales,
                                      int product_exponent) {
  if (quantizer.exact()) return std::vector<double>(network.tensors.size(), 1.0);
  return ScaleChoice(network, run, quantizer, kind, least_scales, product_exponent).choose();
}

}  // namespace rowan::workloads
