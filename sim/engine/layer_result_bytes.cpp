// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/layer_result_bytes.h"

#include <cstring>
#include <stdexcept>
#include <type_traits>

namespace rowan::sim {
namespace {

class Writer {
 public:
  template <class T>
  void value(const T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void text(const std::string& text) {
    value(text.size());
    bytes_ += text;
  }
  template <class T, class Inner>
  void optional(const std::optional<T>& held, Inner inner) {
    value(held.has_value());
    if (held) inner(*held);
  }
  [[nodiscard]] std::string bytes() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(const std::string& bytes) : bytes_(bytes) {}
  template <class T>
  void value(T& value) {
    static_assert(std::is_trivially_copyable_v<T>);
    std::memcpy(&value, take(sizeof value), sizeof value);
  }
  void text(std::string& text) {
    std::size_t size = 0;
    value(size);
    text.assign(take(size), size);
  }
  template <class T, class Inner>
  void optional(std::optional<T>& held, Inner inner) {
    bool has_value = false;
    value(has_value);
    held.reset();
    if (has_value) inner(held.emplace());
  }
  void end() const {
    if (next_ != bytes_.size()) throw std::invalid_argument("bytes are left of a layer's result");
  }

 private:
  const char* take(std::size_t size) {
    if (bytes_.size() - next_ < size) throw std::invalid_argument("a layer's result ends early");
    next_ += size;
    return bytes_.data() + next_ - size;
  }
  const std::string& bytes_;
  std::size_t next_ = 0;
};

/// Visits what travels: with a Writer and a const result, or with a Reader.
template <class Archive, class Layer>
void visit(Archive& archive, Layer& result) {
  auto& measures = result.measures;
  archive.value(result.active_pes);
  archive.text(result.ofmap_hash);
  archive.value(measures.macs);
  archive.value(measures.passes);
  archive.value(measures.processing);
  archive.value(measures.total);
  archive.value(measures.counts);
  archive.value(measures.pe_cycles);
  archive.value(measures.fast_forward);
  archive.value(result.busiest_pe);
  archive.optional(result.estimate, [&archive](auto& estimate) { archive.value(estimate); });
  archive.optional(result.noise, [&archive](auto& noise) { archive.value(noise); });
  archive.optional(measures.check, [&archive](auto& check) {
    archive.value(check.compared);
    archive.value(check.mismatches);
    archive.value(check.psums);
    archive.value(check.nonzero_psums);
    archive.value(check.wrapped_psums);
    archive.value(check.saturated_sums);
    archive.value(check.saturated);
    archive.optional(check.deviation, [&archive](auto& deviation) {
      archive.value(deviation.max_abs_error);
      archive.value(deviation.sqnr_db);
    });
    archive.optional(check.first, [&archive](auto& first) {
      archive.text(first.layer);
      archive.value(first.at);
      archive.value(first.expected);
      archive.value(first.found);
    });
  });
}

}  // namespace

std::string to_bytes(const LayerResult& result) {
  Writer writer;
  visit(writer, result);
  return std::move(writer).bytes();
}

void from_bytes(const std::string& bytes, LayerResult& result) {
  Reader reader(bytes);
  visit(reader, result);
  reader.end();
}

}  // namespace rowan::sim
