// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "models/arithmetic/pe_type.h"
#include "models/base/units.h"

namespace rowan::spec {

/// When the controller starts a pass.
enum class PassTransition { kDrain, kOverlap };
/// Whether the GLB holds each tile once (computing stops for DRAM) or twice.
enum class DramOverlap { kNone, kDoubleBuffer };
/// How rows of the psum banks are spread over them.
enum class BankInterleaving { kWord, kBlock };
/// Who takes a psum bank with one port when both want it.
enum class BankPriority { kRead, kWrite };
/// How often an ifmap word of a window is read from its scratchpad.
enum class IfmapSpadReads { kHeld, kPerMac };

struct FifoSpec {
  Words depth{4};
};

struct ScratchpadSpec {
  Words size{12};
};

struct ArraySpec {
  unsigned rows = 12;
  unsigned columns = 14;
};

/// The chip's. Where a file leaves them out, the fields marked (type) are those of its type, as
/// set_defaults_of_type() has them.
struct PeSpec {
  std::string type = "int16";  ///< a name of arithmetic::pe_types()
  unsigned psum_bits = 16;     ///< width of a psum word (type)
  arithmetic::Overflow psum_overflow = arithmetic::Overflow::kWrap;  ///< of integer sums
  unsigned product_bits = 16;    ///< of a shifted product that are kept, two's complement (type)
  Cycles multiply_latency{1};    ///< Lm of docs/machine.md (type)
  Cycles accumulate_latency{2};  ///< La: between two issues on one psum (type)
  bool zero_gating = true;       ///< (type)
  IfmapSpadReads ifmap_spad_reads = IfmapSpadReads::kHeld;
  ScratchpadSpec ifmap_spad{Words(12)};
  ScratchpadSpec filter_spad{Words(224)};
  ScratchpadSpec psum_spad{Words(24)};
  FifoSpec ifmap_fifo{Words(4)};
  FifoSpec filter_fifo{Words(8)};
  FifoSpec psum_in_fifo{Words(24)};
  FifoSpec psum_out_fifo{Words(24)};
};

struct LocalNetworkSpec {
  Bits width{64};
};

/// A multicast network from the GLB to the array.
struct GinSpec {
  Bits width{64};
  unsigned row_id_bits = 4;
  unsigned column_id_bits = 4;
  Cycles latency{1};  ///< from the GLB's output to the FIFO
};

/// The network from the array to the GLB.
struct GonSpec {
  Bits width{64};
  Cycles latency{1};
};

struct GlobalBufferSpec {
  unsigned banks = 25;        ///< each wholly ifmap or wholly psum
  unsigned filter_banks = 2;  ///< one ring of filter words
  unsigned bank_rows = 512;
  Bits row_width{64};
  Cycles read_latency{1};
  unsigned psum_bank_ports = 2;  ///< 2: one read and one write per cycle; 1: one of them
  BankInterleaving psum_bank_interleaving = BankInterleaving::kWord;
  BankPriority psum_bank_priority = BankPriority::kRead;
  bool inter_layer_reuse = false;  ///< an ofmap that fits stays there for the next layer
};

struct ControllerSpec {
  PassTransition pass_transition = PassTransition::kDrain;
  Cycles pass_setup{2};  ///< from the drain of a pass to the release of the next
  Bits scan_chain{1794};
  unsigned scan_bits_per_cycle = 1;
};

struct PostProcessingSpec {
  unsigned lanes = 4;  ///< psum words per cycle
};

struct DramSpec {
  DramOverlap overlap = DramOverlap::kNone;
  Kilohertz link_clock{60'000};
  Bits link_width{64};
  Nanoseconds latency{60};
  Bytes burst{64};
  unsigned outstanding_bursts = 4;
  bool rlc = true;  ///< fmaps are run-length coded, but for the network's input
};

/// One accelerator of the family, every size a parameter. Checked once, by spec::load_platform().
struct AcceleratorSpec {
  std::string name;
  std::string description;
  std::string energy_table;  ///< name of an energy table or its file; empty: none
  Kilohertz clock{200'000};
  ArraySpec array;
  PeSpec pe;
  LocalNetworkSpec local_network;
  GinSpec ifmap_gin{Bits(16), 4, 5, Cycles(1)};
  GinSpec filter_gin;
  GinSpec psum_gin;
  GonSpec gon;
  GlobalBufferSpec global_buffer;
  ControllerSpec controller;
  PostProcessingSpec post_processing;
  DramSpec dram;
};

}  // namespace rowan::spec
