#include "base/files/whole_file.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "base/files/compression.h"

namespace spotmix {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlockBytes = 1 << 16;

fs::path folder_of(const fs::path& path) {
  return path.has_parent_path() ? path.parent_path() : fs::path(".");
}

/// In the same folder, so that the rename cannot cross file systems; with the process's number, so that two
/// runs do not share it.
fs::path temporary_beside(const fs::path& path) {
  return folder_of(path) / fmt::format(".{}.{}.part", path.filename().string(), ::getpid());
}

}  // namespace

WholeFile::Buffer::Buffer(const OpenFile& file) : file_(file), block_(kBlockBytes, '\0') {
  setp(block_.data(), block_.data() + block_.size());
}

WholeFile::Buffer::int_type WholeFile::Buffer::overflow(int_type character) {
  if (sync() != 0) return traits_type::eof();
  if (!traits_type::eq_int_type(character, traits_type::eof())) sputc(traits_type::to_char_type(character));
  return traits_type::not_eof(character);
}

int WholeFile::Buffer::sync() {
  for (const char* next = pbase(); next < pptr() && error_ == 0;) {
    const ssize_t written =
        file_system().write(file_.descriptor(), next, static_cast<std::size_t>(pptr() - next));
    if (written < 0) error_ = errno;
    if (written > 0) next += written;
  }
  setp(block_.data(), block_.data() + block_.size());
  return error_ == 0 ? 0 : -1;
}

WholeFile::WholeFile(fs::path path)
    : path_(std::move(path)),
      temporary_(temporary_beside(path_)),
      file_(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC),
      buffer_(file_),
      stream_(&buffer_) {
  if (!file_) fail("cannot be written", errno);
}

WholeFile::~WholeFile() {
  file_.close();
  if (!temporary_.empty()) file_system().remove(temporary_.c_str());
}

void WholeFile::commit() {
  stream_.flush();
  if (!stream_) fail("cannot be written", buffer_.error());
  if (file_system().sync(file_.descriptor()) != 0) fail("cannot be forced to disk", errno);
  if (!file_.close()) fail("cannot be written", errno);
  if (file_system().rename(temporary_.c_str(), path_.c_str()) != 0) fail("cannot be put in its place", errno);
  temporary_.clear();
  sync_folder();
}

/// Without this a crash may forget the new name. Some folders cannot be read or synchronized; their files are
/// whole anyway.
void WholeFile::sync_folder() const {
  const OpenFile folder(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY);
  if (!folder || file_system().sync(folder.descriptor()) == 0) return;
  if (errno != EINVAL && errno != ENOTSUP) fail("is written, but its name cannot be forced to disk", errno);
}

void WholeFile::fail(std::string_view what, int error) const {
  throw FileError(
      fmt::format("{}: {}: {}", path_.string(), what, error == 0 ? "unknown reason" : std::strerror(error)));
}

void write_file(const fs::path& path, std::string_view text) {
  WholeFile file(path);
  if (path.extension() == ".gz") {
    file.stream() << gzip(text);
  } else {
    file.stream() << text;
  }
  file.commit();
}

void prepare_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw FileError(fmt::format("{}: cannot be made: {}", folder.string(), error.message()));
  if (!fs::is_directory(folder)) throw FileError(fmt::format("{}: is not a folder", folder.string()));
  const fs::path probe = temporary_beside(folder / "writable");
  OpenFile file(probe.c_str(), O_WRONLY | O_CREAT | O_TRUNC);
  const bool writable = file && file.close();
  const int reason = errno;
  file_system().remove(probe.c_str());
  if (!writable)
    throw FileError(fmt::format("{}: cannot be written into: {}", folder.string(), std::strerror(reason)));
}

}  // namespace spotmix
