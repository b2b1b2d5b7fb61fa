#include "base/files/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>

namespace spotmix {

std::array<unsigned char, 32> sha256_digest(std::string_view bytes) {
  std::array<unsigned char, 32> digest{};
  EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return digest;
}

std::string sha256(std::string_view bytes) {
  return fmt::format("{:02x}", fmt::join(sha256_digest(bytes), ""));
}

}  // namespace spotmix
