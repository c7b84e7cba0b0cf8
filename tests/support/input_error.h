// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/base/error.h"

namespace rowan::support {

/// Message of the InputError that a call throws; "no error" when it throws none.
template <class Call>
[[nodiscard]] std::string input_error(Call&& call) {
  try {
    static_cast<void>(call());
  } catch (const InputError& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace rowan::support
