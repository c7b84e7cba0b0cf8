// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/help.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/report/plain_text.h"
#include "sim/version.h"

namespace rowan::sim {
namespace {

constexpr std::size_t kLineWidth = 100;

/// Terms and their meanings, in two columns.
class Glossary {
 public:
  void add(const std::string& term, const std::string& meaning) {
    entries_.push_back({term, meaning});
    width_ = std::max(width_, term.size());
  }

  [[nodiscard]] std::string text() const {
    std::string out;
    const std::size_t indent = width_ + 4;
    for (const auto& [term, meaning] : entries_) {
      std::string left = term;
      for (const std::string& line : wrapped(meaning, kLineWidth - indent)) {
        out += "  " + left + std::string(indent - 2 - left.size(), ' ') + line + "\n";
        left.clear();
      }
    }
    return out;
  }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
  std::size_t width_ = 0;
};

std::string term_of(const Option& option) {
  return "--" + option.name + (option.value.empty() ? "" : " " + option.value);
}

}  // namespace

std::string program_help() {
  Glossary summaries;
  std::string examples;
  for (const Command& command : commands()) {
    summaries.add(command.name, command.summary);
    examples += std::string("  ") + command.example + "\n";
  }
  return "Rowan simulates row-stationary accelerators of deep neural networks, cycle by cycle.\n\n"
         "usage: rowan COMMAND [ARGUMENT...]\n"
         "       rowan COMMAND --help\n"
         "       rowan --help | --version\n\n"
         "commands:\n" +
         summaries.text() + "\nexamples:\n" + examples +
         "\nexit status: 0 success, 1 outputs differ from the golden operations, 2 wrong input,\n"
         "70 an error of the simulator, 130 interrupted\n";
}

std::string command_help(const Command& command) {
  Glossary options;
  for (const Option& option : command.options) options.add(term_of(option), option.meaning);
  return std::string("rowan ") + command.name + ": " + command.summary + "\n\nusage: rowan " +
         command.name + " " + command.usage + "\n" +
         (command.options.empty() ? "" : "\noptions:\n" + options.text()) + "\nexample:\n  " +
         command.example + "\n";
}

std::string version_line() { return std::string("rowan ") + kVersion + " (" + kRevision + ")\n"; }

}  // namespace rowan::sim
