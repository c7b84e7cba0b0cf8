// SPDX-License-Identifier: Apache-2.0
#include "models/base/error.h"

#include "models/base/text.h"

namespace rowan {
namespace {

/// Bytes of a file's name that are printed.
constexpr std::size_t kLongestFileName = 512;

}  // namespace

std::string InputError::format(const Location& location, const std::string& key,
                               const std::string& message) {
  std::string text;
  if (!location.file.empty()) {
    text = printable(location.file, kLongestFileName) + ":";
    if (location.line > 0) {
      text += std::to_string(location.line) + ":" + std::to_string(location.column) + ":";
    }
    text += " ";
  }
  if (!key.empty()) text += key + ": ";
  return text + message;
}

}  // namespace rowan
