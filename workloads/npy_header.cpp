// SPDX-License-Identifier: Apache-2.0
#include "workloads/npy_header.h"

#include <array>
#include <cstring>
#include <filesystem>
#include <limits>
#include <optional>
#include <system_error>

#include "models/base/error.h"
#include "models/base/text.h"

namespace rowan::workloads::npy {
namespace {

constexpr char kMagic[] = "\x93NUMPY";
constexpr std::size_t kMagicBytes = 6;
/// A header longer than this is no header of a tensor.
constexpr std::size_t kMaxHeaderBytes = std::size_t{1} << 16;

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

}  // namespace

void fail(const std::string& path, const std::string& message) {
  throw InputError(Location{path}, "", message);
}

std::size_t little_endian(const unsigned char* bytes, std::size_t count) {
  std::size_t value = 0;
  for (std::size_t i = 0; i < count; ++i) value |= std::size_t{bytes[i]} << (8 * i);
  return value;
}

File::File(const std::string& path) : path_(path) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (status.type() == std::filesystem::file_type::not_found) fail(path, "no such file");
  if (error) fail(path, "cannot be read: " + error.message());
  if (!std::filesystem::is_regular_file(status)) fail(path, "is not a file");
  left_ = std::filesystem::file_size(path, error);
  if (!error) in_.open(path, std::ios::binary);
  if (error || !in_) fail(path, "cannot be read");
}

void File::read(char* to, std::size_t bytes, const char* what) {
  if (bytes > left_) {
    fail(path_, "ends early: expected " + std::to_string(bytes) + " bytes of " + what + ", found " +
                    std::to_string(left_));
  }
  if (!in_.read(to, static_cast<std::streamsize>(bytes))) fail(path_, "cannot be read");
  left_ -= bytes;
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

std::string header_bytes(const char* dtype, const std::vector<std::size_t>& shape) {
  std::string text = std::string("{'descr': '") + dtype +
                     "', 'fortran_order': False, 'shape': " + shape_text(shape) + ", }";
  // Magic, version, two bytes of size, the text and a newline fill a multiple of 64 bytes.
  const std::size_t before = kMagicBytes + 4;
  text.append(64 - (before + text.size() + 1) % 64, ' ');
  text += '\n';
  std::string head(kMagic, kMagicBytes);
  head +=
      {'\x01', '\x00', static_cast<char>(text.size() & 0xff), static_cast<char>(text.size() >> 8)};
  head += text;
  return head;
}

}  // namespace rowan::workloads::npy
