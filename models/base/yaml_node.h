// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "models/base/describe.h"
#include "models/base/error.h"
#include "models/base/text.h"

namespace rowan {

/// A value in a YAML file, which knows where it stands: a cheap handle on an immutable tree.
///
/// Every error is an InputError that names the file, the line, the column and the dotted path of
/// the key. Structs are read with YamlReader; this class is for the parts of a file that are no
/// struct:
///
///     const YamlNode root = YamlNode::load(path);
///     for (const auto& [name, node] : root.entries()) { ... YamlReader(node).read(value); ... }
///
/// The YAML that is read is the part that configuration needs: one document, up to 1 MiB, of
/// mappings with unique text keys, lists and scalars, up to 32 deep and 100,000 values; no anchors,
/// aliases or tags.
class YamlNode {
 public:
  enum class Kind { kNothing, kScalar, kList, kMapping };

  /// Reads a file. Throws InputError when it is missing, no regular file, empty, too large or no
  /// such YAML.
  [[nodiscard]] static YamlNode load(const std::string& path);
  /// Reads a text; `file` is the name in messages. Throws InputError as load() does.
  [[nodiscard]] static YamlNode parse(const std::string& text, const std::string& file);

  [[nodiscard]] Kind kind() const;
  /// Of its key if it has one, else of its first character.
  [[nodiscard]] Location location() const;
  /// Dotted path of keys, such as `pe.ifmap_spad.size_words` or `layers[2].name`; empty for the
  /// root.
  [[nodiscard]] const std::string& path() const;

  /// Keys and values of a mapping, in the order of the file. Throws unless it is a mapping.
  [[nodiscard]] std::vector<std::pair<std::string, YamlNode>> entries() const;
  /// Values of a list. Throws unless it is a list.
  [[nodiscard]] std::vector<YamlNode> items() const;
  /// A scalar's text. Throws unless it is a scalar.
  [[nodiscard]] const std::string& text() const;
  /// A whole number in decimal digits. Throws unless it is one, and in the range.
  [[nodiscard]] std::uint64_t number(Range range = {}) const;
  /// A decimal number. Throws unless it is one, and in the range.
  [[nodiscard]] double decimal(DecimalRange range) const;
  /// A frequency in MHz with up to three decimals, the range in MHz. Throws unless it is one, and
  /// in the range.
  [[nodiscard]] Kilohertz frequency_mhz(Range range) const;
  /// `true` or `false`. Throws unless it is one of them.
  [[nodiscard]] bool flag() const;
  /// Index of its text among `names`. Throws unless it is one of them.
  [[nodiscard]] std::size_t choice(const std::vector<std::string>& names) const;

  /// The value at a path such as path() gives, below this node or itself; the nearest enclosing
  /// value when it is not there.
  [[nodiscard]] YamlNode nearest(const std::string& path) const;

  /// Throws an InputError at this value.
  [[noreturn]] void fail(const std::string& message) const;

 private:
  friend class YamlTreeBuilder;
  struct Data;
  explicit YamlNode(std::shared_ptr<const Data> data) : data_(std::move(data)) {}

  [[noreturn]] void fail_type(const std::string& wanted) const;
  /// Text of a scalar without quotes.
  [[nodiscard]] const std::string& plain_text(const std::string& wanted) const;

  std::shared_ptr<const Data> data_;
};

}  // namespace rowan
