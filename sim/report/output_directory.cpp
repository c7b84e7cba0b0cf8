// SPDX-License-Identifier: Apache-2.0
#include "sim/report/output_directory.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "models/base/error.h"
#include "models/base/text.h"

namespace rowan::sim {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0777;  ///< less the user's umask
constexpr mode_t kFileMode = 0666;

/// An error of the operating system, with what could not be done.
struct SystemFailure {
  std::string what;
  int error;
};

/// A file descriptor that is closed in the end.
class Descriptor {
 public:
  Descriptor(const fs::path& path, int flags)
      : path_(path), number_(open(path.c_str(), flags | O_CLOEXEC, kFileMode)) {
    if (number_ < 0) throw SystemFailure{"cannot open " + path.filename().string(), errno};
  }
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  void write_all(const std::string& content) const {
    for (std::size_t done = 0; done < content.size();) {
      const ssize_t count = write(number_, content.data() + done, content.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) throw SystemFailure{"cannot write " + name(), errno};
      done += static_cast<std::size_t>(count);
    }
  }
  void reserve(std::uint64_t bytes) const {
    const int error = posix_fallocate(number_, 0, static_cast<off_t>(bytes));
    if (error != 0) throw SystemFailure{"no room for the results", error};
  }
  void sync() const {
    // EINVAL: the file system has nothing to synchronise.
    if (fsync(number_) != 0 && errno != EINVAL) {
      throw SystemFailure{"cannot write " + name(), errno};
    }
  }

 private:
  [[nodiscard]] std::string name() const { return path_.filename().string(); }

  fs::path path_;
  int number_;
};

/// How the names of temporary folders beside `target` begin; its process and a number follow.
std::string temporary_prefix(const fs::path& target) {
  constexpr std::size_t kMostOfName = 200;  // a name has at most 255 bytes
  return "." + target.filename().string().substr(0, kMostOfName) + ".rowan-";
}

/// The process in the name of a temporary folder; 0 when it is none.
pid_t owner_of(const std::string& name, const std::string& prefix) {
  if (name.compare(0, prefix.size(), prefix) != 0) return 0;
  const char* const end = name.data() + name.size();
  pid_t process = 0;
  unsigned attempt = 0;
  const auto first = std::from_chars(name.data() + prefix.size(), end, process);
  if (first.ec != std::errc() || first.ptr == end || *first.ptr != '-') return 0;
  const auto second = std::from_chars(first.ptr + 1, end, attempt);
  return second.ec == std::errc() && second.ptr == end && process > 0 ? process : 0;
}

/// Removes the temporary folders of processes that were killed. What exchange() puts aside is an
/// earlier result, and stays.
void remove_leftovers(const fs::path& target) {
  const std::string prefix = temporary_prefix(target);
  std::vector<fs::path> leftovers;
  std::error_code error;
  for (fs::directory_iterator entry(target.parent_path(), error), end; !error && entry != end;
       entry.increment(error)) {
    const pid_t process = owner_of(entry->path().filename().string(), prefix);
    if (process == 0 || kill(process, 0) == 0 || errno != ESRCH) continue;
    std::error_code unknown;
    if (entry->symlink_status(unknown).type() == fs::file_type::directory) {
      leftovers.push_back(entry->path());
    }
  }
  for (const fs::path& leftover : leftovers) fs::remove_all(leftover, error);
}

/// A new folder beside `target`; removed in the end, with whatever then has its name.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const fs::path& target) {
    for (unsigned attempt = 0;; ++attempt) {
      path_ = target.parent_path() /
              (temporary_prefix(target) + std::to_string(getpid()) + "-" + std::to_string(attempt));
      if (mkdir(path_.c_str(), kFolderMode) == 0) return;
      if (errno != EEXIST) throw SystemFailure{"cannot write to its parent folder", errno};
    }
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

/// Swaps two folders; in two steps where the file system cannot do it in one.
void exchange(const fs::path& a, const fs::path& b) {
  if (renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) return;
  if (errno != EINVAL && errno != ENOSYS) throw SystemFailure{"cannot replace it", errno};
  const fs::path aside = a.string() + "-old";
  if (rename(b.c_str(), aside.c_str()) != 0) throw SystemFailure{"cannot replace it", errno};
  if (rename(a.c_str(), b.c_str()) != 0) {
    const int error = errno;
    static_cast<void>(rename(aside.c_str(), b.c_str()));
    throw SystemFailure{"cannot replace it", error};
  }
  static_cast<void>(rename(aside.c_str(), a.c_str()));
}

void make_folder_of(const fs::path& file) {
  if (mkdir(file.parent_path().c_str(), kFolderMode) == 0 || errno == EEXIST) return;
  throw SystemFailure{"cannot make a folder for " + file.filename().string(), errno};
}

fs::path resolved(const std::string& path) {
  std::error_code error;
  fs::path target = fs::weakly_canonical(fs::absolute(path, error), error);
  if (error) throw InputError(Location{path}, "", error.message());
  return target.has_filename() ? target : target.parent_path();
}

}  // namespace

OutputDirectory::OutputDirectory(const std::string& path, std::vector<std::string> names,
                                 std::uint64_t expected_bytes)
    : given_(path), target_(path.empty() ? fs::path() : resolved(path)), names_(std::move(names)) {
  if (path.empty()) throw InputError("the name of the output folder is empty");
  std::error_code error;
  const fs::file_status parent = fs::status(target_.parent_path(), error);
  if (parent.type() == fs::file_type::not_found) fail("its parent folder does not exist");
  if (error) fail_system("cannot look at its parent folder", error.value());
  if (parent.type() != fs::file_type::directory) fail("its parent is no folder");
  require_replaceable();
  remove_leftovers(target_);
  probe(expected_bytes);
}

void OutputDirectory::fail(const std::string& message) const {
  throw InputError(Location{given_}, "", message);
}

void OutputDirectory::fail_system(const std::string& what, int error) const {
  fail(what + ": " + std::generic_category().message(error));
}

void OutputDirectory::require_replaceable() const {
  struct stat status {};
  if (lstat(target_.c_str(), &status) != 0) {
    if (errno == ENOENT) return;
    fail_system("cannot look at it", errno);
  }
  if (S_ISLNK(status.st_mode)) fail("is a symbolic link that leads nowhere");
  if (!S_ISDIR(status.st_mode)) fail("is there already, and is no folder");
  require_ours(fs::path());
  if (faccessat(AT_FDCWD, target_.c_str(), W_OK | X_OK, AT_EACCESS) != 0) {
    fail_system("cannot write to the folder", errno);
  }
  struct stat parent {};
  if (stat(target_.parent_path().c_str(), &parent) == 0 && parent.st_dev != status.st_dev) {
    fail("is a mount point, which cannot be replaced; name a folder in it");
  }
}

void OutputDirectory::require_ours(const fs::path& folder) const {
  std::error_code error;
  for (fs::directory_iterator entry(target_ / folder, error), end; !error && entry != end;
       entry.increment(error)) {
    const fs::path name = folder / entry->path().filename();
    std::error_code unknown;
    const fs::file_type type = entry->symlink_status(unknown).type();
    const bool is_file = type == fs::file_type::regular &&
                         std::find(names_.begin(), names_.end(), name.string()) != names_.end();
    const bool is_folder = type == fs::file_type::directory &&
                           std::any_of(names_.begin(), names_.end(), [&](const fs::path& ours) {
                             return ours.parent_path() == name;
                           });
    if (is_folder) {
      require_ours(name);
    } else if (!is_file) {
      fail("holds '" + printable(name.string()) + "', which is no earlier result; not replaced");
    }
  }
  if (error) fail_system("cannot read the folder", error.value());
}

void OutputDirectory::probe(std::uint64_t expected_bytes) const {
  try {
    const TemporaryFolder folder(target_);
    const Descriptor file(folder.path() / "probe", O_WRONLY | O_CREAT | O_EXCL);
    file.reserve(expected_bytes);
  } catch (const SystemFailure& failure) {
    fail_system(failure.what, failure.error);
  }
}

void OutputDirectory::write(const std::vector<OutputFile>& files) const {
  require_replaceable();
  try {
    const TemporaryFolder folder(target_);
    for (const OutputFile& file : files) {
      make_folder_of(folder.path() / file.name);
      const Descriptor descriptor(folder.path() / file.name, O_WRONLY | O_CREAT | O_EXCL);
      descriptor.write_all(file.content);
      descriptor.sync();
    }
    for (const OutputFile& file : files) {
      const fs::path inner = fs::path(file.name).parent_path();
      if (!inner.empty()) Descriptor(folder.path() / inner, O_RDONLY | O_DIRECTORY).sync();
    }
    Descriptor(folder.path(), O_RDONLY | O_DIRECTORY).sync();
    replace_by(folder.path());
    Descriptor(target_.parent_path(), O_RDONLY | O_DIRECTORY).sync();
  } catch (const SystemFailure& failure) {
    fail_system(failure.what, failure.error);
  }
}

void OutputDirectory::replace_by(const fs::path& folder) const {
  // This replaces an empty folder too.
  if (rename(folder.c_str(), target_.c_str()) == 0) return;
  if (errno != ENOTEMPTY && errno != EEXIST) throw SystemFailure{"cannot create it", errno};
  exchange(folder, target_);
}

}  // namespace rowan::sim
