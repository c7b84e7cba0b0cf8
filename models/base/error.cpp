// SPDX-License-Identifier: Apache-2.0
#include "models/base/error.h"

namespace rowan {

std::string InputError::format(const Location& location, const std::string& key,
                               const std::string& message) {
  std::string text;
  if (!location.file.empty()) {
    text = location.file + ":";
    if (location.line > 0) {
      text += std::to_string(location.line) + ":" + std::to_string(location.column) + ":";
    }
    text += " ";
  }
  if (!key.empty()) text += key + ": ";
  return text + message;
}

}  // namespace rowan
