// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

/// The header of .npy files (NumPy, "The .npy format"). Errors are InputErrors that name the file.
namespace rowan::workloads::npy {

/// An element type that can be read.
struct ElementType {
  const char* name;
  std::size_t bytes;
  bool is_signed;
};
/// What a file's elements may be, and what messages call it.
struct ElementTypes {
  std::vector<ElementType> types;
  const char* dtypes;
  const char* example;
};

/// What the header of a .npy file says.
struct Header {
  ElementType type;
  std::vector<std::size_t> shape;
};

[[noreturn]] void fail(const std::string& path, const std::string& message);

/// "(2, 3)", as Python writes it.
template <class Container>
[[nodiscard]] std::string shape_text(const Container& shape) {
  std::string text = "(";
  for (const std::size_t extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

/// The whole number of so many bytes, the lowest first.
[[nodiscard]] std::size_t little_endian(const unsigned char* bytes, std::size_t count);

/// A file that is read from front to end.
class File {
 public:
  /// Throws InputError when it cannot be read.
  explicit File(const std::string& path);

  [[nodiscard]] std::uintmax_t bytes_left() const { return left_; }
  /// Reads exactly so many bytes; throws InputError, saying of what, when it ends early.
  void read(char* to, std::size_t bytes, const char* what);

 private:
  std::string path_;
  std::ifstream in_;
  std::uintmax_t left_ = 0;
};

/// Reads the header of a file that is at its start, C order and one of the types. Throws InputError
/// when it is anything else.
[[nodiscard]] Header read_header(const std::string& path, File& file, const ElementTypes& types);

/// Magic, version and header of a file of format 1.0, in C order: all that comes before its data.
[[nodiscard]] std::string header_bytes(const char* dtype, const std::vector<std::size_t>& shape);

}  // namespace rowan::workloads::npy
