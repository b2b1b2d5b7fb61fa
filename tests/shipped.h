// The provider that ships, read once for all tests of a program.
#pragma once

#include "scenarios/provider/provider.h"

namespace spotmix::tests {

inline const scenarios::Provider& shipped() {
  static const scenarios::Provider kShipped = scenarios::shipped_provider();
  return kShipped;
}

}  // namespace spotmix::tests
