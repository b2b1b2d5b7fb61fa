#include "gpu/collective/loopback.h"

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <system_error>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace spotmix::gpu {
namespace {

constexpr std::size_t kScratch = std::size_t{16} * 1024;  // elements: 64 KiB stay in a near cache

int require(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

/// Closes on the way out.
struct Descriptor {
  int value = -1;
  ~Descriptor() {
    if (value >= 0) close(value);
  }
  int release() {
    const int result = value;
    value = -1;
    return result;
  }
};

void send_bytes(int socket, const void* data, std::size_t bytes) {
  const char* at = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t sent = send(socket, at, bytes, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    require(static_cast<int>(sent < 0 ? -1 : 0), "sending over 127.0.0.1");
    at += sent;
    bytes -= static_cast<std::size_t>(sent);
  }
}

void receive_bytes(int socket, void* data, std::size_t bytes) {
  char* at = static_cast<char*>(data);
  while (bytes > 0) {
    const ssize_t received = recv(socket, at, bytes, MSG_WAITALL);
    if (received < 0 && errno == EINTR) continue;
    require(static_cast<int>(received < 0 ? -1 : 0), "receiving over 127.0.0.1");
    if (received == 0) throw std::runtime_error("a rank closed its connection before all data had come");
    at += received;
    bytes -= static_cast<std::size_t>(received);
  }
}

void send_without_delay(int socket) {
  const int yes = 1;
  require(setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes), "TCP_NODELAY");
}

}  // namespace

LoopbackMesh::LoopbackMesh(int ranks) : ranks_(ranks), sockets_(place(ranks, 0), -1) {
  Descriptor listener{require(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  require(bind(listener.value, generic, size), "bind to 127.0.0.1");
  require(listen(listener.value, 1), "listen on 127.0.0.1");
  require(getsockname(listener.value, generic, &size), "getsockname");
  for (int a = 0; a < ranks; ++a) {
    for (int b = a + 1; b < ranks; ++b) {
      Descriptor near{require(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket")};
      require(connect(near.value, generic, size), "connect to 127.0.0.1");
      Descriptor far{require(accept4(listener.value, nullptr, nullptr, SOCK_CLOEXEC), "accept")};
      send_without_delay(near.value);
      send_without_delay(far.value);
      sockets_[place(a, b)] = near.release();
      sockets_[place(b, a)] = far.release();
    }
  }
}

LoopbackMesh::~LoopbackMesh() {
  for (const int socket : sockets_)
    if (socket >= 0) close(socket);
}

LoopbackTransport::LoopbackTransport(int rank, const LoopbackMesh& mesh, SharedBarrier& barrier)
    : rank_(rank), mesh_(&mesh), barrier_(&barrier), scratch_(kScratch), sender_([this] { send_all(); }) {}

LoopbackTransport::~LoopbackTransport() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  sender_.join();
}

void LoopbackTransport::send_all() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const Posted next = queue_.front();
    lock.unlock();
    std::exception_ptr failure;
    try {
      send_bytes(mesh_->socket(rank_, next.to), next.data.data(), next.data.size_bytes());
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) failure_ = failure;
    queue_.pop_front();
    if (queue_.empty()) changed_.notify_all();
  }
}

void LoopbackTransport::post(int to, std::span<const float> data) {
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back({to, data});
  }
  changed_.notify_all();
}

void LoopbackTransport::take_add(int from, std::span<float> into) {
  const int socket = mesh_->socket(rank_, from);
  for (std::size_t at = 0; at < into.size(); at += kScratch) {
    const std::span<float> target = into.subspan(at, std::min(kScratch, into.size() - at));
    receive_bytes(socket, scratch_.data(), target.size_bytes());
    for (std::size_t i = 0; i < target.size(); ++i) target[i] += scratch_[i];
  }
}

void LoopbackTransport::take_copy(int from, std::span<float> into) {
  receive_bytes(mesh_->socket(rank_, from), into.data(), into.size_bytes());
}

void LoopbackTransport::finish() {
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return queue_.empty(); });
    if (failure_) std::rethrow_exception(failure_);
  }
  barrier_->wait(ranks());
}

}  // namespace spotmix::gpu
