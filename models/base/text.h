// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include "models/base/units.h"

namespace rowan {

/// Length of the UTF-8 sequence that starts at `begin`; 0 when there is no valid one.
[[nodiscard]] std::size_t utf8_length(const std::string& text, std::size_t begin);

/// Whether the valid UTF-8 sequence that starts at `begin` steers a terminal instead of being seen:
/// C0 and C1 control characters, DEL, the line and paragraph separators, and what turns the
/// direction of writing.
[[nodiscard]] bool is_control(const std::string& text, std::size_t begin);

/// Text of the user's as it can stand on one line of a message: control characters and bytes that
/// are no UTF-8 escaped; cut after `most` bytes.
[[nodiscard]] std::string printable(const std::string& text, std::size_t most = 60);

/// The shortest decimal text that reads back as the same double.
[[nodiscard]] std::string decimal_text(double value);

/// A frequency as the text of its MHz, exact, without trailing zeros.
[[nodiscard]] std::string mhz_text(Kilohertz frequency);

}  // namespace rowan
