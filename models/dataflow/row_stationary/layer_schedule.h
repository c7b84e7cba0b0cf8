// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>

#include "models/dataflow/row_stationary/dram_image.h"
#include "models/dataflow/row_stationary/layer_plan.h"
#include "models/dataflow/schedule.h"

namespace rowan::dataflow::row_stationary {

/// The row-stationary schedule of a layer (order of passes: LoopIndex). Shapes of equal passes are
/// one object. `plan` and `layout` outlive it.
class LayerSchedule final : public Schedule {
 public:
  LayerSchedule(const LayerPlan& plan, const DramLayout& layout);

  [[nodiscard]] std::unique_ptr<Schedule> restart() const override;
  bool next(Step& step) override;

 private:
  using Shapes = std::map<PassExtents, std::shared_ptr<const PassShape>>;

  LayerSchedule(const LayerPlan& plan, const DramLayout& layout, std::shared_ptr<Shapes> shapes);
  [[nodiscard]] LoadTile load() const;
  [[nodiscard]] Pass pass();
  [[nodiscard]] StoreTile store() const;
  [[nodiscard]] bool last_pass_of_psum_tile() const;

  enum class Position { kLoad, kPass, kStore, kEnd };

  const LayerPlan& plan_;
  const DramLayout& layout_;
  PassBuilder builder_;
  std::shared_ptr<Shapes> shapes_;  ///< shared between readers
  LoopIndex index_;
  Position position_ = Position::kLoad;
  std::uint64_t loads_ = 0;
  std::uint64_t passes_ = 0;
  std::uint64_t stores_ = 0;
};

}  // namespace rowan::dataflow::row_stationary
