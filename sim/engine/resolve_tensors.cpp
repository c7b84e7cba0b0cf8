// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/resolve_tensors.h"

#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "models/arithmetic/floating_point.h"
#include "models/arithmetic/pe_type.h"
#include "models/base/error.h"
#include "models/base/hash.h"
#include "models/base/suggest.h"
#include "models/base/text.h"
#include "workloads/float_tensors.h"
#include "workloads/npy.h"

namespace rowan::sim {
namespace {

const arithmetic::PeType& type_of(const Request& request) {
  return arithmetic::pe_type(request.platform.pe.type);
}

/// Whether words may be drawn: the shifts of network files belong to such words.
bool has_16_bit_integers(const arithmetic::PeType& type) {
  return type.numbers == arithmetic::Numbers::kInteger && type.activation_bits == 16 &&
         type.weight_bits == 16;
}

void add(Hash& hash, const workloads::Tensor& tensor) {
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    hash.add_word(static_cast<std::uint32_t>(tensor.data()[i]));
  }
}

void add(Hash& hash, const workloads::FloatTensor& tensor) {
  for (std::size_t i = 0; i < tensor.size(); ++i) {
    hash.add_word(static_cast<std::uint32_t>(arithmetic::bits_of(tensor.data()[i])));
  }
}

std::string hash_of_words(const Request& request) {
  Hash hash;
  for (const LayerRequest& layer : request.layers) {
    const workloads::LayerTensors tensors = workloads::read_layer_tensors(
        request.tensor_directory, request.layer(layer), request.batch, type_of(request));
    for (const workloads::Tensor& input : tensors.inputs) add(hash, input);
    add(hash, tensors.parameters);
  }
  return hash.hex();
}

std::string hash_of_floats(const Request& request) {
  const workloads::FloatSource source{request.seed, request.tensor_directory};
  Hash hash;
  add(hash, float_input(request.workload, request.batch, source));
  for (std::size_t i = 0; i < request.workload.layers.size(); ++i) {
    add(hash, float_parameters(request.workload, i, source));
  }
  return hash.hex();
}

/// Whether there is such a folder; `option` is named when that cannot be told.
bool is_folder(const std::string& name, const std::string& option) {
  std::error_code error;
  const bool found = std::filesystem::is_directory(name, error);
  if (error && error != std::errc::no_such_file_or_directory &&
      error != std::errc::not_a_directory) {
    throw InputError(option + ": '" + printable(name) +
                     "' cannot be looked at: " + error.message());
  }
  return found;
}

template <class E, std::size_t N>
E choice_of(const Choice<E> (&rows)[N], const std::optional<std::string>& name,
            const std::string& option) {
  if (!name) return rows[0].value;
  std::vector<std::string> known;
  std::string list;
  for (const Choice<E>& row : rows) {
    if (*name == row.name) return row.value;
    known.emplace_back(row.name);
    list += (list.empty() ? "" : ", ") + known.back();
  }
  throw InputError("--" + option + ": '" + printable(*name) + "' is not one of " + list +
                   did_you_mean(*name, known));
}

void require_no_scale_options(const RequestNames& names, const arithmetic::PeType& type) {
  if (type.numbers != arithmetic::Numbers::kFloat) return;
  for (const auto& [given, option] :
       {std::pair(names.scale, "scale"), std::pair(names.granularity, "granularity")}) {
    if (!given) continue;
    throw InputError(std::string("--") + option + ": words of " + type.name +
                     " are the numbers themselves, so there is no scale to choose");
  }
}

void resolve_floats(const RequestNames& names, Request& request) {
  require_no_scale_options(names, type_of(request));
  request.tensors = TensorSource::kFloat;
  request.quantization.scale = choice_of(workloads::kScaleKinds, names.scale, "scale");
  request.quantization.granularity =
      choice_of(workloads::kGranularities, names.granularity, "granularity");
  if (!names.floats) return;
  if (!is_folder(*names.floats, "--floats")) {
    throw InputError("--floats: there is no folder '" + printable(*names.floats) + "'");
  }
  request.tensor_directory = *names.floats;
  request.tensor_hash = hash_of_floats(request);
}

void require_16_bit_integers(const std::string& source, const Request& request) {
  const arithmetic::PeType& type = type_of(request);
  if (has_16_bit_integers(type)) return;
  throw InputError("--tensors: '" + source +
                   "' draws words for the shifts of the network's file, "
                   "which are made for 16-bit integers, but pe.type is '" +
                   type.name + "'; give 'float' (the default here), or a folder of words");
}

void require_no_float_options(const RequestNames& names, const std::string& source) {
  for (const auto& [given, option] :
       {std::pair(names.scale, "scale"), std::pair(names.granularity, "granularity"),
        std::pair(names.floats, "floats")}) {
    if (!given) continue;
    throw InputError(std::string("--") + option + ": is for --tensors float, but tensors are '" +
                     printable(source) + "'");
  }
}

}  // namespace

void resolve_tensors(const RequestNames& names, Request& request) {
  const std::string source =
      names.tensors.value_or(has_16_bit_integers(type_of(request)) ? "seeded" : "float");
  if (source == "float") return resolve_floats(names, request);
  require_no_float_options(names, source);
  if (source == "seeded" || source == "chain") {
    require_16_bit_integers(source, request);
    request.tensors = source == "chain" ? TensorSource::kChain : TensorSource::kSeeded;
    return;
  }
  if (!is_folder(source, "--tensors")) {
    throw InputError("--tensors: '" + printable(source) +
                     "' is neither 'float' nor 'seeded' nor 'chain' nor a folder" +
                     did_you_mean(source, {"float", "seeded", "chain"}));
  }
  request.tensors = TensorSource::kDirectory;
  request.tensor_directory = source;
  request.tensor_hash = hash_of_words(request);
}

}  // namespace rowan::sim
