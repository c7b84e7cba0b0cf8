// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/engine/request.h"
#include "sim/engine/resolve.h"

namespace rowan::sim {

/// Puts where tensors come from into a request that has all else but the seed's use: the source,
/// the folder with the hash of its files, and how float tensors are quantised.
///
/// Throws InputError: for a name that is neither a source nor a folder; words that are drawn for a
/// type other than 16-bit integers, to whose range the shifts of network files belong; options of
/// float tensors without them, or of scales for fp32, which has none; a matmul with LightPE; and
/// files that cannot be read or do not fit.
void resolve_tensors(const RequestNames& names, Request& request);

}  // namespace rowan::sim
