// SPDX-License-Identifier: Apache-2.0
#include "sim/report/output_directory.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/input_error.h"

namespace rowan::sim {
namespace {

namespace fs = std::filesystem;

constexpr uid_t kNobody = 65534;
constexpr fs::perms kReadOnly = static_cast<fs::perms>(0555);

/// Root may write everywhere: while this lives, it is somebody who may not.
class WithoutPrivileges {
 public:
  WithoutPrivileges() : root_(geteuid() == 0) { switch_to(kNobody); }
  ~WithoutPrivileges() { switch_to(0); }
  WithoutPrivileges(const WithoutPrivileges&) = delete;
  WithoutPrivileges& operator=(const WithoutPrivileges&) = delete;

 private:
  void switch_to(uid_t user) const {
    if (root_ && seteuid(user) != 0) ADD_FAILURE() << "cannot become user " << user;
  }
  bool root_;
};

/// A folder that goes with the test.
class Output : public testing::Test {
 protected:
  Output()
      : folder_(fs::temp_directory_path() / ("rowan_output_test_" + std::to_string(getpid()))) {
    fs::create_directories(folder_);
  }
  ~Output() override {
    fs::permissions(folder_, fs::perms::owner_all);
    fs::remove_all(folder_);
  }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }
  void write(const std::string& name, const std::string& content) const {
    std::ofstream(path(name)) << content;
  }
  [[nodiscard]] std::string content(const std::string& name) const {
    std::ifstream in(path(name));
    return {std::istreambuf_iterator<char>(in), {}};
  }
  /// Entries of the folder, hidden ones too.
  [[nodiscard]] std::size_t entries() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  [[nodiscard]] static OutputDirectory open(const std::string& name, std::uint64_t bytes = 100) {
    return OutputDirectory(name, {"a", "b"}, bytes);
  }
  [[nodiscard]] static std::string error(const std::string& name, std::uint64_t bytes = 100) {
    return support::input_error([&] { return open(name, bytes); });
  }

  fs::path folder_;
};

TEST_F(Output, AppearsWithAllFilesAndNothingElse) {
  const OutputDirectory output = open(path("out"));
  EXPECT_EQ(entries(), 0U);
  output.write({{"a", "1"}, {"b", "2"}});
  EXPECT_EQ(content("out/a"), "1");
  EXPECT_EQ(content("out/b"), "2");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Output, MayHaveASlashAtItsEnd) {
  open(path("out/")).write({{"a", "1"}});
  EXPECT_EQ(content("out/a"), "1");
}

TEST_F(Output, HasTheModeThatTheUserWants) {
  const mode_t before = umask(027);
  open(path("out")).write({{"a", "1"}});
  umask(before);
  struct stat status {};
  ASSERT_EQ(stat(path("out").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0750U);
  ASSERT_EQ(stat(path("out/a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0640U);
}

TEST_F(Output, ReplacesAnEmptyFolder) {
  fs::create_directory(path("out"));
  open(path("out")).write({{"a", "1"}});
  EXPECT_EQ(content("out/a"), "1");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Output, ReplacesEarlierOutputAsAWhole) {
  open(path("out")).write({{"a", "1"}, {"b", "2"}});
  open(path("out")).write({{"a", "3"}});
  EXPECT_EQ(content("out/a"), "3");
  EXPECT_FALSE(fs::exists(path("out/b")));
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Output, MayHaveAFolderWithinIt) {
  const auto inner = [&] { return OutputDirectory(path("out"), {"a", "in/b"}, 100); };
  inner().write({{"a", "1"}, {"in/b", "2"}});
  EXPECT_EQ(content("out/in/b"), "2");
  inner().write({{"a", "3"}, {"in/b", "4"}});
  EXPECT_EQ(content("out/in/b"), "4");
  write("out/in/notes.txt", "mine");
  EXPECT_EQ(support::input_error(inner),
            path("out") + ": holds 'in/notes.txt', which is no earlier result; not replaced");
  EXPECT_EQ(content("out/in/b"), "4");
}

TEST_F(Output, FollowsALinkToAFolder) {
  fs::create_directory(path("real"));
  fs::create_directory_symlink("real", path("link"));
  open(path("link")).write({{"a", "1"}});
  EXPECT_EQ(content("real/a"), "1");
  EXPECT_TRUE(fs::is_symlink(path("link")));
}

TEST_F(Output, FolderWithForeignContentIsAnErrorAndStaysAsItIs) {
  fs::create_directory(path("out"));
  write("out/a", "old");
  write("out/notes.txt", "mine");
  EXPECT_EQ(error(path("out")),
            path("out") + ": holds 'notes.txt', which is no earlier result; not replaced");
  EXPECT_EQ(content("out/notes.txt"), "mine");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Output, FolderOfTheNameOfAFileIsForeign) {
  fs::create_directories(path("out/a"));
  EXPECT_NE(error(path("out")).find("holds 'a'"), std::string::npos);
}

TEST_F(Output, ForeignContentThatComesInBetweenIsNotReplaced) {
  const OutputDirectory output = open(path("out"));
  fs::create_directory(path("out"));
  write("out/notes.txt", "mine");
  EXPECT_THROW(output.write({{"a", "1"}}), InputError);
  EXPECT_EQ(content("out/notes.txt"), "mine");
  EXPECT_EQ(entries(), 1U);
}

TEST_F(Output, AFileIsNotReplaced) {
  write("out", "mine");
  EXPECT_EQ(error(path("out")), path("out") + ": is there already, and is no folder");
  EXPECT_EQ(content("out"), "mine");
}

TEST_F(Output, ParentHasToExist) {
  EXPECT_EQ(error(path("none/out")), path("none/out") + ": its parent folder does not exist");
  write("file", "mine");
  EXPECT_EQ(error(path("file/out")), path("file/out") + ": its parent is no folder");
  fs::remove(path("file"));
  EXPECT_EQ(error(""), "the name of the output folder is empty");
  EXPECT_EQ(entries(), 0U);
}

TEST_F(Output, ParentHasToBeWritable) {
  fs::permissions(folder_, kReadOnly);
  const WithoutPrivileges user;
  EXPECT_EQ(error(path("out")),
            path("out") + ": cannot write to its parent folder: Permission denied");
  EXPECT_EQ(entries(), 0U);
}

TEST_F(Output, EarlierOutputHasToBeWritable) {
  fs::create_directory(path("out"));
  fs::permissions(folder_, fs::perms::all);
  fs::permissions(path("out"), kReadOnly);
  const WithoutPrivileges user;
  EXPECT_EQ(error(path("out")), path("out") + ": cannot write to the folder: Permission denied");
}

TEST_F(Output, RoomIsTriedInAdvanceAndGivenBack) {
  const std::string message = error(path("out"), std::uint64_t{1} << 60);
  EXPECT_NE(message.find("no room for the results"), std::string::npos) << message;
  EXPECT_EQ(entries(), 0U);
}

TEST_F(Output, AFileThatCannotBeWrittenLeavesEverythingAsItWas) {
  open(path("out")).write({{"a", "old"}});
  EXPECT_THROW(open(path("out")).write({{"a", "new"}, {"no/such/file", "2"}}), InputError);
  EXPECT_EQ(content("out/a"), "old");
  EXPECT_EQ(entries(), 1U);
}

/// A process that is gone.
pid_t dead_process() {
  const pid_t child = fork();
  if (child == 0) _exit(0);
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return child;
}

TEST_F(Output, LeftoversOfKilledProcessesAreRemoved) {
  const std::string dead = std::to_string(dead_process());
  const std::string alive = std::to_string(getppid());
  for (const std::string& name : std::vector<std::string>{
           ".out.rowan-" + dead + "-0", ".out.rowan-" + dead + "-17", ".out.rowan-" + alive + "-0",
           ".out.rowan-" + dead + "-0-old", ".out.rowan-" + dead, ".out.rowan-x-0",
           ".out2.rowan-" + dead + "-0"}) {
    fs::create_directory(path(name));
    write(name + "/a", "half");
  }
  write(".out.rowan-" + dead + "-1", "a file");
  static_cast<void>(open(path("out")));
  EXPECT_FALSE(fs::exists(path(".out.rowan-" + dead + "-0")));
  EXPECT_FALSE(fs::exists(path(".out.rowan-" + dead + "-17")));
  EXPECT_EQ(entries(), 6U);
}

TEST_F(Output, MayHaveTheLongestNameOfTheFileSystem) {
  const std::string longest(255, 'x');
  open(path(longest)).write({{"a", "1"}});
  EXPECT_EQ(content(longest + "/a"), "1");
  EXPECT_EQ(entries(), 1U);
  EXPECT_EQ(error(path(longest + "x")).find("parent"), std::string::npos);
  EXPECT_NE(error(path(longest + "x")).find(": File name too long"), std::string::npos);
}

TEST_F(Output, ALinkThatLeadsNowhereIsAnError) {
  fs::create_symlink("none", path("link"));
  EXPECT_EQ(error(path("link")), path("link") + ": is a symbolic link that leads nowhere");
  fs::create_symlink("loop", path("loop"));
  EXPECT_NE(error(path("loop")), "no error");
  EXPECT_EQ(entries(), 2U);
}

TEST_F(Output, AnErrorIsOneLineWhateverTheName) {
  EXPECT_EQ(error(path("a\nb/out")), path("a\\x0ab/out") + ": its parent folder does not exist");
  const std::string folder = path("out");
  fs::create_directory(folder);
  write("out/x\ny", "mine");
  EXPECT_NE(error(folder).find("holds 'x\\x0ay'"), std::string::npos);
}

}  // namespace
}  // namespace rowan::sim
