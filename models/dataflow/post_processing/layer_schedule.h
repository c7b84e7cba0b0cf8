// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>

#include "models/dataflow/post_processing/dram_image.h"
#include "models/dataflow/post_processing/layer_plan.h"
#include "models/dataflow/schedule.h"

namespace rowan::dataflow::post_processing {

/// The schedule of a layer on the post-processing unit: for each tile a load, a pass and a store.
/// Shapes of equal passes are one object. `plan` and `layout` outlive it.
class LayerSchedule final : public Schedule {
 public:
  LayerSchedule(const LayerPlan& plan, const DramLayout& layout);

  [[nodiscard]] std::unique_ptr<Schedule> restart() const override;
  bool next(Step& step) override;

 private:
  struct Shapes;

  LayerSchedule(const LayerPlan& plan, const DramLayout& layout, std::shared_ptr<Shapes> shapes);
  [[nodiscard]] LoadTile load() const;
  [[nodiscard]] Pass pass() const;
  [[nodiscard]] StoreTile store() const;
  [[nodiscard]] std::shared_ptr<const PassShape> shape() const;

  enum class Position { kLoad, kPass, kStore };

  const LayerPlan& plan_;
  const DramLayout& layout_;
  std::shared_ptr<Shapes> shapes_;  ///< shared between readers
  std::size_t tile_ = 0;
  Position position_ = Position::kLoad;
};

}  // namespace rowan::dataflow::post_processing
