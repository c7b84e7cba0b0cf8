// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/machine_layer.h"

#include <memory>
#include <utility>

#include "models/arithmetic/pe_type.h"
#include "models/base/error.h"
#include "models/base/text.h"
#include "models/dataflow/post_processing/dram_image.h"
#include "models/dataflow/post_processing/layer_plan.h"
#include "models/dataflow/post_processing/layer_schedule.h"
#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/functional/executor.h"
#include "models/spec/derived.h"
#include "sim/engine/residency.h"
#include "workloads/array_operands.h"

namespace rowan::sim {
namespace {

namespace rs = dataflow::row_stationary;
namespace unit = dataflow::post_processing;

/// A schedule with what it refers to.
template <class Plan, class Layout, class LayerSchedule>
struct Scheduled {
  Scheduled(Plan layer_plan, Layout dram_layout)
      : plan(std::move(layer_plan)), layout(std::move(dram_layout)), schedule(plan, layout) {}
  Scheduled(const Scheduled&) = delete;
  Scheduled& operator=(const Scheduled&) = delete;

  Plan plan;
  Layout layout;
  LayerSchedule schedule;
};

MachineLayer make_array_layer(const Request& request, const LayerRequest& layer_request,
                              const workloads::LayerTensors& tensors) {
  using ScheduledLayer = Scheduled<rs::LayerPlan, rs::DramLayout, rs::LayerSchedule>;
  const workloads::Layer& layer = request.layer(layer_request);
  const spec::PeSpec& pe = request.platform.pe;
  const arithmetic::PeType& type = arithmetic::pe_type(pe.type);
  workloads::ArrayOperands operands = workloads::array_operands(layer, tensors);
  if (layer.kind == workloads::LayerKind::kMatmul) {
    arithmetic::make_weights(type, operands.filters.data(), operands.filters.size());
  }
  rs::LayerPlan plan(operands.shape, operands.images, *layer_request.mapping,
                     platform_without(request.platform, layer_request.resident.banks));
  rs::DramImage image = rs::make_dram_image(plan, operands.ifmap, operands.filters,
                                            layer.network_input, places_of(layer_request.resident));
  const auto scheduled =
      std::make_shared<const ScheduledLayer>(std::move(plan), std::move(image.layout));

  MachineLayer machine;
  machine.memory = std::move(image.bytes);
  machine.memory.resize(scheduled->layout.bytes);
  machine.resident = std::move(image.resident);
  machine.resident.resize(scheduled->layout.resident_bytes);
  machine.read_ofmap = [scheduled, layer, batch = request.batch,
                        stays = layer_request.resident.ofmap](const auto& memory,
                                                              const auto& resident) {
    return workloads::from_array(
        layer, batch,
        rs::read_ofmap(scheduled->plan, scheduled->layout, stays ? resident : memory));
  };
  hardware::LayerJob& job = machine.job;
  job.schedule = std::shared_ptr<const dataflow::Schedule>(scheduled, &scheduled->schedule);
  job.buffers = scheduled->plan.buffers();
  job.mac = spec::mac_format(pe, layer.product_shift);
  job.post_processing = {layer.relu, layer.ofmap_shift, type.activation_bits, type.numbers,
                         layer.filter_shifts};
  job.fast_forward.replay = request.fast_forward;
  job.fast_forward.seed = request.seed;
  job.fast_forward.executor = std::make_shared<functional::Executor>(type, job.mac);
  return machine;
}

MachineLayer make_unit_layer(const Request& request, const LayerRequest& layer_request,
                             const workloads::LayerTensors& tensors) {
  using ScheduledLayer = Scheduled<unit::LayerPlan, unit::DramLayout, unit::LayerSchedule>;
  const workloads::Layer& layer = request.layer(layer_request);
  unit::LayerPlan plan = unit_plan(request, layer_request);
  unit::DramImage image =
      unit::make_dram_image(plan, tensors, layer.network_input, places_of(layer_request.resident));
  const auto scheduled =
      std::make_shared<const ScheduledLayer>(std::move(plan), std::move(image.layout));

  MachineLayer machine;
  machine.memory = std::move(image.bytes);
  machine.memory.resize(scheduled->layout.bytes);
  machine.resident = std::move(image.resident);
  machine.resident.resize(scheduled->layout.resident_bytes);
  machine.read_ofmap = [scheduled, stays = layer_request.resident.ofmap](const auto& memory,
                                                                         const auto& resident) {
    return unit::read_ofmap(scheduled->plan, scheduled->layout, stays ? resident : memory);
  };
  machine.job.schedule = std::shared_ptr<const dataflow::Schedule>(scheduled, &scheduled->schedule);
  machine.job.buffers = scheduled->plan.buffers();
  const arithmetic::PeType& type = arithmetic::pe_type(request.platform.pe.type);
  machine.job.post_processing = {false, 0, type.activation_bits,
                                 type.numbers};  // results leave as they are
  return machine;
}

}  // namespace

unit::LayerPlan unit_plan(const Request& request, const LayerRequest& layer_request) {
  const workloads::Layer& layer = request.layer(layer_request);
  unit::LayerShape shape = unit::layer_shape(layer);
  const arithmetic::PeType& type = arithmetic::pe_type(request.platform.pe.type);
  shape.arithmetic.activation_bits = type.activation_bits;
  shape.arithmetic.numbers = type.numbers;
  try {
    return unit::LayerPlan(shape, request.batch,
                           platform_without(request.platform, layer_request.resident.banks));
  } catch (const InputError& error) {
    throw InputError("layer " + layer.name + ": on platform '" + printable(request.platform.name) +
                     "', " + error.what());
  }
}

MachineLayer make_machine_layer(const Request& request, const LayerRequest& layer,
                                const workloads::LayerTensors& operands) {
  return workloads::on_array(request.layer(layer)) ? make_array_layer(request, layer, operands)
                                                   : make_unit_layer(request, layer, operands);
}

}  // namespace rowan::sim
