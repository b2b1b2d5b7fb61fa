#include "base/files/whole_file.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace spotmix {
namespace {

namespace fs = std::filesystem;

/// Forces a file, or a folder's list of names, to disk.
bool force_to_disk(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = ::fsync(descriptor) == 0;
  const int error = errno;
  ::close(descriptor);
  errno = error;
  return done;
}

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// In the same folder, so that the rename cannot cross file systems; with the process's number, so that two
/// runs do not share it.
fs::path temporary_beside(const fs::path& path) {
  return folder_of(path) / fmt::format(".{}.{}.part", path.filename().string(), ::getpid());
}

}  // namespace

WholeFile::WholeFile(fs::path path) : path_(std::move(path)), temporary_(temporary_beside(path_)) {
  errno = 0;
  stream_.open(temporary_, std::ios::binary | std::ios::trunc);
  if (!stream_) fail("cannot be written");
}

WholeFile::~WholeFile() {
  if (temporary_.empty()) return;
  stream_.close();
  std::error_code ignored;
  fs::remove(temporary_, ignored);
}

void WholeFile::commit() {
  errno = 0;
  stream_.close();
  if (!stream_) fail("cannot be written");
  if (!force_to_disk(temporary_, O_WRONLY)) fail("cannot be forced to disk");
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot be put in its place");
  temporary_.clear();
  // Without this a crash may forget the new name; some file systems cannot do it, and the file is whole
  // anyway.
  force_to_disk(folder_of(path_), O_RDONLY | O_DIRECTORY);
}

void WholeFile::fail(const std::string& what) const {
  const char* reason = errno != 0 ? std::strerror(errno) : "unknown reason";
  throw FileError(fmt::format("{}: {}: {}", path_.string(), what, reason));
}

void prepare_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw FileError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
  if (!fs::is_directory(folder)) throw FileError(fmt::format("{}: is not a folder", folder.string()));
  const WholeFile probe(folder / "writable");
}

}  // namespace spotmix
