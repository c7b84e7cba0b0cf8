// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/rtl/packet_tables.h"
#include "models/spec/accelerator_spec.h"

namespace rowan::rtl {

/// A parameter of the module rowan_machine.
struct Parameter {
  const char* name;
  std::uint64_t value;
};

/// All of them. `spec` has no conflicts (check()).
[[nodiscard]] std::vector<Parameter> machine_parameters(const spec::AcceleratorSpec& spec,
                                                        const TableSizes& tables);

/// A file of the folder that is written.
struct SourceFile {
  std::string name;
  std::string content;
};

/// The modules, and what is made of the templates: rowan_top.v, pass_check.v, testbench.v, a main
/// program for Verilator, Makefile, README.
///
/// `folder` is models/rtl of the data folder; `pass` says in a few lines of Markdown what images/
/// holds. Throws InputError when a file of `folder` cannot be read.
[[nodiscard]] std::vector<SourceFile> source_files(const std::string& folder,
                                                   const spec::AcceleratorSpec& spec,
                                                   const TableSizes& tables,
                                                   const std::string& pass);

}  // namespace rowan::rtl
