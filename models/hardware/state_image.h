// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "models/hardware/block.h"

namespace rowan::hardware {

/// The timing state of blocks as bytes, relative to a cycle, the base.
///
/// A block shows its state to an image in one function, whether the image saves or restores: what
/// is compared is what would be restored. Cycles up to the base are all the same, for nothing
/// happens before it any more. An image in which nothing lies behind the base has no bytes.
class StateImage {
 public:
  [[nodiscard]] static StateImage saving(Stamp base) { return StateImage(base); }
  [[nodiscard]] static StateImage restoring(Stamp base, std::string bytes) {
    return {base, std::move(bytes)};
  }

  [[nodiscard]] Stamp base() const { return base_; }
  /// A first cycle in which something can happen.
  void stamp(Stamp& cycle) {
    if (saving_) {
      write(cycle > base_ ? cycle - base_ : 0);
      if (cycle > latest_) latest_ = cycle;
    } else {
      cycle = base_ + read();
    }
  }
  /// Anything else.
  void number(std::uint64_t& value) {
    if (saving_) {
      write(value);
    } else {
      value = read();
    }
  }

  /// What was saved.
  [[nodiscard]] std::string bytes() && { return std::move(bytes_); }
  /// The latest stamp that was saved.
  [[nodiscard]] Stamp latest() const { return latest_; }

 private:
  explicit StateImage(Stamp base) : base_(base), saving_(true) {}
  StateImage(Stamp base, std::string bytes)
      : base_(base), saving_(false), bytes_(std::move(bytes)) {
    if (!bytes_.empty()) zeros_ = read_plain();
  }

  /// Values that are not zero, each after the number of zeros before it.
  void write(std::uint64_t value) {
    if (value == 0) {
      ++zeros_;
      return;
    }
    write_plain(zeros_);
    write_plain(value);
    zeros_ = 0;
  }
  [[nodiscard]] std::uint64_t read() {
    if (next_ == bytes_.size()) return 0;
    if (zeros_ > 0) {
      --zeros_;
      return 0;
    }
    const std::uint64_t value = read_plain();
    if (next_ < bytes_.size()) zeros_ = read_plain();
    return value;
  }
  /// Seven bits a byte, lowest first; the eighth says that more follow.
  void write_plain(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_.push_back(static_cast<char>(value | 0x80));
    bytes_.push_back(static_cast<char>(value));
  }
  [[nodiscard]] std::uint64_t read_plain() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[next_++]);
      value |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) return value;
    }
  }

  Stamp base_;
  bool saving_;
  std::string bytes_;
  std::size_t next_ = 0;
  std::uint64_t zeros_ = 0;
  Stamp latest_ = 0;
};

}  // namespace rowan::hardware
