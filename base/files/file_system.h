// The calls that spotmix makes to the operating system's files, so that tests can make them fail.
#pragma once

#include <cstddef>

#include <sys/types.h>

namespace spotmix {

/// Each function does what the system call of its name does: -1 says that it failed, and errno why. A call
/// that a signal interrupts is repeated. Thread-safe.
class FileSystem {
 public:
  virtual ~FileSystem() = default;

  /// `flags` as of open(2). A new file is readable and writable by all whom the umask allows.
  virtual int open(const char* path, int flags);
  virtual ssize_t read(int file, char* bytes, std::size_t count);
  /// May write fewer bytes than `count`.
  virtual ssize_t write(int file, const char* bytes, std::size_t count);
  virtual int sync(int file);
  virtual int close(int file);
  virtual int rename(const char* from, const char* to);
  virtual int remove(const char* path);
};

/// The real one, unless a test has put another in its place.
FileSystem& file_system();

/// For tests: while it lives, `other` is the file system of the whole program.
class ReplacedFileSystem {
 public:
  explicit ReplacedFileSystem(FileSystem& other);
  ~ReplacedFileSystem();
  ReplacedFileSystem(const ReplacedFileSystem&) = delete;
  ReplacedFileSystem& operator=(const ReplacedFileSystem&) = delete;
};

/// An open file that closes itself.
class OpenFile {
 public:
  OpenFile(const char* path, int flags) : descriptor_(file_system().open(path, flags)) {}
  ~OpenFile() { close(); }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;

  /// False if the file could not be opened, or was closed.
  explicit operator bool() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }
  /// False if the system could not close the file, so that some of it may be lost.
  bool close();

 private:
  int descriptor_;
};

}  // namespace spotmix
