// SPDX-License-Identifier: Apache-2.0
#include "tests/support/yaml_mutator.h"

#include <algorithm>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include <gtest/gtest.h>

#include "models/base/error.h"

namespace rowan::support {
namespace {

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

const std::vector<std::string>& scalars() {
  static const std::vector<std::string> kScalars{"0",
                                                 "1",
                                                 "-1",
                                                 "2",
                                                 "3",
                                                 "7",
                                                 "8",
                                                 "15",
                                                 "16",
                                                 "63",
                                                 "64",
                                                 "127",
                                                 "128",
                                                 "255",
                                                 "4096",
                                                 "65535",
                                                 "65536",
                                                 "4294967295",
                                                 "4294967296",
                                                 "18446744073709551615",
                                                 "18446744073709551616",
                                                 "99999999999999999999999999",
                                                 "1.5",
                                                 "1e9",
                                                 "1e999",
                                                 "-1e-999",
                                                 ".nan",
                                                 "nan",
                                                 ".inf",
                                                 "0x10",
                                                 "010",
                                                 "1_000",
                                                 "true",
                                                 "false",
                                                 "yes",
                                                 "~",
                                                 "null",
                                                 "''",
                                                 "'1'",
                                                 "\"\\x00\"",
                                                 "\"\\u2028\"",
                                                 "drain",
                                                 "none",
                                                 "int16",
                                                 "text",
                                                 "a b",
                                                 "&a x",
                                                 "*a",
                                                 "!!int 1",
                                                 "!x",
                                                 "|",
                                                 ">",
                                                 "- 1",
                                                 "?",
                                                 "[",
                                                 "]",
                                                 "{",
                                                 "}",
                                                 "@",
                                                 "`",
                                                 "%",
                                                 "# c",
                                                 "\xff",
                                                 "\xc3\xa9",
                                                 "<<"};
  return kScalars;
}

}  // namespace

std::string YamlMutator::next() {
  if (random_.below(8) == 0) return random_value(0);
  std::string text = files_[random_.below(files_.size())];
  for (std::uint64_t left = random_.below(5); left > 0; --left) mutate(text);
  return text;
}

void YamlMutator::mutate(std::string& text) {
  if (text.empty()) return;
  switch (random_.below(6)) {
    case 0:
      return mutate_bytes(text);
    case 1:
      return mutate_lines(text);
    case 2:
      return replace_key(text);
    default:
      return replace_value(text);
  }
}

void YamlMutator::mutate_bytes(std::string& text) {
  const std::size_t at = random_.below(text.size());
  const std::size_t count = std::min<std::size_t>(random_.below(8) + 1, text.size() - at);
  switch (random_.below(5)) {
    case 0:
      text[at] = static_cast<char>(random_.below(256));
      return;
    case 1:
      text.insert(at, 1, pick({":", "-", "[", "{", "\"", "'", "#", "&", "*", "\t", " ", "\n"})[0]);
      return;
    case 2:
      text.erase(at, count);
      return;
    case 3:
      text.insert(at, text.substr(at, count));
      return;
    default:
      text.resize(at);
  }
}

void YamlMutator::mutate_lines(std::string& text) {
  std::vector<std::string> lines = split_lines(text);
  if (lines.empty()) return;
  const std::size_t at = random_.below(lines.size());
  const std::size_t other = random_.below(lines.size());
  switch (random_.below(5)) {
    case 0:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(at), std::string(lines[other]));
      break;
    case 2:
      std::swap(lines[at], lines[other]);
      break;
    case 3:
      lines[at].insert(0, random_.below(5), ' ');
      break;
    default:
      lines[at].erase(0, random_.below(4));
  }
  text = join_lines(lines);
}

void YamlMutator::replace_value(std::string& text) {
  std::vector<std::string> lines = split_lines(text);
  if (lines.empty()) return;
  std::string& line = lines[random_.below(lines.size())];
  const std::size_t colon = line.find(": ");
  if (colon == std::string::npos) return;
  line = line.substr(0, colon + 2) + (random_.below(4) == 0 ? random_value(3) : pick(scalars()));
  text = join_lines(lines);
}

void YamlMutator::replace_key(std::string& text) {
  std::vector<std::string> lines = split_lines(text);
  if (lines.empty()) return;
  std::string& line = lines[random_.below(lines.size())];
  const std::size_t colon = line.find(':');
  const std::size_t first = line.find_first_not_of(" -");
  if (colon == std::string::npos || first >= colon) return;
  std::string key = line.substr(first, colon - first);
  switch (random_.below(3)) {
    case 0:
      key.erase(random_.below(key.size()), 1);
      break;
    case 1:
      key.resize(std::min(key.find('_'), key.size()));
      break;
    default:
      key = pick(scalars());
  }
  line = line.substr(0, first) + key + line.substr(colon);
  text = join_lines(lines);
}

std::string YamlMutator::random_value(unsigned depth) {
  if (depth >= 4 || random_.below(3) == 0) return pick(scalars());
  const bool mapping = random_.below(2) == 0;
  std::string text = mapping ? "{" : "[";
  for (std::uint64_t left = random_.below(4); left > 0; --left) {
    if (mapping) text += pick({"schema", "name", "layers", "array", "pe", "a", "1"}) + ": ";
    text += random_value(depth + 1) + (left > 1 ? ", " : "");
  }
  return text + (mapping ? "}" : "]");
}

std::string YamlMutator::pick(const std::vector<std::string>& choices) {
  return choices[random_.below(choices.size())];
}

void fuzz_yaml_reader(const std::vector<std::string>& files, std::uint64_t seed, int cases,
                      const std::function<void(const std::string&, const std::string&)>& read) {
  const std::string name = "fuzz.yaml";
  YamlMutator mutator(files, seed);
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < cases; ++i) {
    const std::string text = mutator.next();
    try {
      read(text, name);
      ++accepted;
    } catch (const InputError& error) {
      const std::string message = error.what();
      ++refused;
      const bool one_line = message.find('\n') == std::string::npos;
      ASSERT_TRUE(message.rfind(name + ":", 0) == 0 && one_line)
          << "case " << i << ": " << message << "\nof:\n"
          << text;
    } catch (const std::exception& error) {
      FAIL() << "case " << i << ": " << error.what() << "\nof:\n" << text;
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_GT(refused, accepted / 10);
}

std::vector<std::string> yaml_files(const std::string& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(ROWAN_SOURCE_DIR) + "/" + folder)) {
    if (entry.path().extension() == ".yaml") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<std::string> texts;
  for (const auto& path : paths) {
    std::ifstream in(path, std::ios::binary);
    texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }
  return texts;
}

}  // namespace rowan::support
