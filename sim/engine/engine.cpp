// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/engine.h"

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "models/arithmetic/pe_type.h"
#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/row_stationary/layer_schedule.h"
#include "models/hardware/layer_job.h"
#include "sim/engine/systemc_runner.h"
#include "workloads/golden.h"
#include "workloads/network.h"
#include "workloads/npy.h"
#include "workloads/seeded_tensors.h"

namespace rowan::sim {
namespace {

namespace rs = dataflow::row_stationary;

/// A layer's schedule with what it refers to.
struct ScheduledLayer {
  ScheduledLayer(const rs::LayerPlan& layer_plan, rs::DramLayout dram_layout)
      : plan(layer_plan), layout(std::move(dram_layout)), schedule(plan, layout) {}
  ScheduledLayer(const ScheduledLayer&) = delete;
  ScheduledLayer& operator=(const ScheduledLayer&) = delete;

  rs::LayerPlan plan;
  rs::DramLayout layout;
  rs::LayerSchedule schedule;
};

/// Runs the layers of a request, each with the ofmap of the one before at hand.
class Engine {
 public:
  Engine(const Request& request, const ProgressCallback& progress)
      : request_(request),
        progress_(progress),
        type_(arithmetic::pe_type(request.platform.pe.type)),
        runner_(request.platform) {}

  LayerResult run(std::size_t index) {
    const LayerRequest& layer_request = request_.layers[index];
    const workloads::Layer& layer = request_.layer(layer_request);
    const auto report = [&](const char* step) {
      progress_({layer.name, index + 1, request_.layers.size(), step});
    };

    report("preparing");
    const workloads::LayerTensors tensors = operands(index);
    const rs::LayerPlan plan(layer.shape, request_.batch, layer_request.mapping, request_.platform);
    const auto scheduled = store_operands(plan, tensors, layer.network_input);
    report("simulating");
    const hardware::LayerActivity activity = runner_.run(job(layer, scheduled));
    if (request_.tensors != TensorSource::kChain) ofmaps_.clear();
    workloads::Tensor& ofmap = ofmaps_[layer.name];
    ofmap = rs::read_ofmap(plan, scheduled->layout, runner_.memory());

    LayerResult result;
    result.name = layer.name;
    result.request = layer_request;
    result.active_pes = activity.active_pes;
    result.ofmap_hash = hash_of(ofmap);
    result.measures = measures(activity);
    if (request_.check == Check::kGolden) {
      report("checking");
      result.measures.check = check(layer, tensors, ofmap);
    }
    return result;
  }

 private:
  [[nodiscard]] workloads::LayerTensors operands(std::size_t index) {
    const workloads::Layer& layer = request_.layer(request_.layers[index]);
    if (request_.tensors == TensorSource::kDirectory) {
      return workloads::read_layer_tensors(request_.tensor_directory, layer, request_.batch,
                                           type_.activation_bits, type_.weight_bits);
    }
    if (request_.tensors == TensorSource::kChain) return chained_operands(layer);
    return seeded_operands(layer);
  }

  [[nodiscard]] workloads::LayerTensors seeded_operands(const workloads::Layer& layer) const {
    return workloads::seeded_tensors(request_.seed, layer, request_.batch, type_.activation_bits,
                                     type_.weight_bits);
  }

  /// The ofmaps of earlier layers in place of what is drawn.
  [[nodiscard]] workloads::LayerTensors chained_operands(const workloads::Layer& layer) {
    workloads::LayerTensors tensors = seeded_operands(layer);
    for (std::size_t i = 0; i < layer.inputs.size(); ++i) {
      if (layer.inputs[i] != workloads::kNetworkInput) tensors.inputs[i] = ofmap(layer.inputs[i]);
    }
    return tensors;
  }

  /// Of a layer that has run, or of one that the array has no part in.
  [[nodiscard]] const workloads::Tensor& ofmap(const std::string& name) {
    const auto found = ofmaps_.find(name);
    if (found != ofmaps_.end()) return found->second;
    const workloads::Layer& layer =
        request_.workload.layers[*workloads::find_layer(request_.workload, name)];
    return ofmaps_[name] = workloads::golden::layer(layer, chained_operands(layer), widths());
  }

  [[nodiscard]] workloads::golden::WordWidths widths() const {
    return {type_.activation_bits, request_.platform.pe.product_bits,
            request_.platform.pe.psum_bits};
  }

  /// Fills DRAM with what the layer reads, and makes room for what it writes.
  std::shared_ptr<const ScheduledLayer> store_operands(const rs::LayerPlan& plan,
                                                       const workloads::LayerTensors& tensors,
                                                       bool network_input) {
    rs::DramImage image =
        rs::make_dram_image(plan, tensors.ifmap(), tensors.filters(), network_input);
    std::vector<std::uint8_t>& memory = runner_.memory();
    memory = std::move(image.bytes);
    memory.resize(image.layout.bytes);
    return std::make_shared<const ScheduledLayer>(plan, std::move(image.layout));
  }

  [[nodiscard]] hardware::LayerJob job(
      const workloads::Layer& layer, const std::shared_ptr<const ScheduledLayer>& scheduled) const {
    hardware::LayerJob job;
    job.schedule = std::shared_ptr<const dataflow::Schedule>(scheduled, &scheduled->schedule);
    job.buffers = scheduled->plan.buffers();
    job.product = {layer.product_shift, request_.platform.pe.product_bits};
    job.post_processing = {layer.relu, layer.ofmap_shift, type_.activation_bits};
    return job;
  }

  [[nodiscard]] static LayerMeasures measures(const hardware::LayerActivity& activity) {
    LayerMeasures measures;
    measures.macs = activity.macs;
    measures.passes = activity.passes;
    measures.processing = activity.processing;
    measures.total = activity.total;
    measures.counts = activity.counts;
    for (const PeCycles& pe : activity.pes) measures.pe_cycles += pe;
    return measures;
  }

  [[nodiscard]] OfmapCheck check(const workloads::Layer& layer,
                                 const workloads::LayerTensors& tensors,
                                 const workloads::Tensor& ofmap) const {
    workloads::golden::SumStatistics statistics;
    OfmapCheck check =
        compare(layer.name, workloads::golden::layer(layer, tensors, widths(), &statistics), ofmap);
    check.nonzero_psums = statistics.nonzero;
    check.wrapped_psums = statistics.wrapped;
    return check;
  }

  const Request& request_;
  const ProgressCallback& progress_;
  const arithmetic::PeType& type_;
  SystemcRunner runner_;
  std::map<std::string, workloads::Tensor> ofmaps_;  ///< by the layer that made them
};

}  // namespace

Result run(const Request& request, const ProgressCallback& progress) {
  Result result;
  result.request = request;
  Engine engine(request, progress);
  for (std::size_t i = 0; i < request.layers.size(); ++i) result.layers.push_back(engine.run(i));
  return result;
}

}  // namespace rowan::sim
