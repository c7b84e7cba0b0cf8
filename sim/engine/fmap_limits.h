// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/engine/request.h"

/// What fits the memory of the computer that simulates.
namespace rowan::sim {

/// Words of the largest fmap of a run: 1 GiB of them.
inline constexpr std::uint64_t kMaxFmapWords = std::uint64_t{1} << 28;
/// Of all ofmaps that are held at once: 4 GiB of words, beside 8 GiB of numbers in binary64 where
/// the network is one of floats.
inline constexpr std::uint64_t kMaxNetworkWords = std::uint64_t{1} << 30;

/// Throws InputError at `key` when so many images of a layer make an fmap, padding included, beyond
/// kMaxFmapWords.
void require_room_for_layer(const workloads::Layer& layer, unsigned batch, const std::string& key);

/// The same for layers that are computed though they need not be chosen: all of a float network,
/// and of a chain those whose ofmaps lead to a chosen one. Their ofmaps are all held, so it throws
/// beyond kMaxNetworkWords, too. Other sources of tensors need no room beyond the chosen layers'.
void require_room_for_network(const Request& request);

}  // namespace rowan::sim
