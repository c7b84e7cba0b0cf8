// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace rowan::sim {

/// A file to write.
struct OutputFile {
  std::string name;  ///< with one folder at most, such as "images/psums.hex"
  std::string content;
};

/// A folder that gets all of a run's files at once, or stays as it was.
///
/// The files are written to a new folder beside it, which then takes its name. What was there is
/// replaced only if it was empty or held files of these names alone.
class OutputDirectory {
 public:
  /// Makes sure that write() can succeed, trying `expected_bytes` of disk space; changes nothing,
  /// but removes what a killed process has left beside the folder.
  /// Throws InputError when the folder holds anything but files called `names`, its parent is
  /// missing or cannot be written, or the space is not there.
  OutputDirectory(const std::string& path, std::vector<std::string> names,
                  std::uint64_t expected_bytes);

  /// Writes the files, whose names are among those given. Throws InputError, leaving everything as
  /// it was, when that fails.
  void write(const std::vector<OutputFile>& files) const;

 private:
  [[noreturn]] void fail(const std::string& message) const;
  [[noreturn]] void fail_system(const std::string& what, int error) const;
  void require_replaceable() const;
  /// That a folder below it, or itself, holds nothing but files called `names`.
  void require_ours(const std::filesystem::path& folder) const;
  void probe(std::uint64_t expected_bytes) const;
  void replace_by(const std::filesystem::path& folder) const;

  std::string given_;  ///< as the user wrote it
  std::filesystem::path target_;
  std::vector<std::string> names_;
};

}  // namespace rowan::sim
