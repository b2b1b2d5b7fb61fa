#include "gpu/write_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <fcntl.h>
#include <unistd.h>

namespace spotmix::gpu {
namespace {

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

void write_file(const std::string& path, std::string_view text) {
  const std::string beside = path + ".part-" + std::to_string(getpid());
  const auto fail = [&] {
    const std::string reason = std::strerror(errno);
    unlink(beside.c_str());
    throw std::runtime_error(path + ": cannot be written: " + reason);
  };
  constexpr mode_t kReadableByAll = 0644;
  const int file = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kReadableByAll);
  if (file < 0) fail();
  const bool durable = write_all(file, text) && fsync(file) == 0;
  const int error = errno;
  close(file);
  errno = error;
  if (!durable || std::rename(beside.c_str(), path.c_str()) != 0) fail();
}

}  // namespace spotmix::gpu
