// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/arithmetic/quantizer.h"
#include "sim/engine/request.h"
#include "workloads/quantized_run.h"

namespace rowan::sim {

/// A signal-to-noise ratio: "38.2", "exact" without noise, "-inf" without a signal, "nan" where a
/// word is not a number, "-" without numbers.
[[nodiscard]] std::string db_text(const arithmetic::SignalNoise& sum);

/// What quantisation made of the request's layers: shifts, scales, noise, and what did not fit.
/// `request` is one that quantized() made, `runs` are those of all layers of its network.
[[nodiscard]] std::string quantisation_table(const Request& request,
                                             const std::vector<workloads::QuantizedLayerRun>& runs);
/// The same as JSON, schema `rowan.quantisation/1`.
[[nodiscard]] std::string quantisation_json(const Request& request,
                                            const std::vector<workloads::QuantizedLayerRun>& runs);

}  // namespace rowan::sim
