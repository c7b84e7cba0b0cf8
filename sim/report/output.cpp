// SPDX-License-Identifier: Apache-2.0
#include "sim/report/output.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "models/base/error.h"

namespace rowan::sim {

void print(const std::string& text) {
  errno = 0;
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) {
    return;
  }
  throw InputError("cannot write to standard output: " + std::generic_category().message(errno));
}

}  // namespace rowan::sim
