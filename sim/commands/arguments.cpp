// SPDX-License-Identifier: Apache-2.0
#include "sim/commands/arguments.h"

#include <algorithm>
#include <charconv>

#include <boost/program_options.hpp>

#include "models/base/error.h"
#include "models/base/suggest.h"
#include "models/base/text.h"

namespace rowan::sim {
namespace {

namespace po = boost::program_options;

po::options_description described(const std::vector<Option>& options) {
  po::options_description description;
  for (const Option& option : options) {
    if (option.value.empty()) {
      description.add_options()(option.name.c_str(), option.meaning.c_str());
    } else {
      description.add_options()(option.name.c_str(), po::value<std::string>(),
                                option.meaning.c_str());
    }
  }
  return description;
}

[[noreturn]] void fail_unknown(const std::string& name, const std::vector<Option>& options) {
  std::vector<std::string> known;
  for (const Option& option : options) known.push_back("--" + option.name);
  throw InputError("unknown option '" + printable(name) + "'" + did_you_mean(name, known));
}

[[noreturn]] void fail_missing(const std::string& name) {
  throw InputError(name + ": a value is missing");
}

bool is_flag(const std::string& name, const std::vector<Option>& options) {
  return std::any_of(options.begin(), options.end(), [&](const Option& option) {
    return "--" + option.name == name && option.value.empty();
  });
}

std::vector<po::option> tokens_of(const std::vector<std::string>& arguments,
                                  const std::vector<Option>& options) {
  namespace style = po::command_line_style;
  const po::options_description description = described(options);
  try {
    return po::command_line_parser(arguments)
        .options(description)
        .style(style::allow_long | style::long_allow_adjacent | style::long_allow_next)
        .allow_unregistered()
        .run()
        .options;
  } catch (const po::invalid_command_line_syntax& error) {
    const std::string name = printable(error.get_option_name());
    if (error.kind() == po::invalid_syntax::extra_parameter || is_flag(name, options)) {
      throw InputError(name + ": takes no value");
    }
    fail_missing(name);
  }
}

}  // namespace

Arguments Arguments::parse(const std::vector<std::string>& arguments,
                           const std::vector<Option>& options) {
  Arguments parsed;
  for (const po::option& token : tokens_of(arguments, options)) {
    const std::string first = token.original_tokens.empty() ? "" : token.original_tokens.front();
    if (token.position_key >= 0 && token.string_key.empty()) {
      if (first.size() > 1 && first[0] == '-') fail_unknown(first, options);
      parsed.words_.insert(parsed.words_.end(), token.value.begin(), token.value.end());
      continue;
    }
    if (token.unregistered) fail_unknown(first.substr(0, first.find('=')), options);
    const std::string value = token.value.empty() ? "" : token.value.front();
    if (token.original_tokens.size() > 1 && (value.rfind("--", 0) == 0 || value == "-h")) {
      fail_missing("--" + token.string_key);
    }
    if (!parsed.values_.emplace(token.string_key, value).second) {
      throw InputError("--" + token.string_key + ": is given twice");
    }
  }
  return parsed;
}

std::optional<std::string> Arguments::value(const std::string& option) const {
  const auto found = values_.find(option);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

std::optional<std::string> Arguments::name(const std::string& option) const {
  const auto found = value(option);
  if (found && found->empty()) throw InputError("--" + option + ": the name is empty");
  return found;
}

std::string Arguments::required_name(const std::string& option) const {
  const auto found = name(option);
  if (!found) throw InputError("--" + option + ": is missing");
  return *found;
}

std::optional<std::uint64_t> Arguments::number(const std::string& option, std::uint64_t least,
                                               std::uint64_t most) const {
  const auto text = value(option);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const char* end = text->data() + text->size();
  const auto [stop, error] = std::from_chars(text->data(), end, number);
  const bool digits = !text->empty() && std::all_of(text->begin(), text->end(),
                                                    [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) {
    throw InputError("--" + option + ": '" + printable(*text) + "' is not a whole number");
  }
  if (error != std::errc() || stop != end || number < least || number > most) {
    throw InputError("--" + option + ": " + printable(*text) + " is out of range, " +
                     std::to_string(least) + " to " + std::to_string(most));
  }
  return number;
}

std::string Arguments::choice(const std::string& option,
                              const std::vector<std::string>& choices) const {
  const std::string text = value(option).value_or(choices.front());
  if (std::find(choices.begin(), choices.end(), text) != choices.end()) return text;
  std::string list;
  for (const std::string& name : choices) list += (list.empty() ? "" : ", ") + name;
  throw InputError("--" + option + ": '" + printable(text) + "' is not one of " + list +
                   did_you_mean(text, choices));
}

void Arguments::require_words(std::size_t most) const {
  if (words_.size() <= most) return;
  throw InputError("unexpected argument '" + printable(words_[most]) + "'");
}

}  // namespace rowan::sim
