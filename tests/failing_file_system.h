// A file system that fails once, so that tests see what is left then.
#pragma once

#include <cerrno>
#include <set>

#include <fcntl.h>

#include "base/files/file_system.h"

namespace spotmix::tests {

/// Says which of many calls is the one that fails, counted from 1.
class OneOfMany {
 public:
  explicit OneOfMany(int at) : at_(at) {}
  bool due() { return ++calls_ == at_; }
  /// Whether there were so many calls.
  bool reached() const { return calls_ >= at_; }

 private:
  int at_;
  int calls_ = 0;
};

enum class Fault {
  error,        ///< One open for writing, write, sync, close or rename fails.
  full_disk,    ///< One write writes half of its bytes, and the next fails.
  short_write,  ///< One write writes half of its bytes, which is not an error.
};

class FailingFileSystem : public FileSystem {
 public:
  FailingFileSystem(Fault fault, int at) : fault_(fault), call_(at) {}
  bool reached() const { return call_.reached(); }

  int open(const char* path, int flags) override {
    const bool writes = (flags & (O_WRONLY | O_RDWR)) != 0;
    if (writes && fails(ENOSPC)) return -1;
    const int file = FileSystem::open(path, flags);
    if (writes && file >= 0) written_.insert(file);
    return file;
  }

  ssize_t write(int file, const char* bytes, std::size_t count) override {
    if (full_ || fails(ENOSPC)) {
      full_ = false;
      errno = ENOSPC;
      return -1;
    }
    if (fault_ == Fault::error || !call_.due()) return FileSystem::write(file, bytes, count);
    full_ = fault_ == Fault::full_disk;
    return FileSystem::write(file, bytes, (count + 1) / 2);
  }

  int sync(int file) override { return fails(EIO) ? -1 : FileSystem::sync(file); }

  int close(int file) override {
    const int result = FileSystem::close(file);
    return written_.erase(file) != 0 && fails(EIO) ? -1 : result;
  }

  int rename(const char* from, const char* to) override {
    return fails(EIO) ? -1 : FileSystem::rename(from, to);
  }

 private:
  bool fails(int error) {
    if (fault_ != Fault::error || !call_.due()) return false;
    errno = error;
    return true;
  }

  Fault fault_;
  OneOfMany call_;
  bool full_ = false;
  std::set<int> written_;
};

}  // namespace spotmix::tests
