// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace rowan {

/// Every counted action of every component class. Each is declared once: here and in kCounters
/// below.
enum class Counter : std::uint8_t {
  kMacCompute,
  kMacGated,
  kAdderAccumulate,
  kIfmapSpadRead,
  kIfmapSpadReadRepeated,
  kIfmapSpadWrite,
  kFilterSpadRead,
  kFilterSpadWrite,
  kPsumSpadRead,
  kPsumSpadWrite,
  kIfmapFifoPush,
  kIfmapFifoPop,
  kFilterFifoPush,
  kFilterFifoPop,
  kPsumInFifoPush,
  kPsumInFifoPop,
  kPsumOutFifoPush,
  kPsumOutFifoPop,
  kLocalNetworkWord,
  kLocalNetworkBlocked,
  kIfmapGinPacket,
  kIfmapGinDelivery,
  kIfmapGinHop,
  kIfmapGinBlocked,
  kFilterGinPacket,
  kFilterGinDelivery,
  kFilterGinHop,
  kFilterGinBlocked,
  kPsumGinPacket,
  kPsumGinDelivery,
  kPsumGinHop,
  kPsumGinBlocked,
  kGonPacket,
  kGonWord,
  kGonHop,
  kGlbIfmapRead,
  kGlbIfmapWrite,
  kGlbFilterRead,
  kGlbFilterWrite,
  kGlbPsumRead,
  kGlbPsumWrite,
  kGlbOfmapRead,
  kGlbResidentRead,
  kGlbResidentWrite,
  kGlbBankConflict,
  kRlcDecode,
  kRlcEncode,
  kPostProcessingWord,
  kPostProcessingOperation,
  kDramIfmapRead,
  kDramFilterRead,
  kDramOfmapWrite,
  kDramBurst,
  kControllerPass,
  kControllerConfigurationBit,
  kCount
};

/// A counter's name: (component class, action) is also the energy table's (class, action).
struct CounterInfo {
  Counter counter;
  const char* component;
  const char* action;
  const char* unit;
  const char* description;
  bool depends_on_data = false;  ///< on the words, not on timing alone
};

inline constexpr std::size_t kCounterCount = static_cast<std::size_t>(Counter::kCount);
using CounterTable = std::array<CounterInfo, kCounterCount>;

/// One row per counter, in the order of the enumeration.
[[nodiscard]] const CounterTable& counter_table();

/// Activity of a layer or a part of it; counts subtract, so a layer is a difference of two
/// readings.
class ActivityCounts {
 public:
  void add(Counter counter, std::uint64_t amount) { values_[index(counter)] += amount; }
  void set(Counter counter, std::uint64_t amount) { values_[index(counter)] = amount; }
  [[nodiscard]] std::uint64_t operator[](Counter counter) const { return values_[index(counter)]; }

  ActivityCounts& operator+=(const ActivityCounts& other);
  ActivityCounts& operator-=(const ActivityCounts& other);
  friend bool operator==(const ActivityCounts& a, const ActivityCounts& b) {
    return a.values_ == b.values_;
  }

 private:
  static constexpr std::size_t index(Counter counter) { return static_cast<std::size_t>(counter); }
  std::array<std::uint64_t, kCounterCount> values_{};
};

/// What a PE does in a cycle. Every cycle of every PE is booked to exactly one row: busy, a stall
/// by cause, or idle.
enum class PeActivity : std::uint8_t {
  kBusy,               ///< issues a MAC or an accumulation
  kConfiguration,      ///< the scan chain is loaded
  kPassTransition,     ///< done with its pass, waits for the others and the controller
  kDram,               ///< the next pass, or the layer's end, waits for DRAM
  kFilterLoad,         ///< its filters are not in its scratchpad yet
  kIfmap,              ///< an ifmap word is missing
  kAccumulatorHazard,  ///< the psum is still in the accumulation pipeline
  kPsumIn,             ///< the incoming psum is missing
  kPsumOut,            ///< the psum-out FIFO is full
  kIdle,               ///< has no part in the pass
  kCount
};

inline constexpr std::size_t kPeActivityCount = static_cast<std::size_t>(PeActivity::kCount);

/// Name in reports and JSON, such as "psum_in".
[[nodiscard]] const char* name_of(PeActivity activity);
[[nodiscard]] const char* description_of(PeActivity activity);

/// Cycles by activity, of one PE or summed over PEs.
class PeCycles {
 public:
  void add(PeActivity activity, std::uint64_t cycles) { values_[index(activity)] += cycles; }
  [[nodiscard]] std::uint64_t operator[](PeActivity activity) const {
    return values_[index(activity)];
  }
  /// Sum over all rows.
  [[nodiscard]] std::uint64_t total() const;
  PeCycles& operator+=(const PeCycles& other);
  PeCycles& operator-=(const PeCycles& other);
  friend bool operator==(const PeCycles& a, const PeCycles& b) { return a.values_ == b.values_; }

 private:
  static constexpr std::size_t index(PeActivity a) { return static_cast<std::size_t>(a); }
  std::array<std::uint64_t, kPeActivityCount> values_{};
};

}  // namespace rowan
