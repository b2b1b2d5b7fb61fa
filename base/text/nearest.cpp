#include "base/text/nearest.h"

#include <algorithm>
#include <cctype>

#include "base/text/edit_distance.h"
#include "base/text/utf8.h"

namespace spotmix {
namespace {

constexpr std::size_t kLongestShown = 60;
constexpr std::size_t kShortestBeginning = 2;  // one letter begins too many names to mean one

bool same_letter(char a, char b) {
  return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
}

bool begins(std::string_view beginning, std::string_view text) {
  return beginning.size() <= text.size() &&
         std::equal(beginning.begin(), beginning.end(), text.begin(), same_letter);
}

/// The first of `names` that `name` begins, or one of them that is only a letter longer.
std::string_view begun_by(std::string_view name, const std::vector<std::string>& names) {
  std::string_view first;
  if (name.size() < kShortestBeginning) return first;
  for (const std::string& candidate : names) {
    if (!begins(name, candidate)) continue;
    if (candidate.size() <= name.size() + 1) return candidate;
    if (first.empty()) first = candidate;
  }
  return first;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool holds_in_order(std::string_view whole, std::string_view part) {
  for (const char c : whole) {
    if (!part.empty() && part.front() == c) part.remove_prefix(1);
  }
  return part.empty();
}

/// Whether one number is the other with digits swapped, or with one left out or added.
bool is_typo_of(std::string a, std::string b) {
  if (a.size() > b.size() + 1 || b.size() > a.size() + 1) return false;
  if (holds_in_order(a, b) || holds_in_order(b, a)) return true;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  return a == b;
}

std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> numbers;
  for (const auto* end = text.begin(); end != text.end();) {
    const auto* const begin = std::find_if(end, text.end(), is_digit);
    end = std::find_if_not(begin, text.end(), is_digit);
    if (begin != end) numbers.emplace_back(begin, end);
  }
  return numbers;
}

/// Whether two names may be of the same generation and size, as a p6 and a p2 are not: each number is the
/// other's or a slip of it, and at most the last one is left out.
bool numbers_agree(std::string_view a, std::string_view b) {
  std::vector<std::string> more = numbers_in(a), fewer = numbers_in(b);
  if (more.size() < fewer.size()) more.swap(fewer);
  if (more.size() > fewer.size() + 1) return false;
  return std::equal(fewer.begin(), fewer.end(), more.begin(), is_typo_of);
}

/// The longest of `names` that `name` consists of up to a hyphen.
std::string_view beginning_of(std::string_view name, const std::vector<std::string>& names) {
  std::string_view longest;
  for (const std::string& candidate : names) {
    if (candidate.size() > longest.size() && begins(candidate + "-", name)) longest = candidate;
  }
  return longest;
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::vector<std::string>& names) {
  if (const std::string_view begun = begun_by(name, names); !begun.empty()) return begun;
  if (const std::string_view beginning = beginning_of(name, names); !beginning.empty()) return beginning;
  std::string_view best;
  int best_distance = std::max(2, static_cast<int>(name.size()) / 2) + 1;
  for (const std::string& candidate : names) {
    if (!numbers_agree(name, candidate)) continue;
    const int distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& names) {
  const std::string_view nearest = nearest_name(name, names);
  return nearest.empty() ? std::string() : "; did you mean \"" + std::string(nearest) + "\"?";
}

std::string list_of(const std::vector<std::string>& names, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < most; ++i) {
    text += (i == 0 ? "" : ", ") + in_quotes(names[i]);
  }
  if (names.size() > most) text += ", … (" + std::to_string(names.size()) + " in all)";
  return text;
}

std::string one_of(const std::vector<std::string>& names, std::size_t most) {
  if (names.empty()) return "none";
  return (names.size() == 1 ? "" : "one of ") + list_of(names, most);
}

std::string in_quotes(std::string_view text) {
  if (text.size() <= kLongestShown) return "\"" + std::string(text) + "\"";
  std::string shown;
  for (Character next = first_character(text); shown.size() + next.bytes.size() <= kLongestShown;
       next = first_character(text.substr(shown.size()))) {
    shown += next.bytes;
  }
  return "\"" + shown + "…\"";
}

}  // namespace spotmix
