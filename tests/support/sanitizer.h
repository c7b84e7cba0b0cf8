// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rowan::support {

/// Whether the address sanitizer watches. libsystemc tells it that the main stack has no extent, so
/// that what an exception leaves poisoned on its way through that stack is found as an overflow;
/// the sanitizer itself warns of false reports. Tests with such an exception leave it out.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kAddressSanitizer = true;
#else
inline constexpr bool kAddressSanitizer = false;
#endif
inline constexpr char kExceptionOnMainStack[] =
    "exceptions through the main stack are not for the address sanitizer";

}  // namespace rowan::support
