// SPDX-License-Identifier: Apache-2.0
#include "workloads/npy.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <gtest/gtest.h>
#include <unistd.h>

#include "models/base/error.h"
#include "tests/support/input_error.h"
#include "workloads/network.h"

namespace rowan::workloads {
namespace {

using arithmetic::Word;

/// A folder that goes with the test.
class Npy : public testing::Test {
 protected:
  Npy()
      : folder_(std::filesystem::temp_directory_path() /
                ("rowan_npy_test_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Npy() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string folder() const { return folder_.string(); }
  [[nodiscard]] std::string path(const std::string& name = "x.npy") const {
    return (folder_ / name).string();
  }

  void write(const std::string& content) const {
    std::ofstream(path(), std::ios::binary) << content;
  }
  [[nodiscard]] std::string content() const {
    std::ifstream in(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// A file of format 1.0.
  void write(const std::string& header, const std::string& data) const {
    write(std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header +
          data);
  }

  /// The error of a read, without the file's name.
  [[nodiscard]] std::string error(const Extents& extents = {1, 1, 1, 2}, unsigned bits = 16) const {
    try {
      (void)read_npy(path(), extents, bits);
    } catch (const InputError& thrown) {
      const std::string what = thrown.what();
      EXPECT_EQ(what.substr(0, path().size() + 2), path() + ": ");
      return what.substr(path().size() + 2);
    }
    return "no error";
  }

 private:
  std::filesystem::path folder_;
};

/// Words of 16 bits, if not said otherwise, and weights of 4.
arithmetic::PeType type_of_words(unsigned activation_bits = 16, unsigned weight_bits = 4) {
  arithmetic::PeType type = arithmetic::pe_type("int16");
  type.activation_bits = activation_bits;
  type.weight_bits = weight_bits;
  return type;
}

constexpr char kHeader[] = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 1, 1, 2), }\n";

std::string header_of(const std::string& dtype) {
  return "{'descr': '" + dtype + "', 'fortran_order': False, 'shape': (1, 1, 1, 2), }";
}

std::vector<Word> words_of(const Tensor& tensor) {
  return {tensor.data(), tensor.data() + tensor.size()};
}

TEST_F(Npy, WhatIsWrittenReadsBack) {
  Tensor tensor({2, 3, 4, 5});
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    tensor.data()[i] = static_cast<Word>(i * 550) - 32768;
  }
  write_npy(path(), tensor);
  EXPECT_EQ(read_npy(path(), {2, 3, 4, 5}, 16), tensor);
}

TEST_F(Npy, WritesFormatOnePaddedToSixtyFourBytes) {
  Tensor tensor({1, 1, 1, 2});
  tensor.data()[0] = -2;
  tensor.data()[1] = 0x0102;
  write_npy(path(), tensor);
  std::string header = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 1, 1, 2), }";
  header.resize(117, ' ');
  EXPECT_EQ(content(),
            std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n" + "\xfe\xff\x02\x01");
}

TEST_F(Npy, WritesNoWordBeyondSixteenBits) {
  Tensor tensor({1, 1, 1, 1});
  tensor.data()[0] = 32768;
  EXPECT_THROW(write_npy(path(), tensor), std::invalid_argument);
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(Npy, AnUnwritableFileIsAnError) {
  EXPECT_THROW(write_npy(path("no/such/folder.npy"), Tensor({1, 1, 1, 1})), InputError);
}

TEST_F(Npy, ReadsEveryElementType) {
  const std::vector<Word> expected{-1, 5};
  write(header_of("|i1"), std::string("\xff\x05"));
  EXPECT_EQ(words_of(read_npy(path(), {1, 1, 1, 2}, 16)), expected);
  write(header_of("<i2"), std::string("\xff\xff\x05\x00", 4));
  EXPECT_EQ(words_of(read_npy(path(), {1, 1, 1, 2}, 16)), expected);
  write(header_of("<i4"), std::string("\xff\xff\xff\xff\x05\x00\x00\x00", 8));
  EXPECT_EQ(words_of(read_npy(path(), {1, 1, 1, 2}, 16)), expected);
  write(header_of("|u1"), std::string("\xff\x05"));
  EXPECT_EQ(words_of(read_npy(path(), {1, 1, 1, 2}, 16)), (std::vector<Word>{255, 5}));
}

TEST_F(Npy, ReadsEveryFormat) {
  const std::string data("\x01\x00\x02\x00", 4);
  for (const char major : {'\x02', '\x03'}) {
    std::string size(4, '\0');
    size[0] = static_cast<char>(sizeof(kHeader) - 1);
    write(std::string("\x93NUMPY") + major + '\0' + size + kHeader + data);
    EXPECT_EQ(words_of(read_npy(path(), {1, 1, 1, 2}, 16)), (std::vector<Word>{1, 2}));
  }
}

TEST_F(Npy, HeaderKeysMayComeInAnyOrderAndQuotes) {
  write("{\"shape\":(1,1,1,2),\"fortran_order\":False,\"descr\":\"<i2\"}",
        std::string("\x01\x00\x02\x00", 4));
  EXPECT_EQ(words_of(read_npy(path(), {1, 1, 1, 2}, 16)), (std::vector<Word>{1, 2}));
}

TEST_F(Npy, ValuesMustFitTheWord) {
  write(header_of("<i4"), std::string("\x00\x80\x00\x00\x00\x80\xff\xff", 8));
  EXPECT_EQ(error(), "value 32768 at [0, 0, 0, 0]; expected -32768 to 32767 (a word of 16 bits)");
  EXPECT_EQ(error({1, 1, 1, 2}, 17), "no error");
  write(header_of("|i1"), std::string("\x07\xf7"));
  EXPECT_EQ(error({1, 1, 1, 2}, 4),
            "value -9 at [0, 0, 0, 1]; expected -8 to 7 (a word of 4 bits)");
  write(header_of("<i4"), std::string("\x00\x00\x00\x80\xff\xff\xff\x7f", 8));
  EXPECT_EQ(error({1, 1, 1, 2}, 32), "no error");
}

TEST_F(Npy, OtherElementTypesAreRefused) {
  for (const std::string dtype : {"<f4", ">i2", "<u2", "<i8", "|b1", "", "<", "=i2", "i2"}) {
    write(header_of(dtype), std::string(16, '\0'));
    EXPECT_EQ(error(), "dtype is '" + dtype +
                           "'; expected one of i1, u1, i2, i4, little-endian (such as '<i2')");
  }
  write("{'descr': [('a', '<i2')], 'fortran_order': False, 'shape': (1, 1, 1, 2), }", "");
  EXPECT_EQ(error(), "holds records; expected one of the dtypes i1, u1, i2, i4");
}

TEST_F(Npy, FortranOrderIsRefused) {
  write("{'descr': '<i2', 'fortran_order': True, 'shape': (1, 1, 1, 2), }", std::string(4, '\0'));
  EXPECT_EQ(error(), "is in Fortran order; expected C order");
}

TEST_F(Npy, AnotherShapeIsRefused) {
  write(kHeader, std::string(4, '\0'));
  EXPECT_EQ(error({1, 1, 2, 1}), "shape is (1, 1, 1, 2); expected (1, 1, 2, 1)");
  write("{'descr': '<i2', 'fortran_order': False, 'shape': (2,), }", std::string(4, '\0'));
  EXPECT_EQ(error(), "shape is (2,); expected (1, 1, 1, 2)");
  write("{'descr': '<i2', 'fortran_order': False, 'shape': (), }", std::string(2, '\0'));
  EXPECT_EQ(error(), "shape is (); expected (1, 1, 1, 2)");
}

TEST_F(Npy, AFileOfAnotherLengthIsRefused) {
  write(kHeader, std::string(3, '\0'));
  EXPECT_EQ(error(), "ends early: expected 4 bytes of data, found 3");
  write(kHeader, std::string(6, '\0'));
  EXPECT_EQ(error(), "goes on for 2 bytes after its data");
}

TEST_F(Npy, EveryTruncationIsAnError) {
  write(kHeader, std::string("\x01\x00\x02\x00", 4));
  const std::string whole = content();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    write(whole.substr(0, length));
    EXPECT_NE(error().find("ends early: expected "), std::string::npos) << length;
  }
}

TEST_F(Npy, EveryCorruptByteIsAnErrorOrChangesData) {
  write(kHeader, std::string("\x01\x00\x02\x00", 4));
  const std::string whole = content();
  for (std::size_t i = 0; i < whole.size() - 4; ++i) {
    for (const char byte : {'\0', '\'', '9', '}', '\xff'}) {
      std::string corrupt = whole;
      corrupt[i] = byte;
      write(corrupt);
      EXPECT_TRUE(corrupt == whole || error() != "no error") << i << " " << int{byte};
    }
  }
}

TEST_F(Npy, WhatIsNoNpyFileIsRefused) {
  write("PK\x03\x04 some archive");
  EXPECT_EQ(error(), "is not a .npy file: expected it to begin with \\x93NUMPY");
  write(std::string("\x93NUMPY\x04\x00", 8));
  EXPECT_EQ(error(), ".npy format is 4.0; expected 1.0, 2.0 or 3.0");
  write(std::string("\x93NUMPY\x02\x00\xff\xff\xff\xff", 12));
  EXPECT_EQ(error(), "corrupt .npy header: it has 4294967295 bytes; expected at most 65536");
}

TEST_F(Npy, ACorruptHeaderIsRefused) {
  const std::string expected = "; expected a dictionary with descr, fortran_order and shape";
  const auto header_error = [&](const std::string& header) {
    write(header, std::string(4, '\0'));
    return error();
  };
  EXPECT_EQ(header_error(""), "corrupt .npy header: it has no '{' at character 0" + expected);
  EXPECT_EQ(header_error("{}"),
            "corrupt .npy header: it lacks one of descr, fortran_order, shape" + expected);
  EXPECT_EQ(header_error("{'a': 1}"),
            "corrupt .npy header: it has an unexpected key 'a'" + expected);
  EXPECT_EQ(header_error("{'shape': (1, 1), 'shape': (1, 1)}"),
            "corrupt .npy header: it has an unexpected key 'shape'" + expected);
  EXPECT_EQ(header_error("{'shape': (99999999999999999999,)}"),
            "corrupt .npy header: it has an extent that is too large" + expected);
  EXPECT_EQ(header_error("{'shape': (-1,)}"),
            "corrupt .npy header: it has a shape that is no tuple of whole numbers" + expected);
  EXPECT_EQ(
      header_error("{'fortran_order': 0}"),
      "corrupt .npy header: it has a fortran_order that is neither True nor False" + expected);
  EXPECT_EQ(header_error("{'descr"),
            "corrupt .npy header: it has a text without an end" + expected);
  EXPECT_EQ(header_error(header_of("<i2") + "x"),
            "corrupt .npy header: it goes on after its dictionary" + expected);
}

TEST_F(Npy, AMissingFileAndAFolderAreErrors) {
  EXPECT_EQ(error(), "no such file");
  std::filesystem::create_directory(path());
  EXPECT_EQ(error(), "is not a file");
}

TEST_F(Npy, AFileThatCannotBeLookedAtIsAnErrorWithTheReason) {
  std::filesystem::create_symlink(std::filesystem::path(path()).filename(), path());
  EXPECT_EQ(error(), "cannot be read: Too many levels of symbolic links");
}

TEST_F(Npy, ALayersTensorsAreFoundByName) {
  Layer layer;
  layer.name = "CONV1";
  layer.shape.groups = 2;
  layer.shape.channels = 4;
  layer.shape.filters = 6;
  layer.shape.height = 3;
  layer.shape.width = 5;
  layer.shape.kernel_width = 2;
  Tensor ifmap({2, 4, 3, 5});
  Tensor filters({6, 2, 1, 2});
  ifmap.data()[7] = 300;
  filters.data()[3] = -8;
  write_npy(path("CONV1.ifmap.npy"), ifmap);
  write_npy(path("CONV1.filters.npy"), filters);
  const LayerTensors tensors = read_layer_tensors(folder(), layer, 2, type_of_words());
  EXPECT_EQ(tensors.ifmap(), ifmap);
  EXPECT_EQ(tensors.filters(), filters);
  EXPECT_THROW((void)read_layer_tensors(folder(), layer, 1, type_of_words()), InputError);
  EXPECT_THROW((void)read_layer_tensors(folder(), layer, 2, type_of_words(8)), InputError);
  EXPECT_THROW((void)read_layer_tensors(folder(), layer, 2, type_of_words(16, 3)), InputError);
  std::filesystem::remove(path("CONV1.filters.npy"));
  EXPECT_THROW((void)read_layer_tensors(folder(), layer, 2, type_of_words()), InputError);
}

TEST_F(Npy, LayersOfTheUnitHaveFilesOfTheirOwn) {
  Network network;
  network.name = "net";
  network.input = {2, 1, 3};
  Layer add;
  add.name = "ADD";
  add.kind = LayerKind::kAdd;
  add.inputs = {kNetworkInput, kNetworkInput};
  Layer norm;
  norm.name = "NORM";
  norm.kind = LayerKind::kLayerNorm;
  network.layers = {add, norm};
  settle(network);
  Tensor fmap({1, 2, 1, 3});
  fmap.data()[0] = 300;
  write_npy(path("ADD.ifmap.npy"), Tensor({1, 2, 1, 3}));
  EXPECT_THROW((void)read_layer_tensors(folder(), network.layers[0], 1, type_of_words()),
               InputError);
  write_npy(path("ADD.ifmap2.npy"), fmap);
  const LayerTensors sum = read_layer_tensors(folder(), network.layers[0], 1, type_of_words());
  ASSERT_EQ(sum.inputs.size(), 2U);
  EXPECT_EQ(sum.inputs[1], fmap);
  EXPECT_EQ(sum.parameters.size(), 0U);
  write_npy(path("NORM.ifmap.npy"), fmap);
  EXPECT_THROW((void)read_layer_tensors(folder(), network.layers[1], 1, type_of_words()),
               InputError);
  write_npy(path("NORM.parameters.npy"), Tensor({2, 2, 1, 1}));
  EXPECT_EQ(read_layer_tensors(folder(), network.layers[1], 1, type_of_words()).parameters,
            Tensor({2, 2, 1, 1}));
}

TEST_F(Npy, WordsOfBinary32AreNumbersOrTheirBits) {
  const std::string data("\x00\x00\xc0\x3f\x00\x00\x80\xff", 8);
  const std::vector<Word> expected{0x3fc00000, static_cast<Word>(0xff800000)};
  for (const char* dtype : {"<f4", "<i4"}) {
    write(header_of(dtype), data);
    EXPECT_EQ(words_of(read_fp32_npy(path(), {1, 1, 1, 2})), expected) << dtype;
  }
  write(header_of("<f8"), data + data);
  EXPECT_EQ(support::input_error([&] {
              return read_fp32_npy(path(), {1, 1, 1, 2});
            }),
            path() +
                ": dtype is '<f8'; expected f4 ('<f4': numpy.float32), or bits as one of i1, u1, "
                "i2, i4, little-endian");
}

TEST_F(Npy, ALayersNumbersAreForFp32Alone) {
  Layer layer;
  layer.name = "A";
  FloatTensor numbers({1, 1, 1, 1});
  numbers.data()[0] = -0.5F;
  write_npy(path("A.ifmap.npy"), numbers);
  write_npy(path("A.filters.npy"), numbers);
  const LayerTensors words = read_layer_tensors(folder(), layer, 1, arithmetic::pe_type("fp32"));
  EXPECT_EQ(words.ifmap().data()[0], static_cast<Word>(0xbf000000));
  EXPECT_EQ(words.filters().data()[0], static_cast<Word>(0xbf000000));
  EXPECT_THROW((void)read_layer_tensors(folder(), layer, 1, arithmetic::pe_type("int16")),
               InputError);
}

}  // namespace
}  // namespace rowan::workloads
