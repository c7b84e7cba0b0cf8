// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>

#include "models/base/error.h"
#include "models/dataflow/row_stationary/mapping.h"

namespace rowan::dataflow::row_stationary {

/// A layer's mapping, and where it stands in its file.
struct LayerMapping {
  /// More than any layer has: an extent that the file leaves out is all of the layer's.
  static constexpr unsigned kAll = 65536;

  LayerMapping() {
    mapping.f = kAll;
    mapping.filter_rows = kAll;
    mapping.filter_columns = kAll;
  }

  Mapping mapping;
  Location location;
};

/// Mappings of a network's layers on a platform, schema `rowan.mapping/1`.
struct MappingFile {
  std::string description;
  std::string platform;
  std::string workload;
  std::map<std::string, LayerMapping> layers;  ///< by layer name
};

/// Throws InputError with file, line, column and key path.
[[nodiscard]] MappingFile load_mappings(const std::string& path);
/// Reads a text; `file` is the name in messages. Throws as load_mappings() does.
[[nodiscard]] MappingFile parse_mappings(const std::string& text, const std::string& file);
/// The mappings as a file with every key, which reads back the same.
[[nodiscard]] std::string dump(const MappingFile& mappings);

}  // namespace rowan::dataflow::row_stationary
