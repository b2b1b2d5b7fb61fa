#include "base/random/random.h"

#include <algorithm>

#include <Random123/philox.h>

namespace spotmix {

void RandomStream::next_block() {
  using Generator = r123::Philox4x64_R<10>;
  const auto block =
      Generator{}({{counter_[0], counter_[1], counter_[2], counter_[3]}}, {{key_[0], key_[1]}});
  std::copy(block.begin(), block.end(), block_.begin());
  ++counter_[0];
  used_ = 0;
}

}  // namespace spotmix
