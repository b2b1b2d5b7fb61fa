#include "scenarios/settings.h"

#include <cassert>
#include <charconv>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/text/nearest.h"

namespace spotmix::scenarios {
namespace {

using nlohmann::json;

std::string path_of(const std::string& setting) {
  return setting.substr(0, setting.find('='));
}

/// The path in messages; "the scenario" for the whole document.
std::string named(const std::string& path) {
  return path.empty() ? "the scenario" : path;
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

/// Walks down the document along one path.
class Walk {
 public:
  Walk(const std::string& file, std::string path, json& document)
      : file_(file), path_(std::move(path)), rest_(path_), at_(&document) {}

  Result<json*> target() {
    while (!rest_.empty()) {
      const std::optional<Problem> problem = rest_.front() == '[' ? into_list() : into_object();
      if (problem) return *problem;
    }
    return at_;
  }

 private:
  Problem problem(std::string message) const { return {file_, "--set " + path_, std::move(message)}; }

  Problem expected(const char* what) const {
    const std::string found = at_->is_array()    ? "a list"
                              : at_->is_object() ? "an object"
                              : at_->is_string() ? in_quotes(at_->get<std::string>())
                                                 : at_->dump();
    return problem(fmt::format("found {} at {}, expected {}", found, named(done_), what));
  }

  std::optional<Problem> into_list() {
    if (!at_->is_array()) return expected("a list");
    const std::size_t size = at_->size();
    std::size_t index = 0;
    const char* const begin = rest_.data() + 1;
    const char* const end = rest_.data() + rest_.size();
    const auto [stop, error] = std::from_chars(begin, end, index);
    if (error != std::errc{} || stop == end || *stop != ']') {
      return problem(
          fmt::format("found {} after {}, expected an index such as [0]", in_quotes(rest_), done_));
    }
    if (index >= size) {
      return problem(fmt::format("found the index {}, but {} has {} item{}, numbered from 0", index, done_,
                                 size, size == 1 ? "" : "s"));
    }
    done_ = item_path(done_, index);
    at_ = &(*at_)[index];
    rest_.remove_prefix(static_cast<std::size_t>(stop + 1 - rest_.data()));
    return after_step();
  }

  std::optional<Problem> into_object() {
    if (!at_->is_object()) return expected("an object");
    const std::optional<std::string> key = next_key();
    if (!key) {
      const std::string found(rest_.substr(0, rest_.find_first_of(".[")));
      const std::vector<std::string> keys = keys_of(*at_);
      const std::string known = keys.empty() ? "" : fmt::format("; {} has {}", named(done_), list_of(keys));
      return problem(fmt::format("found no key {} in {}{}{}", in_quotes(found), named(done_), known,
                                 did_you_mean(found, keys)));
    }
    done_ = key_path(done_, *key);
    at_ = &(*at_)[*key];
    rest_.remove_prefix(key->size());
    return after_step();
  }

  /// A dot leads to a key.
  std::optional<Problem> after_step() {
    if (rest_.empty() || rest_.front() == '[') return std::nullopt;
    if (rest_.front() == '.' && rest_.size() > 1) {
      rest_.remove_prefix(1);
      return std::nullopt;
    }
    return problem(fmt::format("found {} after {}, expected .KEY or [INDEX]", in_quotes(rest_), done_));
  }

  /// The longest key that the object has and the rest begins with, else all of the rest as a new last key: a
  /// plain one, or the name of a metric, which has dots.
  std::optional<std::string> next_key() const {
    std::optional<std::string> longest;
    for (const auto& [key, value] : at_->items()) {
      const bool begins = rest_.starts_with(key) && (rest_.size() == key.size() || rest_[key.size()] == '.' ||
                                                     rest_[key.size()] == '[');
      if (begins && !key.empty() && (!longest || key.size() > longest->size())) longest = key;
    }
    if (longest) return longest;
    const bool plain = rest_.find_first_of(".[") == std::string_view::npos;
    return plain || done_ == "thresholds" ? std::optional(std::string(rest_)) : std::nullopt;
  }

  const std::string& file_;
  std::string path_;
  std::string_view rest_;
  std::string done_;
  json* at_;
};

/// JSON if it is valid, else a text.
Result<json> value_of(const std::string& file, const std::string& setting) {
  const std::string text = setting.substr(setting.find('=') + 1);
  return json::accept(text) ? parse_json(file, text) : Result<json>(json(text));
}

bool is_utf8(const std::string& text) {
  try {
    return !json(text).dump().empty();
  } catch (const json::type_error&) {
    return false;
  }
}

Problems set_value(const std::string& file, const std::string& setting, json& document) {
  if (!is_utf8(setting)) return {{file, "--set " + path_of(setting), "found bytes that are not UTF-8"}};
  Result<json> value = value_of(file, setting);
  if (!value) return value.problems;
  Walk walk(file, path_of(setting), document);
  const Result<json*> target = walk.target();
  if (!target) return target.problems;
  **target.value = std::move(*value.value);
  return {};
}

}  // namespace

Problems set_values(const std::string& file, const std::vector<std::string>& settings, json& document) {
  Problems problems;
  for (const std::string& setting : settings) {
    assert(setting.find('=') != std::string::npos);
    append(problems, set_value(file, setting, document));
  }
  return problems;
}

}  // namespace spotmix::scenarios
