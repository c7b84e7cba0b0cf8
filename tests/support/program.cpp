// SPDX-License-Identifier: Apache-2.0
#include "tests/support/program.h"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <stdexcept>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rowan::support {
namespace {

struct Close {
  void operator()(FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<FILE, Close>;

File temporary() {
  File file(std::tmpfile());
  if (!file) throw std::runtime_error("no temporary file");
  return file;
}

std::string content(FILE* file) {
  std::rewind(file);
  std::string text;
  char buffer[4096];
  while (const std::size_t bytes = std::fread(buffer, 1, sizeof buffer, file)) {
    text.append(buffer, bytes);
  }
  return text;
}

[[noreturn]] void become(const std::string& path, const std::vector<std::string>& arguments,
                         FILE* out, FILE* err) {
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const int in = open("/dev/null", O_RDONLY);
  if (in < 0 || dup2(in, 0) < 0 || dup2(fileno(out), 1) < 0 || dup2(fileno(err), 2) < 0) _exit(127);
  execv(path.c_str(), argv.data());
  _exit(127);
}

struct Interruption {
  int signal;
  unsigned milliseconds;
};

ProgramRun run(const std::string& path, const std::vector<std::string>& arguments,
               std::optional<Interruption> interruption) {
  const File out = temporary();
  const File err = temporary();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) become(path, arguments, out.get(), err.get());
  if (interruption) {
    usleep(interruption->milliseconds * 1000);
    kill(child, interruption->signal);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("cannot wait for " + path);
  }
  ProgramRun run;
  if (WIFEXITED(status)) run.status = WEXITSTATUS(status);
  if (run.status == 127) throw std::runtime_error("cannot run " + path);
  run.out = content(out.get());
  run.err = content(err.get());
  return run;
}

}  // namespace

ProgramRun run_program(const std::string& path, const std::vector<std::string>& arguments) {
  return run(path, arguments, std::nullopt);
}

ProgramRun run_program_interrupted(const std::string& path,
                                   const std::vector<std::string>& arguments, int signal,
                                   unsigned milliseconds) {
  return run(path, arguments, Interruption{signal, milliseconds});
}

}  // namespace rowan::support
