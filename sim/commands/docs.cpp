// SPDX-License-Identifier: Apache-2.0
#include <string>

#include "models/spec/platform_file.h"
#include "sim/commands/command.h"
#include "sim/commands/kinds.h"
#include "sim/report/output.h"
#include "sim/report/result_schema.h"
#include "workloads/network_file.h"

namespace rowan::sim {
namespace {

constexpr char kMark[] =
    "<!-- Written by the program; `.ci/check_generated_docs --fix` renews it. -->\n\n";

void platform_reference() {
  print(std::string(kMark) +
        "# Platform files\n\n"
        "An accelerator of the family, as YAML. `platforms/` has examples, `rowan show platform "
        "eyeriss` prints one with every key, and docs/machine.md says what the hardware does with "
        "it.\n\n" +
        spec::platform_reference());
}

void workload_reference() {
  print(std::string(kMark) +
        "# Network files\n\n"
        "A network as YAML: a graph of layers. `workloads/zoo/` has examples, `rowan show workload "
        "resnet20` prints one with every key, and docs/machine.md, sections 5 and 10, has the "
        "arithmetic. Shapes follow from the input; a matrix product takes its second operand for "
        "filters.\n\n" +
        workloads::network_reference());
}

void result_schema() { print(kMark + result_schema_page()); }

constexpr Kind kKinds[] = {{"platform-reference", platform_reference},
                           {"workload-reference", workload_reference},
                           {"result-schema", result_schema}};

}  // namespace

int docs_command(const Arguments& arguments) {
  arguments.require_words(1);
  kind_of(kKinds, arguments).run();
  return kSuccess;
}

}  // namespace rowan::sim
