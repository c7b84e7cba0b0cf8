// SPDX-License-Identifier: Apache-2.0
#include "workloads/npy.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "models/arithmetic/floating_point.h"
#include "workloads/network.h"
#include "workloads/npy_header.h"

namespace rowan::workloads {
namespace {

using arithmetic::Word;
using npy::ElementType;
using npy::ElementTypes;
using npy::fail;

const ElementTypes& word_types() {
  static const ElementTypes kTypes{
      {{"i1", 1, true}, {"u1", 1, false}, {"i2", 2, true}, {"i4", 4, true}},
      "one of the dtypes i1, u1, i2, i4",
      "one of i1, u1, i2, i4, little-endian (such as '<i2')"};
  return kTypes;
}

const ElementTypes& fp32_types() {
  static const ElementTypes kTypes{
      {{"f4", 4, true}, {"i1", 1, true}, {"u1", 1, false}, {"i2", 2, true}, {"i4", 4, true}},
      "one of the dtypes f4, i1, u1, i2, i4",
      "f4 ('<f4': numpy.float32), or bits as one of i1, u1, i2, i4, little-endian"};
  return kTypes;
}

const ElementTypes& number_types() {
  static const ElementTypes kTypes{
      {{"f4", 4, true}}, "the dtype f4", "f4, little-endian ('<f4': numpy.float32)"};
  return kTypes;
}

Word decode(const unsigned char* bytes, const ElementType& type) {
  const auto value = static_cast<std::uint32_t>(npy::little_endian(bytes, type.bytes));
  const auto unused = static_cast<unsigned>(32 - 8 * type.bytes);
  if (!type.is_signed) return static_cast<Word>(value);
  return static_cast<Word>(value << unused) >> unused;
}

/// The place of a word, such as [0, 2, 1, 5].
std::string index_text(std::size_t number, const Extents& extents) {
  Extents index{};
  for (std::size_t i = extents.size(); i-- > 0; number /= extents[i])
    index[i] = number % extents[i];
  const std::string text = npy::shape_text(index);
  return "[" + text.substr(1, text.size() - 2) + "]";
}

/// What a file holds after its header, as it lies there.
struct Elements {
  ElementType type;
  std::vector<unsigned char> bytes;
};

Elements read_elements(const std::string& path, const Extents& extents, const ElementTypes& types) {
  npy::File file(path);
  const npy::Header header = npy::read_header(path, file, types);
  if (!std::equal(header.shape.begin(), header.shape.end(), extents.begin(), extents.end())) {
    fail(path,
         "shape is " + npy::shape_text(header.shape) + "; expected " + npy::shape_text(extents));
  }
  Elements elements{header.type, {}};
  elements.bytes.resize(extents[0] * extents[1] * extents[2] * extents[3] * header.type.bytes);
  file.read(reinterpret_cast<char*>(elements.bytes.data()), elements.bytes.size(), "data");
  if (file.bytes_left() > 0) {
    fail(path, "goes on for " + std::to_string(file.bytes_left()) + " bytes after its data");
  }
  return elements;
}

Tensor read_words(const std::string& path, const Extents& extents, unsigned word_bits,
                  const ElementTypes& types) {
  const Elements elements = read_elements(path, extents, types);
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

void write_file(const std::string& path, const char* dtype, const Extents& extents,
                const std::string& data) {
  const std::string head = npy::header_bytes(dtype, {extents.begin(), extents.end()});
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out.write(head.data(), static_cast<std::streamsize>(head.size()));
  out.write(data.data(), static_cast<std::streamsize>(data.size()));
  out.close();
  if (!out) fail(path, "cannot be written");
}

}  // namespace

Tensor read_npy(const std::string& path, const Extents& extents, unsigned word_bits) {
  if (word_bits < 1 || word_bits > 32) throw std::invalid_argument("word_bits is not 1 to 32");
  return read_words(path, extents, word_bits, word_types());
}

Tensor read_fp32_npy(const std::string& path, const Extents& extents) {
  return read_words(path, extents, 32, fp32_types());
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
                                std::size_t images, const arithmetic::PeType& type) {
  const auto read = [&](const std::string& role, const Extents& extents, unsigned word_bits) {
    const std::string path =
        (std::filesystem::path(directory) / (layer.name + "." + role + ".npy")).string();
    return type.numbers == arithmetic::Numbers::kFloat ? read_fp32_npy(path, extents)
                                                       : read_npy(path, extents, word_bits);
  };
  LayerTensors tensors;
  for (std::size_t i = 0; i < operand_count(layer.kind); ++i) {
    tensors.inputs.push_back(read(i == 0 ? "ifmap" : "ifmap" + std::to_string(i + 1),
                                  operand_extents(layer, i, images), type.activation_bits));
  }
  const Extents parameters = parameter_extents(layer);
  if (parameters != Extents{}) {
    tensors.parameters =
        read(on_array(layer) ? "filters" : "parameters", parameters, type.weight_bits);
  }
  return tensors;
}

}  // namespace rowan::workloads
