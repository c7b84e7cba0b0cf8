// SPDX-License-Identifier: Apache-2.0
#include "tests/support/forked.h"

#include <array>
#include <exception>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace rowan::support {
namespace {

[[noreturn]] void be_the_child(int pipe_end, const std::function<std::string()>& work) {
  std::string result;
  int status = 0;
  try {
    result = work();
  } catch (const std::exception& error) {
    result = error.what();
    status = 1;
  }
  for (std::size_t sent = 0; sent < result.size();) {
    const ssize_t bytes = write(pipe_end, result.data() + sent, result.size() - sent);
    if (bytes <= 0) _exit(2);
    sent += static_cast<std::size_t>(bytes);
  }
  _exit(status);
}

}  // namespace

std::string run_forked(const std::function<std::string()>& work) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child");
  if (child == 0) {
    close(ends[0]);
    be_the_child(ends[1], work);
  }
  close(ends[1]);
  std::string result;
  std::array<char, 4096> buffer{};
  for (ssize_t bytes = 0; (bytes = read(ends[0], buffer.data(), buffer.size())) > 0;) {
    result.append(buffer.data(), static_cast<std::size_t>(bytes));
  }
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw std::runtime_error("the child failed: " + result);
  }
  return result;
}

}  // namespace rowan::support
