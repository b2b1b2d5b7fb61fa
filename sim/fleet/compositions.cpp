#include "sim/fleet/compositions.h"

#include <algorithm>
#include <cassert>
#include <set>
#include <utility>

namespace spotmix::sim {
namespace {

using Key = Compositions::Key;
using Entry = Compositions::Entry;

/// The most instances of each type that an entry has.
std::vector<int> most_of(const std::vector<Entry>& entries) {
  std::vector<int> most(entries.empty() ? 0 : entries.front().counts.size());
  for (const Entry& entry : entries) {
    assert(entry.counts.size() == most.size());
    for (std::size_t t = 0; t < most.size(); ++t) most[t] = std::max(most[t], entry.counts[t]);
  }
  return most;
}

/// Values that a count may have: from 0 to one more than the most that is listed.
Key values_of(int most) {
  return static_cast<Key>(most) + 2;
}

}  // namespace

bool Compositions::keys_fit(const std::vector<Entry>& entries) {
  Key all = 1;
  for (const int most : most_of(entries)) {
    if (all > ~Key{0} / values_of(most)) return false;
    all *= values_of(most);
  }
  return true;
}

Compositions::Compositions(std::vector<Entry> entries) : entries_(std::move(entries)) {
  assert(keys_fit(entries_));
  Key next = 1;
  for (const int most : most_of(entries_)) {
    ones_.push_back(next);
    next *= values_of(most);
  }
  const auto key_of = [&](const Entry& entry) {
    Key key = 0;
    for (std::size_t t = 0; t < ones_.size(); ++t) key += static_cast<Key>(entry.counts[t]) * ones_[t];
    return key;
  };
  std::sort(entries_.begin(), entries_.end(),
            [&](const Entry& a, const Entry& b) { return key_of(a) < key_of(b); });
  for (const Entry& entry : entries_) keys_.push_back(key_of(entry));
  assert(std::adjacent_find(keys_.begin(), keys_.end()) == keys_.end());
  list_parts();
}

void Compositions::list_parts() {
  std::set<Key> parts;
  std::vector<std::pair<Key, std::vector<int>>> open;
  const auto add = [&](Key key, const std::vector<int>& counts) {
    if (parts.insert(key).second) open.emplace_back(key, counts);
  };
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (entries_[i].composition.speed > 0) add(keys_[i], entries_[i].counts);
  }
  while (!open.empty()) {
    auto [key, counts] = std::move(open.back());
    open.pop_back();
    for (std::size_t t = 0; t < counts.size(); ++t) {
      if (counts[t] == 0) continue;
      --counts[t];
      add(key - ones_[t], counts);
      ++counts[t];
    }
  }
  parts_.assign(parts.begin(), parts.end());
}

void Compositions::limit_step_errors(double most) {
  for (Entry& entry : entries_) entry.composition.step_error.most = most;
}

const Composition* Compositions::find(Key key) const {
  const auto at = std::lower_bound(keys_.begin(), keys_.end(), key);
  if (at == keys_.end() || *at != key) return nullptr;
  return &entries_[static_cast<std::size_t>(at - keys_.begin())].composition;
}

bool Compositions::trains(Key key) const {
  const Composition* composition = find(key);
  return composition != nullptr && composition->speed > 0;
}

bool Compositions::leads_to_training(Key key) const {
  return std::binary_search(parts_.begin(), parts_.end(), key);
}

}  // namespace spotmix::sim
