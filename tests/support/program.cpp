// SPDX-License-Identifier: Apache-2.0
#include "tests/support/program.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace rowan::support {
namespace {

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
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int in = open("/dev/null", O_RDONLY);
  if (in < 0 || dup2(in, 0) < 0 || dup2(fileno(out), 1) < 0 || dup2(fileno(err), 2) < 0) _exit(127);
  execv(path.c_str(), argv.data());
  _exit(127);
}

/// State and parent of a process, as /proc has them; no state when it is gone.
struct ProcessStatus {
  char state = 0;
  pid_t parent = 0;
};

ProcessStatus status_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/stat");
  std::string text;
  std::getline(file, text);
  ProcessStatus status;
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return status;
  std::istringstream(text.substr(name_end + 1)) >> status.state >> status.parent;
  return status;
}

bool is_running(pid_t process) {
  const char state = status_of(std::to_string(process)).state;
  return state != 0 && state != 'Z' && state != 'X';
}

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (status_of(name).parent == parent) children.push_back(std::stoi(name));
  }
  std::sort(children.begin(), children.end());
  return children;
}

constexpr useconds_t kPause = 10'000;

}  // namespace

RunningProgram::File RunningProgram::temporary() {
  File file(std::tmpfile());
  if (!file) throw std::runtime_error("no temporary file");
  return file;
}

RunningProgram::RunningProgram(const std::string& path, const std::vector<std::string>& arguments)
    : path_(path), out_(temporary()), err_(temporary()), process_(fork()) {
  if (process_ < 0) throw std::runtime_error("cannot fork");
  setpgid(process_, 0);
  if (process_ == 0) become(path, arguments, out_.get(), err_.get());
}

RunningProgram::~RunningProgram() {
  if (process_ <= 0) return;
  send_to_group(SIGKILL);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::vector<pid_t> RunningProgram::wait_for_children(std::size_t count) const {
  std::vector<pid_t> children;
  for (unsigned i = 0; i < 3000; ++i) {
    children = children_of(process_);
    if (children.size() >= count || !is_running(process_)) break;
    usleep(kPause);
  }
  return children;
}

void RunningProgram::send(int signal) const { kill(process_, signal); }

void RunningProgram::send_to_group(int signal) const { kill(-process_, signal); }

ProgramRun RunningProgram::wait() {
  int status = 0;
  while (waitpid(process_, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("cannot wait for " + path_);
  }
  process_ = -1;
  ProgramRun run;
  if (WIFEXITED(status)) run.status = WEXITSTATUS(status);
  if (run.status == 127) throw std::runtime_error("cannot run " + path_);
  run.out = content(out_.get());
  run.err = content(err_.get());
  return run;
}

bool all_end(const std::vector<pid_t>& processes) {
  for (unsigned i = 0; i < 1000; ++i) {
    if (std::none_of(processes.begin(), processes.end(), is_running)) return true;
    usleep(kPause);
  }
  return false;
}

ProgramRun run_program(const std::string& path, const std::vector<std::string>& arguments) {
  return RunningProgram(path, arguments).wait();
}

ProgramRun run_program_interrupted(const std::string& path,
                                   const std::vector<std::string>& arguments, int signal,
                                   unsigned milliseconds) {
  RunningProgram program(path, arguments);
  usleep(milliseconds * 1000);
  program.send(signal);
  return program.wait();
}

}  // namespace rowan::support
