// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "models/base/random.h"

/// A seeded fuzzer for the readers of YAML files.
namespace rowan::support {

/// Damages texts of valid files, and makes up others.
class YamlMutator {
 public:
  /// `files`: texts of valid files, at least one.
  YamlMutator(std::vector<std::string> files, std::uint64_t seed)
      : files_(std::move(files)), random_(seed) {}

  /// A file with one to four mutations of its bytes, lines, keys or values, or now and then random
  /// YAML.
  [[nodiscard]] std::string next();

 private:
  void mutate(std::string& text);
  void mutate_bytes(std::string& text);
  void mutate_lines(std::string& text);
  void replace_value(std::string& text);
  void replace_key(std::string& text);
  [[nodiscard]] std::string random_value(unsigned depth);
  [[nodiscard]] std::string pick(const std::vector<std::string>& choices);

  std::vector<std::string> files_;
  Random random_;
};

/// Hands `cases` mutated files to a reader of (text, file name). Each must be read, or refused with
/// an InputError whose message is one line that starts with the file name; anything else fails the
/// running test and shows the text. Of the cases, some must be read and some refused, or the fuzzer
/// tests nothing.
void fuzz_yaml_reader(const std::vector<std::string>& files, std::uint64_t seed, int cases,
                      const std::function<void(const std::string&, const std::string&)>& read);

/// Texts of all `*.yaml` files of a folder of the source tree, in alphabetical order.
[[nodiscard]] std::vector<std::string> yaml_files(const std::string& folder);

}  // namespace rowan::support
