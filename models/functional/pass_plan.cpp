// SPDX-License-Identifier: Apache-2.0
#include "models/functional/pass_plan.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "models/base/error.h"

namespace rowan::functional {
namespace {

using dataflow::MulticastId;
using dataflow::Packet;
using dataflow::PacketStream;
using dataflow::PassShape;
using dataflow::PeProgram;
using dataflow::PsumSink;
using dataflow::PsumSource;
using dataflow::WindowPlan;

/// The packets of a network that carry one ID, in order: those of a step, once for each base.
class IdStream {
 public:
  explicit IdStream(const std::vector<std::uint32_t>& bases) : bases_(&bases) {}

  void add(const Packet& packet) {
    packets_.push_back(packet);
    for (std::uint32_t i = 0; i < packet.words; ++i) words_.push_back(packet.address + i);
  }
  [[nodiscard]] std::uint64_t words() const { return bases_->size() * words_.size(); }
  /// Address of a word, where the words of a packet have consecutive ones.
  [[nodiscard]] std::uint32_t word(std::uint64_t index) const {
    return (*bases_)[index / words_.size()] + words_[index % words_.size()];
  }
  [[nodiscard]] std::uint64_t packets() const { return bases_->size() * packets_.size(); }
  [[nodiscard]] Packet packet(std::uint64_t index) const {
    Packet packet = packets_[index % packets_.size()];
    packet.address += (*bases_)[index / packets_.size()];
    return packet;
  }

 private:
  const std::vector<std::uint32_t>* bases_;
  std::vector<Packet> packets_;
  std::vector<std::uint32_t> words_;  ///< of a step
};

/// All streams of a network.
class Network {
 public:
  explicit Network(const PacketStream& stream) : none_(stream.bases) {
    for (const Packet& packet : stream.step) {
      streams_.try_emplace(packet.id, stream.bases).first->second.add(packet);
    }
  }
  [[nodiscard]] const IdStream& of(MulticastId id) const {
    const auto found = streams_.find(id);
    return found == streams_.end() ? none_ : found->second;
  }

 private:
  IdStream none_;
  std::map<MulticastId, IdStream> streams_;
};

/// Writes a matrix `at(row, column)` as first[row] + offset[column], the least offset being 0;
/// false where it is no such sum.
template <class At>
[[nodiscard]] bool split_sum(std::size_t rows, std::size_t columns, At at,
                             std::vector<std::uint32_t>& first,
                             std::vector<std::uint32_t>& offset) {
  std::size_t least = 0;
  for (std::size_t c = 1; c < columns; ++c) {
    if (at(0, c) < at(0, least)) least = c;
  }
  first.clear();
  offset.clear();
  for (std::size_t c = 0; c < columns; ++c) offset.push_back(at(0, c) - at(0, least));
  for (std::size_t r = 0; r < rows; ++r) {
    first.push_back(at(r, least));
    for (std::size_t c = 0; c < columns; ++c) {
      if (at(r, c) != first[r] + offset[c]) return false;
    }
  }
  return true;
}

/// PEs that pass psums on to each other, the lowest first.
using Chain = std::vector<const PeProgram*>;

/// Chains that have the same ifmap words; `filters` says which filters each has.
struct IfmapSharers {
  std::vector<const Chain*> chains;
  std::vector<std::size_t> filters;
};

class Planner {
 public:
  explicit Planner(const PassShape& shape)
      : shape_(shape),
        ifmap_(shape.ifmap),
        filter_(shape.filter),
        psum_out_(shape.psum_out),
        psum_in_(shape.psum_in) {}

  [[nodiscard]] PassPlan plan() {
    if (shape_.unit != nullptr) fail("it is the post-processing unit's");
    find_chains();
    PassPlan plan;
    plan.filter_words = shape_.filter_words;
    plan.reads_psums = shape_.reads_psums;
    for (const std::vector<IfmapSharers>& sharers : sharers_of_equal_filters()) {
      plan.products.push_back(product(sharers));
    }
    count_macs(plan.macs_on_word);
    return plan;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw HardwareError("functional executor: pass shape of " + std::to_string(shape_.active_pes) +
                        " PEs, " + std::to_string(shape_.macs) + " MACs: " + what);
  }

  /// Index from a PE to the one below it. A shape does not say how wide the array is, but every PE
  /// that takes psums from below stands a row above one that gives them.
  [[nodiscard]] std::size_t columns() const {
    std::vector<std::size_t> takers;
    std::vector<std::size_t> givers;
    for (std::size_t i = 0; i < shape_.pes.size(); ++i) {
      if (!shape_.pes[i].active) continue;
      if (shape_.pes[i].source == PsumSource::kLocal) takers.push_back(i);
      if (shape_.pes[i].sink == PsumSink::kLocal) givers.push_back(i);
    }
    if (takers.size() != givers.size()) fail("a psum link has one end only");
    if (takers.empty()) return shape_.pes.size();
    for (std::size_t i = 0; i < takers.size(); ++i) {
      if (givers[i] <= takers[i] || givers[i] - takers[i] != givers[0] - takers[0]) {
        fail("psum links of different lengths");
      }
    }
    return givers[0] - takers[0];
  }

  void find_chains() {
    const std::size_t below = columns();
    for (std::size_t top = 0; top < shape_.pes.size(); ++top) {
      if (!shape_.pes[top].active || shape_.pes[top].sink != PsumSink::kGlobal) continue;
      Chain chain;
      for (std::size_t i = top;; i += below) {
        chain.push_back(&shape_.pes[i]);
        if (chain.back()->source != PsumSource::kLocal) break;
      }
      std::reverse(chain.begin(), chain.end());
      check(chain);
      chains_.push_back(std::move(chain));
    }
    if (chains_.empty()) fail("no psums leave the array");
  }

  void check(const Chain& chain) const {
    const PeProgram& lowest = *chain.front();
    if (shape_.reads_psums != (lowest.source == PsumSource::kGlobal)) {
      fail("some chains read psums, others do not");
    }
    for (const PeProgram* pe : chain) {
      const WindowPlan& windows = *pe->windows;
      if (pe->psums != lowest.psums || pe->images != lowest.images ||
          windows.windows != lowest.windows->windows) {
        fail("a chain of PEs with different numbers of psums");
      }
      if (ifmap_.of(pe->ifmap_id).words() != std::uint64_t{windows.words_per_image} * pe->images) {
        fail("a PE with too few or too many ifmap words");
      }
      if (filter_.of(pe->filter_id).words() != pe->filter_words()) {
        fail("a PE with too few or too many filter words");
      }
      for (const std::uint32_t begin : windows.run_begin) {
        if (std::uint64_t{begin} + windows.run > windows.words_per_image) {
          fail("a window beyond the words of its image");
        }
      }
    }
    if (shape_.reads_psums) check_psums_return(chain);
  }

  /// What a chain reads is what it writes, so that one address does for both.
  void check_psums_return(const Chain& chain) const {
    const IdStream& out = psum_out_.of(chain.back()->psum_id);
    const IdStream& in = psum_in_.of(chain.front()->psum_id);
    bool same = in.packets() == out.packets();
    for (std::uint64_t i = 0; same && i < out.packets(); ++i) {
      same = in.packet(i).address == out.packet(i).address &&
             in.packet(i).words == out.packet(i).words;
    }
    if (!same) fail("a chain reads other psums than it writes");
  }

  /// Chains by ifmap words, in groups that all have the same filters: each group is a product of
  /// all its positions with all its lanes.
  [[nodiscard]] std::vector<std::vector<IfmapSharers>> sharers_of_equal_filters() const {
    using Ids = std::vector<MulticastId>;
    using Windows = std::vector<const WindowPlan*>;
    std::map<Ids, std::size_t> filter_numbers;
    std::map<std::pair<Ids, Windows>, IfmapSharers> by_ifmap;
    for (const Chain& chain : chains_) {
      Ids ifmaps;
      Ids filters;
      Windows windows;
      for (const PeProgram* pe : chain) {
        ifmaps.push_back(pe->ifmap_id);
        filters.push_back(pe->filter_id);
        windows.push_back(pe->windows.get());
      }
      IfmapSharers& sharers = by_ifmap[{ifmaps, windows}];
      sharers.chains.push_back(&chain);
      sharers.filters.push_back(
          filter_numbers.try_emplace(filters, filter_numbers.size()).first->second);
    }
    std::map<std::pair<std::vector<std::size_t>, Windows>, std::vector<IfmapSharers>> groups;
    for (auto& [ifmap, sharers] : by_ifmap) {
      groups[{sharers.filters, ifmap.second}].push_back(std::move(sharers));
    }
    std::vector<std::vector<IfmapSharers>> found;
    for (auto& group : groups) found.push_back(std::move(group.second));
    return found;
  }

  /// Where a psum packet of a chain lies.
  struct PsumPackets {
    std::vector<std::uint32_t> words;              ///< of the packets of a position
    std::vector<std::vector<std::uint32_t>> rows;  ///< [positions][packets of a position]
  };

  [[nodiscard]] PsumPackets psum_packets(const Chain& chain) const {
    const PeProgram& top = *chain.back();
    const IdStream& stream = psum_out_.of(top.psum_id);
    const std::uint64_t positions = std::uint64_t{top.images} * top.windows->windows;
    if (stream.words() != positions * top.psums) fail("a PE with too few or too many psums");
    PsumPackets found;
    std::uint64_t next = 0;
    for (std::uint64_t position = 0; position < positions; ++position) {
      std::vector<std::uint32_t> words;
      std::vector<std::uint32_t> rows;
      std::uint32_t left = top.psums;
      while (left > 0) {
        const Packet packet = stream.packet(next++);
        if (packet.words > left) fail("a packet with psums of two windows");
        words.push_back(packet.words);
        rows.push_back(packet.address);
        left -= packet.words;
      }
      if (position == 0) found.words = words;
      if (words != found.words) fail("windows in different packets");
      found.rows.push_back(std::move(rows));
    }
    return found;
  }

  [[nodiscard]] MatrixProduct product(const std::vector<IfmapSharers>& sharers) const {
    MatrixProduct product;
    set_positions_and_taps(sharers, product);
    set_filters(sharers.front().chains, product);
    set_psums(sharers, product);
    sort_by_psum_row(product);
    return product;
  }

  void set_positions_and_taps(const std::vector<IfmapSharers>& sharers,
                              MatrixProduct& product) const {
    const Chain& any = *sharers.front().chains.front();
    const std::size_t windows = any.front()->windows->windows;
    const std::size_t positions = windows * any.front()->images;
    struct Tap {
      std::size_t pe = 0;
      std::uint32_t run = 0;
      std::uint32_t word = 0;
    };
    std::vector<Tap> taps;
    for (std::size_t pe = 0; pe < any.size(); ++pe) {
      const WindowPlan& plan = *any[pe]->windows;
      for (std::uint32_t i = 0; i < plan.words_per_window(); ++i) {
        taps.push_back({pe, i / plan.run, i % plan.run});
      }
      product.pe_taps.push_back(plan.words_per_window());
    }
    const auto address = [&](std::size_t position, std::size_t index) {
      const Tap& tap = taps[index];
      const PeProgram& pe = *(*sharers[position / positions].chains.front())[tap.pe];
      const WindowPlan& plan = *pe.windows;
      const std::size_t image = position % positions / windows;
      const std::size_t window = position % windows;
      return ifmap_.of(pe.ifmap_id)
          .word(image * plan.words_per_image +
                plan.run_begin[window * plan.runs_per_window + tap.run] + tap.word);
    };
    if (!split_sum(sharers.size() * positions, taps.size(), address, product.positions,
                   product.taps)) {
      fail("ifmap addresses are no sum of a window's and a word's");
    }
  }

  void set_filters(const std::vector<const Chain*>& chains, MatrixProduct& product) const {
    for (const Chain* chain : chains) product.chain_lanes.push_back(chain->front()->psums);
    product.lanes =
        std::accumulate(product.chain_lanes.begin(), product.chain_lanes.end(), std::uint32_t{0});
    for (std::size_t pe = 0; pe < product.pe_taps.size(); ++pe) {
      for (std::uint32_t tap = 0; tap < product.pe_taps[pe]; ++tap) {
        for (const Chain* chain : chains) {
          const IdStream& words = filter_.of((*chain)[pe]->filter_id);
          const std::uint32_t psums = (*chain)[pe]->psums;
          for (std::uint32_t k = 0; k < psums; ++k) {
            product.filter_words.push_back(words.word(std::uint64_t{tap} * psums + k));
          }
        }
      }
    }
  }

  void set_psums(const std::vector<IfmapSharers>& sharers, MatrixProduct& product) const {
    std::vector<std::uint32_t> words;
    std::vector<std::vector<std::uint32_t>> rows;
    for (const IfmapSharers& same_ifmap : sharers) {
      std::vector<std::uint32_t> words_here;
      const std::size_t first = rows.size();
      for (const Chain* chain : same_ifmap.chains) {
        const PsumPackets packets = psum_packets(*chain);
        words_here.insert(words_here.end(), packets.words.begin(), packets.words.end());
        rows.resize(first + packets.rows.size());
        for (std::size_t i = 0; i < packets.rows.size(); ++i) {
          std::vector<std::uint32_t>& row = rows[first + i];
          row.insert(row.end(), packets.rows[i].begin(), packets.rows[i].end());
        }
      }
      if (words.empty()) words = words_here;
      if (words_here != words) fail("columns of PEs in different packets");
    }
    std::vector<std::uint32_t> offsets;
    const auto row = [&](std::size_t position, std::size_t packet) {
      return rows[position][packet];
    };
    if (!split_sum(rows.size(), words.size(), row, product.psum_rows, offsets)) {
      fail("psum rows are no sum of a window's and a packet's");
    }
    for (std::size_t i = 0; i < words.size(); ++i)
      product.packets.push_back({words[i], offsets[i]});
  }

  /// Neighbours in the psum tile share cache lines.
  static void sort_by_psum_row(MatrixProduct& product) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> order;
    for (std::size_t i = 0; i < product.positions.size(); ++i) {
      order.emplace_back(product.psum_rows[i], product.positions[i]);
    }
    std::sort(order.begin(), order.end());
    for (std::size_t i = 0; i < order.size(); ++i) {
      std::tie(product.psum_rows[i], product.positions[i]) = order[i];
    }
  }

  void count_macs(std::vector<std::uint32_t>& macs_on_word) const {
    for (const PeProgram& pe : shape_.pes) {
      if (!pe.active) continue;
      const WindowPlan& plan = *pe.windows;
      const IdStream& words = ifmap_.of(pe.ifmap_id);
      for (std::uint64_t image = 0; image < pe.images; ++image) {
        for (const std::uint32_t begin : plan.run_begin) {
          for (std::uint32_t i = 0; i < plan.run; ++i) {
            const std::uint32_t word = words.word(image * plan.words_per_image + begin + i);
            if (word >= macs_on_word.size()) macs_on_word.resize(word + std::size_t{1}, 0);
            macs_on_word[word] += pe.psums;
          }
        }
      }
    }
  }

  const PassShape& shape_;
  Network ifmap_;
  Network filter_;
  Network psum_out_;
  Network psum_in_;
  std::vector<Chain> chains_;
};

}  // namespace

PassPlan plan_pass(const dataflow::PassShape& shape) { return Planner(shape).plan(); }

}  // namespace rowan::functional
