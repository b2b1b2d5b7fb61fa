// Files that appear whole or not at all: written beside their place, forced to disk, then renamed into it.
//
// A reader never sees half a file, and a program that dies leaves the old file as it was.
#pragma once

#include <filesystem>
#include <fstream>
#include <ostream>
#include <stdexcept>
#include <string>

namespace spotmix {

/// One line that names the file and the operating system's reason.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Invariant: until commit() returns, nothing but a temporary file beside `path` has changed, and the
/// destructor removes that.
class WholeFile {
 public:
  /// Opens the temporary file; throws FileError when that cannot be done.
  explicit WholeFile(std::filesystem::path path);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  std::ostream& stream() { return stream_; }

  /// Puts the file in its place; throws FileError when anything was not written.
  void commit();

 private:
  [[noreturn]] void fail(const std::string& what) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::ofstream stream_;
};

/// Makes the folder if it is not there and tries to write into it; throws FileError when that fails.
void prepare_folder(const std::filesystem::path& folder);

}  // namespace spotmix
