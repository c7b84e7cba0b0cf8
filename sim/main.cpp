// SPDX-License-Identifier: Apache-2.0
#include <csignal>
#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <vector>

#include "models/base/error.h"
#include "sim/commands/command.h"
#include "sim/engine/worker_pool.h"

/// libsystemc calls this from a main() of its own, which the program does not use, and does not
/// link without it.
extern "C" int sc_main(int /*argc*/, char** /*argv*/) { return rowan::sim::kInternalError; }

namespace {

int fail(int status, const std::string& message) {
  std::fprintf(stderr, "rowan: %s\n", message.c_str());
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace rowan;
  // A file beyond the user's limit is then an error of write() instead of the end of the process.
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    return sim::run_program(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (const InputError& error) {
    return fail(sim::kInputError, error.what());
  } catch (const HardwareError& error) {
    return fail(sim::kInternalError, std::string("the simulated hardware failed: ") + error.what());
  } catch (const sim::WorkerError& error) {
    return fail(sim::kInternalError, error.what());
  } catch (const std::bad_alloc&) {
    return fail(sim::kInternalError, "out of memory");
  } catch (const std::exception& error) {
    return fail(sim::kInternalError, std::string("internal error: ") + error.what());
  }
}
