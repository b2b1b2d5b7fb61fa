#include "base/json/sequence.h"

#include <cassert>

namespace spotmix {

std::vector<std::string_view> texts_of_sequence(std::string_view sequence) {
  constexpr char kRecordSeparator = 0x1e;
  std::vector<std::string_view> texts;
  while (!sequence.empty()) {
    assert(sequence.front() == kRecordSeparator);
    sequence.remove_prefix(1);
    texts.push_back(sequence.substr(0, sequence.find(kRecordSeparator)));
    sequence.remove_prefix(texts.back().size());
  }
  return texts;
}

}  // namespace spotmix
