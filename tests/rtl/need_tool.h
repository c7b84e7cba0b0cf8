// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include "validation/rtl/tools.h"

/// Skips a test while its tool is not installed; it is looked for when the test runs.
#define ROWAN_NEED_TOOL(name)                                                                    \
  do {                                                                                           \
    if (rowan::validation::find_tool(name).empty()) GTEST_SKIP() << (name) << " is not on PATH"; \
  } while (false)
