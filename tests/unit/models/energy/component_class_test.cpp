// SPDX-License-Identifier: Apache-2.0
#include "models/energy/component_class.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "models/base/activity.h"

namespace rowan::energy {
namespace {

const ComponentClass* find_class(const std::string& name) {
  for (const ComponentClass& known : component_classes()) {
    if (known.name == name) return &known;
  }
  return nullptr;
}

TEST(ComponentClass, EveryCounterHasAClass) {
  for (const CounterInfo& info : counter_table()) {
    EXPECT_NE(find_class(info.component), nullptr) << info.component << "." << info.action;
  }
}

TEST(ComponentClass, EveryClassHasAPricedCounter) {
  for (const ComponentClass& known : component_classes()) {
    EXPECT_TRUE(std::any_of(counter_table().begin(), counter_table().end(),
                            [&](const CounterInfo& info) {
                              return info.component == std::string(known.name) &&
                                     is_priced(info.component, info.action);
                            }))
        << known.name;
  }
}

TEST(ComponentClass, WhatIsUnpricedIsACounterAndSaysWhy) {
  for (const UnpricedCounter& unpriced : unpriced_counters()) {
    EXPECT_TRUE(std::any_of(counter_table().begin(), counter_table().end(),
                            [&](const CounterInfo& info) {
                              return info.component == std::string(unpriced.component) &&
                                     info.action == std::string(unpriced.action);
                            }))
        << unpriced.component << "." << unpriced.action;
    EXPECT_GT(std::string(unpriced.reason).size(), 10U);
  }
  EXPECT_FALSE(is_priced("ifmap_gin", "blocked"));
  EXPECT_TRUE(is_priced("controller", "configuration_bit"));
}

TEST(ComponentClass, InstancesFollowThePlatform) {
  spec::AcceleratorSpec spec;
  spec.array.rows = 3;
  spec.array.columns = 5;
  EXPECT_EQ(find_class("mac")->instances(spec), 15U);
  EXPECT_EQ(find_class("local_network")->instances(spec), 10U);
  EXPECT_EQ(find_class("global_buffer")->instances(spec), 27U);
  EXPECT_EQ(find_class("rlc")->instances(spec), 1U);
  spec.dram.rlc = false;
  EXPECT_EQ(find_class("rlc")->instances(spec), 0U);
}

TEST(ComponentClass, WordsAreAsWideAsThePlatformSays) {
  spec::AcceleratorSpec spec;
  spec.pe.psum_bits = 24;
  const ComponentClass& buffer = *find_class("global_buffer");
  EXPECT_EQ(buffer.bits(spec, "ifmap_read"), 16U);
  EXPECT_EQ(buffer.bits(spec, "filter_write"), 16U);
  EXPECT_EQ(buffer.bits(spec, "psum_read"), 24U);
  EXPECT_EQ(buffer.bits(spec, "ofmap_read"), 24U);
  EXPECT_EQ(buffer.bits(spec, "resident_write"), 16U);
  EXPECT_EQ(find_class("dram")->bits(spec, "ifmap_read"), 8U);
  EXPECT_EQ(find_class("gon")->bits(spec, "hop"), 24U);
}

}  // namespace
}  // namespace rowan::energy
