#include "base/text/apart.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <string_view>

#include "base/text/utf8.h"
#include "base/text/width.h"

namespace spotmix {
namespace {

using Letters = std::vector<std::string>;

Letters letters_of(std::string_view text) {
  Letters letters;
  while (!text.empty()) {
    const Character next = first_character(text);
    letters.emplace_back(next.bytes);
    text.remove_prefix(next.bytes.size());
  }
  return letters;
}

std::string text_of(Letters::const_iterator begin, Letters::const_iterator end) {
  return std::accumulate(begin, end, std::string());
}

std::string text_of(const Letters& letters) {
  return text_of(letters.begin(), letters.end());
}

/// How many letters all names begin with; whole words if that leaves any.
std::size_t shared_begin(const std::vector<Letters>& names) {
  const Letters& first = names.front();
  std::size_t shared = first.size();
  for (const Letters& name : names) {
    const auto differ = std::mismatch(first.begin(), first.end(), name.begin(), name.end()).first;
    shared = std::min(shared, static_cast<std::size_t>(differ - first.begin()));
  }
  const auto begin = first.begin();
  const auto space =
      std::find(std::make_reverse_iterator(begin + static_cast<std::ptrdiff_t>(shared)), first.rend(), " ");
  const auto words = static_cast<std::size_t>(space.base() - begin);
  return words > 0 ? words : shared;
}

/// What tells a name apart, without the letters shared with others at both ends, and with as much of the
/// beginning as fits before it; nullopt if it is wider than `width` itself.
std::optional<std::string> around_difference(const Letters& name, std::size_t begin, std::size_t end,
                                             std::size_t width) {
  const auto core_begin = name.begin() + static_cast<std::ptrdiff_t>(begin);
  const std::string core = text_of(core_begin, name.end() - static_cast<std::ptrdiff_t>(end));
  const std::string after = end > 0 ? "…" : "";
  const std::size_t taken = display_width(core) + 1 + display_width(after);
  if (taken > width) return std::nullopt;
  std::string head;
  std::size_t letters = 0;
  for (; letters < begin; ++letters) {
    if (display_width(head) + display_width(name[letters]) > width - taken) break;
    head += name[letters];
  }
  return head + (letters < begin ? "…" : "") + core + after;
}

std::vector<std::string> cut_apart(const std::vector<Letters>& names, std::size_t width);

/// Names that would become alike if their middle were cut.
std::vector<std::string> told_apart(const std::vector<Letters>& names, std::size_t width) {
  const std::size_t begin = shared_begin(names);
  std::vector<Letters> rests;
  for (const Letters& name : names)
    rests.emplace_back(name.rbegin(), name.rend() - static_cast<std::ptrdiff_t>(begin));
  const std::size_t end = shared_begin(rests);
  std::vector<std::string> cut;
  std::vector<Letters> cores;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (const auto whole = around_difference(names[i], begin, end, width)) cut.push_back(*whole);
    cores.emplace_back(rests[i].rbegin(), rests[i].rend() - static_cast<std::ptrdiff_t>(end));
  }
  if (cut.size() == names.size()) return cut;
  cut = cut_apart(cores, width > 3 ? width - 2 : 1);
  for (std::string& core : cut) {
    core.insert(0, "…");
    if (end > 0) core += "…";
  }
  return cut;
}

/// REQUIRES: names that all differ.
std::vector<std::string> cut_apart(const std::vector<Letters>& names, std::size_t width) {
  std::vector<std::string> cuts;
  std::map<std::string, std::vector<std::size_t>> alike;
  for (const Letters& name : names) {
    cuts.push_back(shortened(text_of(name), width));
    alike[cuts.back()].push_back(cuts.size() - 1);
  }
  for (const auto& [cut, members] : alike) {
    if (members.size() < 2 || width <= 3) continue;
    std::vector<Letters> group;
    for (const std::size_t i : members) group.push_back(names[i]);
    const std::vector<std::string> parts = told_apart(group, width);
    for (std::size_t k = 0; k < members.size(); ++k) cuts[members[k]] = parts[k];
  }
  return cuts;
}

std::vector<std::string> words_of(const std::string& name) {
  std::vector<std::string> words;
  std::size_t begin = 0;
  for (std::size_t space = 0; space != std::string::npos; begin = space + 1) {
    space = name.find(' ', begin);
    words.push_back(name.substr(begin, space - begin));
  }
  return words;
}

/// In how many names each word occurs.
std::map<std::string, std::size_t> names_with(const std::vector<std::vector<std::string>>& names) {
  std::map<std::string, std::size_t> counts;
  for (const auto& words : names) {
    for (const std::string& word : std::set<std::string>(words.begin(), words.end())) ++counts[word];
  }
  return counts;
}

/// The words that stay, "…" in place of each run of those that do not.
std::string without(const std::vector<std::string>& words, const std::set<std::size_t>& dropped) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool after_cut = i > 0 && dropped.contains(i - 1);
    if (dropped.contains(i) && after_cut) continue;
    if (i > 0 && !after_cut && !dropped.contains(i)) text += ' ';
    text += dropped.contains(i) ? "…" : words[i];
  }
  return text;
}

/// The name without words that most names have, until it fits: those next to a word of its own stay longest.
/// What then still has room beside a word that stays comes back.
std::string without_common_words(const std::vector<std::string>& words,
                                 const std::map<std::string, std::size_t>& counts, std::size_t names,
                                 std::size_t width) {
  const auto is_common = [&](const std::string& word) {
    return counts.at(word) > 1 && 2 * counts.at(word) > names;
  };
  std::vector<std::size_t> common;
  std::vector<std::size_t> own;
  for (std::size_t i = 0; i < words.size(); ++i) (is_common(words[i]) ? common : own).push_back(i);
  const auto away = [&](std::size_t word) {
    std::size_t least = words.size();
    for (const std::size_t other : own) least = std::min(least, other > word ? other - word : word - other);
    return least;
  };
  std::stable_sort(common.begin(), common.end(),
                   [&](std::size_t a, std::size_t b) { return away(a) > away(b); });
  std::set<std::size_t> dropped;
  for (const std::size_t word : common) {
    if (display_width(without(words, dropped)) <= width) break;
    dropped.insert(word);
  }
  std::reverse(common.begin(), common.end());
  for (const std::size_t word : common) {
    const bool alone =
        (word == 0 || dropped.contains(word - 1)) && (word + 1 == words.size() || dropped.contains(word + 1));
    if (alone || dropped.erase(word) == 0) continue;
    if (display_width(without(words, dropped)) > width) dropped.insert(word);
  }
  return without(words, dropped);
}

}  // namespace

std::vector<std::string> shortened_apart(const std::vector<std::string>& names, std::size_t width) {
  const std::set<std::string> distinct(names.begin(), names.end());
  std::vector<std::vector<std::string>> words;
  for (const std::string& name : distinct) words.push_back(words_of(name));
  const auto counts = names_with(words);
  std::vector<Letters> whole;
  std::vector<Letters> shorter;
  std::set<std::string> seen;
  for (const auto& own : words) {
    const std::string text = without_common_words(own, counts, words.size(), width);
    seen.insert(text);
    shorter.push_back(letters_of(text));
    whole.push_back(letters_of(without(own, {})));
  }
  const std::vector<std::string> cuts = cut_apart(seen.size() == distinct.size() ? shorter : whole, width);
  std::map<std::string, std::string> cut;
  std::size_t i = 0;
  for (const std::string& name : distinct) cut[name] = cuts[i++];
  std::vector<std::string> result;
  for (const std::string& name : names) result.push_back(cut[name]);
  return result;
}

}  // namespace spotmix
