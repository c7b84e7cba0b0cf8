# SPDX-License-Identifier: Apache-2.0
# How every target of the project is compiled. No -march here: a kernel that wants more than the
# x86-64 baseline picks its variant at run time, in its source.

option(ROWAN_WERROR "Treat warnings as errors" OFF)
option(ROWAN_SANITIZE "Instrument with AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
option(ROWAN_COVERAGE "Instrument for gcov" OFF)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()

# Debian's SystemC links only with the C++17 ABI tag it was built with.
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_COMPILE_WARNING_AS_ERROR ${ROWAN_WERROR})

# No fused multiply-add behind the source's back: the same numbers on every machine.
add_compile_options(-ffp-contract=off)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wold-style-cast
                    -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wduplicated-cond -Wlogical-op)
endif()
add_compile_definitions($<$<CONFIG:Debug>:_GLIBCXX_ASSERTIONS>)

if(ROWAN_SANITIZE)
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  # Not position-independent: each of the tests' many processes would first relocate all that the
  # sanitizers know of the program.
  add_link_options(-fsanitize=address,undefined -no-pie)
  # GCC's flow analysis loses its way in instrumented code.
  add_compile_options(-Wno-maybe-uninitialized)
endif()

if(ROWAN_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()

find_program(ROWAN_CCACHE ccache)
mark_as_advanced(ROWAN_CCACHE)
if(ROWAN_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without these ccache does not keep what is compiled with a precompiled header (its manual,
  # "Precompiled headers").
  set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros ${ROWAN_CCACHE})
endif()
