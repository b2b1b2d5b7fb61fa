// Files that appear whole or not at all: written beside their place, forced to disk, then renamed into it.
//
// A reader never sees half a file, and a program that fails or dies leaves the old file as it was.
#pragma once

#include <filesystem>
#include <ostream>
#include <stdexcept>
#include <streambuf>
#include <string>
#include <string_view>

#include "base/files/file_system.h"

namespace spotmix {

/// One line: the file, what could not be done with it, and the operating system's reason.
class FileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Invariant: until commit() renames, nothing but a temporary file beside `path` has changed, and the
/// destructor removes that.
class WholeFile {
 public:
  /// Opens the temporary file; throws FileError if that cannot be done.
  explicit WholeFile(std::filesystem::path path);
  ~WholeFile();
  WholeFile(const WholeFile&) = delete;
  WholeFile& operator=(const WholeFile&) = delete;

  std::ostream& stream() { return stream_; }

  /// Puts the file in its place; throws FileError if anything was not written.
  void commit();

 private:
  /// Hands the file large pieces, and remembers why one could not be written.
  class Buffer : public std::streambuf {
   public:
    explicit Buffer(const OpenFile& file);
    int error() const { return error_; }

   protected:
    int_type overflow(int_type character) override;
    int sync() override;

   private:
    const OpenFile& file_;
    std::string block_;
    int error_ = 0;
  };

  [[noreturn]] void fail(std::string_view what, int error) const;
  void sync_folder() const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;  ///< Empty once it was renamed.
  OpenFile file_;
  Buffer buffer_;
  std::ostream stream_;
};

/// Writes a file whole; one whose name ends in ".gz" is packed. Throws FileError.
void write_file(const std::filesystem::path& path, std::string_view text);

/// Makes the folder if it is missing and tries to write into it; throws FileError if that fails.
void prepare_folder(const std::filesystem::path& folder);

}  // namespace spotmix
