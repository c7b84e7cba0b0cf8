// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace rowan::sim {

/// An option of a command: `--name VALUE`, or a flag.
struct Option {
  std::string name;
  std::string value;  ///< what its value is called in help; empty for a flag
  std::string meaning;
};

/// The arguments of a command after parsing.
class Arguments {
 public:
  /// Throws InputError for an unknown option (with the nearest one), a missing value, a value that
  /// a flag does not take, and an option that is given twice.
  static Arguments parse(const std::vector<std::string>& arguments,
                         const std::vector<Option>& options);

  /// What is no option, in order.
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }
  [[nodiscard]] bool has(const std::string& option) const { return values_.count(option) != 0; }
  [[nodiscard]] std::optional<std::string> value(const std::string& option) const;
  /// The name of something. Throws InputError when it is empty.
  [[nodiscard]] std::optional<std::string> name(const std::string& option) const;
  /// The same; throws when the option is not given, too.
  [[nodiscard]] std::string required_name(const std::string& option) const;
  /// Throws InputError unless the value is a whole number in decimal digits and within the bounds.
  [[nodiscard]] std::optional<std::uint64_t> number(const std::string& option, std::uint64_t least,
                                                    std::uint64_t most) const;
  /// Throws InputError unless the value is one of `choices`, of which the first is the default.
  [[nodiscard]] std::string choice(const std::string& option,
                                   const std::vector<std::string>& choices) const;
  /// Throws InputError when there are more words than so many.
  void require_words(std::size_t most) const;

 private:
  std::vector<std::string> words_;
  std::map<std::string, std::string> values_;
};

}  // namespace rowan::sim
