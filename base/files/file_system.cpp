#include "base/files/file_system.h"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace spotmix {
namespace {

constexpr mode_t kReadableAndWritable = 0666;

template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

FileSystem& real_file_system() {
  static FileSystem real;
  return real;
}

std::atomic<FileSystem*> replacement = nullptr;

}  // namespace

int FileSystem::open(const char* path, int flags) {
  return uninterrupted([&] { return ::open(path, flags | O_CLOEXEC, kReadableAndWritable); });
}

ssize_t FileSystem::read(int file, char* bytes, std::size_t count) {
  return uninterrupted([&] { return ::read(file, bytes, count); });
}

ssize_t FileSystem::write(int file, const char* bytes, std::size_t count) {
  return uninterrupted([&] { return ::write(file, bytes, count); });
}

int FileSystem::sync(int file) {
  return uninterrupted([&] { return ::fsync(file); });
}

int FileSystem::close(int file) {
  // Linux has closed the file even where a signal interrupted it.
  return ::close(file) == 0 || errno == EINTR ? 0 : -1;
}

int FileSystem::rename(const char* from, const char* to) {
  return std::rename(from, to);
}

int FileSystem::remove(const char* path) {
  return ::unlink(path);
}

FileSystem& file_system() {
  FileSystem* const other = replacement.load();
  return other == nullptr ? real_file_system() : *other;
}

ReplacedFileSystem::ReplacedFileSystem(FileSystem& other) {
  replacement = &other;
}

ReplacedFileSystem::~ReplacedFileSystem() {
  replacement = nullptr;
}

bool OpenFile::close() {
  const int descriptor = std::exchange(descriptor_, -1);
  return descriptor < 0 || file_system().close(descriptor) == 0;
}

}  // namespace spotmix
