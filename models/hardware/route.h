// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/dataflow/pass.h"

namespace rowan::hardware {

/// Packets of a pass with the PEs that take (or give) them: what the multicast controllers make of
/// the IDs.
struct Route {
  struct Packet {
    std::uint32_t words = 0;
    std::uint32_t address = 0;
    std::uint32_t first = 0;  ///< index of its first PE in `pes`
    std::uint32_t last = 0;   ///< index behind its last one
    std::uint32_t rows = 0;   ///< of the array, with one of its PEs or more
  };
  std::vector<std::uint32_t> bases;  ///< the packets are sent once for each
  std::vector<Packet> packets;
  std::vector<std::uint32_t> pes;
  std::uint32_t most_words = 0;  ///< of a packet
};

/// Where a network is in the packets of a pass.
class RouteWalk {
 public:
  [[nodiscard]] bool started() const { return route_ != nullptr; }
  void start(const Route& route) { *this = RouteWalk(route); }
  [[nodiscard]] const Route::Packet& packet() const { return route_->packets[packet_]; }
  [[nodiscard]] std::uint32_t address() const {
    return route_->bases[repeat_] + route_->packets[packet_].address;
  }
  /// Its PEs.
  [[nodiscard]] const std::uint32_t* begin() const { return route_->pes.data() + packet().first; }
  [[nodiscard]] const std::uint32_t* end() const { return route_->pes.data() + packet().last; }
  /// Goes to the next packet; after the last, nothing is started.
  void advance() {
    if (++packet_ < route_->packets.size()) return;
    packet_ = 0;
    if (++repeat_ == route_->bases.size()) route_ = nullptr;
  }

  RouteWalk() = default;

 private:
  explicit RouteWalk(const Route& route) : route_(&route) {}

  const Route* route_ = nullptr;
  std::uint64_t repeat_ = 0;
  std::uint64_t packet_ = 0;
};

/// The routes of a network in a layer, one per pass shape.
class RouteTable {
 public:
  using Stream = dataflow::PacketStream dataflow::PassShape::*;
  using Id = dataflow::MulticastId dataflow::PeProgram::*;

  /// `network` is the name in messages; `columns` are the array's; `stream` and `id` are the
  /// network's part of a shape.
  RouteTable(std::string network, unsigned columns, Stream stream, Id id);

  /// Throws HardwareError when nobody has the IDs of a packet.
  [[nodiscard]] const Route& of(const std::shared_ptr<const dataflow::PassShape>& shape);
  void clear() { routes_.clear(); }

 private:
  std::string network_;
  unsigned columns_;
  Stream stream_;
  Id id_;
  std::map<std::shared_ptr<const dataflow::PassShape>, Route> routes_;
};

}  // namespace rowan::hardware
