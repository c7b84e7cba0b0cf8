# SPDX-License-Identifier: Apache-2.0
# Everything that Rowan takes from outside. Imported targets, so their headers are SYSTEM headers.

find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMC REQUIRED IMPORTED_TARGET systemc>=2.3.4 tlm)
pkg_check_modules(YAML_CPP REQUIRED IMPORTED_TARGET yaml-cpp)
pkg_check_modules(NLOHMANN_JSON REQUIRED IMPORTED_TARGET nlohmann_json)
find_package(Boost REQUIRED CONFIG COMPONENTS program_options)
find_package(GTest REQUIRED CONFIG)
find_package(benchmark REQUIRED CONFIG)
