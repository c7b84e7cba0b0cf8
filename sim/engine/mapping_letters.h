// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "models/dataflow/row_stationary/mapping.h"

namespace rowan::sim {

/// A letter of a mapping: its name in files and results, and its field.
struct MappingLetter {
  const char* name;
  unsigned dataflow::row_stationary::Mapping::*field;
};

/// All of them, in the order of a mapping file.
inline constexpr MappingLetter kMappingLetters[] = {
    {"m", &dataflow::row_stationary::Mapping::m},
    {"n", &dataflow::row_stationary::Mapping::n},
    {"e", &dataflow::row_stationary::Mapping::e},
    {"f", &dataflow::row_stationary::Mapping::f},
    {"p", &dataflow::row_stationary::Mapping::p},
    {"q", &dataflow::row_stationary::Mapping::q},
    {"r", &dataflow::row_stationary::Mapping::r},
    {"t", &dataflow::row_stationary::Mapping::t},
    {"g", &dataflow::row_stationary::Mapping::g},
    {"filter_rows", &dataflow::row_stationary::Mapping::filter_rows},
    {"filter_columns", &dataflow::row_stationary::Mapping::filter_columns},
};

}  // namespace rowan::sim
