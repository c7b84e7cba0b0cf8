// SPDX-License-Identifier: Apache-2.0
#include "workloads/npy.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>
#include <vector>

#include "models/arithmetic/floating_point.h"
#include "models/base/error.h"
#include "models/base/text.h"
#include "workloads/network.h"

namespace rowan::workloads {
namespace {

using arithmetic::Word;

constexpr char kMagic[] = "\x93NUMPY";
constexpr std::size_t kMagicBytes = 6;
/// A header longer than this is no header of a tensor.
constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 16;

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

const ElementTypes& word_types() {
  static const ElementTypes kTypes{
      {{"i1", 1, true}, {"u1", 1, false}, {"i2", 2, true}, {"i4", 4, true}},
      "one of the dtypes i1, u1, i2, i4",
      "one of i1, u1, i2, i4, little-endian (such as '<i2')"};
  return kTypes;
}

const ElementTypes& number_types() {
  static const ElementTypes kTypes{
      {{"f4", 4, true}}, "the dtype f4", "f4, little-endian ('<f4': numpy.float32)"};
  return kTypes;
}

/// What the header of a .npy file says.
struct Header {
  ElementType type;
  std::vector<std::size_t> shape;
};

[[noreturn]] void fail(const std::string& path, const std::string& message) {
  throw InputError(Location{path}, "", message);
}

template <class Container>
std::string shape_text(const Container& shape) {
  std::string text = "(";
  for (const std::size_t extent : shape) {
    if (text.size() > 1) text += ", ";
    text += std::to_string(extent);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

/// Parses the header: the text of a Python dictionary with the keys descr, fortran_order and shape.
class HeaderParser {
 public:
  HeaderParser(const std::string& path, const std::string& text, const ElementTypes& types)
      : path_(path), text_(text), types_(types) {}

  Header parse() {
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr" && !type_) {
        type_ = element_type();
      } else if (key == "fortran_order" && !c_order_) {
        c_order_ = order();
      } else if (key == "shape" && !shape_) {
        shape_ = shape();
      } else {
        corrupt("has an unexpected key '" + printable(key) + "'");
      }
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_blanks();
    if (at_ != text_.size()) corrupt("goes on after its dictionary");
    if (!type_ || !c_order_ || !shape_) corrupt("lacks one of descr, fortran_order, shape");
    return {*type_, *shape_};
  }

 private:
  [[noreturn]] void corrupt(const std::string& what) const {
    fail(path_, "corrupt .npy header: it " + what +
                    "; expected a dictionary with descr, fortran_order and shape");
  }

  void skip_blanks() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }

  bool accept(char wanted) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }

  void expect(char wanted) {
    if (!accept(wanted)) {
      corrupt("has no '" + std::string(1, wanted) + "' at character " + std::to_string(at_));
    }
  }

  bool accept_word(const std::string& wanted) {
    skip_blanks();
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
  }

  std::string quoted() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    const std::size_t end = text_.find(quote, at_);
    if (end == std::string::npos) corrupt("has a text without an end");
    std::string text = text_.substr(at_, end - at_);
    at_ = end + 1;
    return text;
  }

  ElementType element_type() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '[') {
      fail(path_, std::string("holds records; expected ") + types_.dtypes);
    }
    const std::string text = quoted();
    for (const ElementType& type : types_.types) {
      const bool any_order = type.bytes == 1 && !text.empty() &&
                             std::string("|<>=").find(text[0]) != std::string::npos;
      if ((any_order || text.compare(0, 1, "<") == 0) && text.compare(1, text.npos, type.name) == 0)
        return type;
    }
    fail(path_, "dtype is '" + printable(text) + "'; expected " + types_.example);
  }

  bool order() {
    if (accept_word("True")) fail(path_, "is in Fortran order; expected C order");
    if (!accept_word("False")) corrupt("has a fortran_order that is neither True nor False");
    return true;
  }

  std::vector<std::size_t> shape() {
    std::vector<std::size_t> extents;
    expect('(');
    while (!accept(')')) {
      extents.push_back(extent());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return extents;
  }

  std::size_t extent() {
    skip_blanks();
    std::size_t value = 0;
    const std::size_t begin = at_;
    for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9'; ++at_) {
      const auto digit = static_cast<std::size_t>(text_[at_] - '0');
      if (value > (std::numeric_limits<std::size_t>::max() - digit) / 10) {
        corrupt("has an extent that is too large");
      }
      value = value * 10 + digit;
    }
    if (at_ == begin) corrupt("has a shape that is no tuple of whole numbers");
    return value;
  }

  std::string path_;
  std::string text_;
  const ElementTypes& types_;
  std::size_t at_ = 0;
  std::optional<ElementType> type_;
  std::optional<bool> c_order_;
  std::optional<std::vector<std::size_t>> shape_;
};

/// A file that is read from front to end.
class File {
 public:
  explicit File(const std::string& path) : path_(path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (status.type() == std::filesystem::file_type::not_found) fail(path, "no such file");
    if (error) fail(path, "cannot be read: " + error.message());
    if (!std::filesystem::is_regular_file(status)) fail(path, "is not a file");
    left_ = std::filesystem::file_size(path, error);
    if (!error) in_.open(path, std::ios::binary);
    if (error || !in_) fail(path, "cannot be read");
  }

  [[nodiscard]] std::uintmax_t bytes_left() const { return left_; }

  /// Reads exactly so many bytes.
  void read(char* to, std::size_t bytes, const char* what) {
    if (bytes > left_) {
      fail(path_, "ends early: expected " + std::to_string(bytes) + " bytes of " + what +
                      ", found " + std::to_string(left_));
    }
    if (!in_.read(to, static_cast<std::streamsize>(bytes))) fail(path_, "cannot be read");
    left_ -= bytes;
  }

 private:
  std::string path_;
  std::ifstream in_;
  std::uintmax_t left_ = 0;
};

std::size_t little_endian(const unsigned char* bytes, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::size_t{bytes[i]} << (8 * i);
  return value;
}

Header read_header(const std::string& path, File& file, const ElementTypes& types) {
  std::array<char, kMagicBytes + 2> start{};
  file.read(start.data(), start.size(), "a .npy file's start");
  if (std::memcmp(start.data(), kMagic, kMagicBytes) != 0) {
    fail(path, "is not a .npy file: expected it to begin with \\x93NUMPY");
  }
  const int major = static_cast<unsigned char>(start[kMagicBytes]);
  const int minor = static_cast<unsigned char>(start[kMagicBytes + 1]);
  if (major < 1 || major > 3 || minor != 0) {
    fail(path, ".npy format is " + std::to_string(major) + "." + std::to_string(minor) +
                   "; expected 1.0, 2.0 or 3.0");
  }
  std::array<unsigned char, 4> size_bytes{};
  const std::size_t size_size = major == 1 ? 2 : 4;
  file.read(reinterpret_cast<char*>(size_bytes.data()), size_size, "header size");
  const std::size_t size = little_endian(size_bytes.data(), size_size);
  if (size > kMaxHeaderBytes) {
    fail(path, "corrupt .npy header: it has " + std::to_string(size) + " bytes; expected at most " +
                   std::to_string(kMaxHeaderBytes));
  }
  std::string text(size, '\0');
  file.read(text.data(), size, "header");
  return HeaderParser(path, text, types).parse();
}

Word decode(const unsigned char* bytes, const ElementType& type) {
  const auto value = static_cast<std::uint32_t>(little_endian(bytes, type.bytes));
  const auto unused = static_cast<unsigned>(32 - 8 * type.bytes);
  if (!type.is_signed) return static_cast<Word>(value);
  return static_cast<Word>(value << unused) >> unused;
}

/// The place of a word, such as [0, 2, 1, 5].
std::string index_text(std::size_t number, const Extents& extents) {
  Extents index{};
  for (std::size_t i = extents.size(); i-- > 0; number /= extents[i])
    index[i] = number % extents[i];
  const std::string text = shape_text(index);
  return "[" + text.substr(1, text.size() - 2) + "]";
}

/// What a file holds after its header, as it lies there.
struct Elements {
  ElementType type;
  std::vector<unsigned char> bytes;
};

Elements read_elements(const std::string& path, const Extents& extents, const ElementTypes& types) {
  File file(path);
  const Header header = read_header(path, file, types);
  if (!std::equal(header.shape.begin(), header.shape.end(), extents.begin(), extents.end())) {
    fail(path, "shape is " + shape_text(header.shape) + "; expected " + shape_text(extents));
  }
  Elements elements{header.type, {}};
  elements.bytes.resize(extents[0] * extents[1] * extents[2] * extents[3] * header.type.bytes);
  file.read(reinterpret_cast<char*>(elements.bytes.data()), elements.bytes.size(), "data");
  if (file.bytes_left() > 0) {
    fail(path, "goes on for " + std::to_string(file.bytes_left()) + " bytes after its data");
  }
  return elements;
}

/// Magic, version, header and the data of a file.
void write_file(const std::string& path, const char* dtype, const Extents& extents,
                const std::string& data) {
  std::string text = std::string("{'descr': '") + dtype +
                     "', 'fortran_order': False, 'shape': " + shape_text(extents) + ", }";
  // Magic, version, two bytes of size, the text and a newline fill a multiple of 64 bytes.
  const std::size_t before = kMagicBytes + 4;
  text.append(64 - (before + text.size() + 1) % 64, ' ');
  text += '\n';
  std::string head(kMagic, kMagicBytes);
  head +=
      {'\x01', '\x00', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  head += text;
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(head.data(), static_cast<std::streamsize>(head.size()));
  out.write(data.data(), static_cast<std::streamsize>(data.size()));
  out.close();
  if (!out) fail(path, "cannot be written");
}

}  // namespace

Tensor read_npy(const std::string& path, const Extents& extents, unsigned word_bits) {
  if (word_bits < 1 || word_bits > 32) throw std::invalid_argument("word_bits is not 1 to 32");
  const Elements elements = read_elements(path, extents, word_types());
  Tensor tensor(extents);
  const Word most = static_cast<Word>((std::uint32_t{1} << (word_bits - 1)) - 1);
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const Word word = decode(&elements.bytes[i * elements.type.bytes], elements.type);
    if (word > most || word < -most - 1) {
      fail(path, "value " + std::to_string(word) + " at " + index_text(i, extents) + "; expected " +
                     std::to_string(-most - 1) + " to " + std::to_string(most) + " (a word of " +
                     std::to_string(word_bits) + " bits)");
    }
    tensor.data()[i] = word;
  }
  return tensor;
}

FloatTensor read_float_npy(const std::string& path, const Extents& extents) {
  const Elements elements = read_elements(path, extents, number_types());
  FloatTensor tensor(extents);
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const float number =
        arithmetic::float_of(decode(&elements.bytes[i * elements.type.bytes], elements.type));
    if (!std::isfinite(number)) {
      fail(path, "value " + std::to_string(number) + " at " + index_text(i, extents) +
                     "; expected a finite number");
    }
    tensor.data()[i] = number;
  }
  return tensor;
}

void write_npy(const std::string& path, const Tensor& tensor) {
  std::string data;
  data.reserve(2 * tensor.size());
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const Word word = tensor.data()[i];
    if (word != static_cast<std::int16_t>(word)) {
      throw std::invalid_argument("write_npy: a word needs more than 16 bits");
    }
    data += {static_cast<char>(word & 0xff), static_cast<char>((word >> 8) & 0xff)};
  }
  write_file(path, "<i2", tensor.extents(), data);
}

void write_npy(const std::string& path, const FloatTensor& tensor) {
  std::string data;
  data.reserve(4 * tensor.size());
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    const auto word = static_cast<std::uint32_t>(arithmetic::bits_of(tensor.data()[i]));
    for (unsigned byte = 0; byte < 4; ++byte) {
      data += static_cast<char>(word >> (8 * byte) & 0xff);
    }
  }
  write_file(path, "<f4", tensor.extents(), data);
}

LayerTensors read_layer_tensors(const std::string& directory, const Layer& layer,
                                std::size_t images, unsigned activation_bits,
                                unsigned weight_bits) {
  const auto path = [&](const std::string& role) {
    return (std::filesystem::path(directory) / (layer.name + "." + role + ".npy")).string();
  };
  LayerTensors tensors;
  for (std::size_t i = 0; i < operand_count(layer.kind); ++i) {
    tensors.inputs.push_back(read_npy(path(i == 0 ? "ifmap" : "ifmap" + std::to_string(i + 1)),
                                      operand_extents(layer, i, images), activation_bits));
  }
  const Extents parameters = parameter_extents(layer);
  if (parameters != Extents{}) {
    tensors.parameters =
        read_npy(path(on_array(layer) ? "filters" : "parameters"), parameters, weight_bits);
  }
  return tensors;
}

}  // namespace rowan::workloads
