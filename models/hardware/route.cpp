// SPDX-License-Identifier: Apache-2.0
#include "models/hardware/route.h"

#include <algorithm>
#include <utility>

#include "models/base/error.h"

namespace rowan::hardware {

namespace {

/// Array rows of these PEs, which are in ascending order.
std::uint32_t rows_of(const std::vector<std::uint32_t>& pes, unsigned columns) {
  std::uint32_t rows = 0;
  for (std::size_t i = 0; i < pes.size(); ++i) {
    if (i == 0 || pes[i] / columns != pes[i - 1] / columns) ++rows;
  }
  return rows;
}

}  // namespace

RouteTable::RouteTable(std::string network, unsigned columns, Stream stream, Id id)
    : network_(std::move(network)), columns_(columns), stream_(stream), id_(id) {}

const Route& RouteTable::of(const std::shared_ptr<const dataflow::PassShape>& shape) {
  const auto found = routes_.find(shape);
  if (found != routes_.end()) return found->second;

  std::map<dataflow::MulticastId, std::vector<std::uint32_t>> takers;
  for (std::uint32_t pe = 0; pe < shape->pes.size(); ++pe) {
    if (shape->pes[pe].active) takers[shape->pes[pe].*id_].push_back(pe);
  }
  const dataflow::PacketStream& stream = (*shape).*stream_;
  Route route;
  route.bases = stream.bases;
  route.packets.reserve(stream.step.size());
  for (const dataflow::Packet& packet : stream.step) {
    const auto pes = takers.find(packet.id);
    if (pes == takers.end()) {
      throw HardwareError(network_ + ": no PE has the IDs (" + std::to_string(packet.id.row) +
                          ", " + std::to_string(packet.id.column) + ") of a packet");
    }
    const auto first = static_cast<std::uint32_t>(route.pes.size());
    route.pes.insert(route.pes.end(), pes->second.begin(), pes->second.end());
    route.packets.push_back({packet.words, packet.address, first,
                             static_cast<std::uint32_t>(route.pes.size()),
                             rows_of(pes->second, columns_)});
    route.most_words = std::max(route.most_words, packet.words);
  }
  return routes_.emplace(shape, std::move(route)).first->second;
}

}  // namespace rowan::hardware
