// SPDX-License-Identifier: Apache-2.0

/// libsystemc calls this from a main() of its own, which the tests do not use, and does not link
/// without it.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) { return 70; }
