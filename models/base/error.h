// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <stdexcept>
#include <string>

namespace rowan {

/// Where in the user's input something was found; line and column count from 1, 0 means "not
/// known".
struct Location {
  std::string file;
  int line = 0;
  int column = 0;
};

/// The user's input is wrong (exit 2). what() is one line: `file:line:column: key: message`,
/// whatever the name of the file.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(message) {}
  InputError(const Location& location, const std::string& key, const std::string& message)
      : std::runtime_error(format(location, key, message)) {}

 private:
  static std::string format(const Location& location, const std::string& key,
                            const std::string& message);
};

/// The simulated hardware cannot go on or broke an invariant: a bug in a schedule or a model (exit
/// 70). what() names the module and the cycle; for a deadlock, every blocked module and what it
/// waits for.
class HardwareError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace rowan
