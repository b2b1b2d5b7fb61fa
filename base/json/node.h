// Reading a JSON document field by field, for the readers of scenarios.
//
// Lenient: a field of the wrong type reads as one that is not there, since the schema's check reports it.
#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/enums/enums.h"
#include "base/json/json_text.h"
#include "base/result/problem.h"
#include "base/text/nearest.h"
#include "base/text/text_values.h"

namespace spotmix {

/// An object of the document together with its path.
class Node {
  using json = nlohmann::json;

 public:
  Node(const json& value, std::string path, const std::string& file, Problems& problems)
      : value_(&value), path_(std::move(path)), file_(&file), problems_(&problems) {}

  /// The child under `key`; an empty object where there is none or it is no object.
  Node object(const char* key) const {
    static const json kEmpty = json::object();
    const json* child = find(key);
    return {child != nullptr && child->is_object() ? *child : kEmpty, key_path(path_, key), *file_,
            *problems_};
  }

  /// The objects of the list under `key`.
  std::vector<Node> objects(const char* key) const {
    std::vector<Node> nodes;
    const json* list = find(key);
    if (list == nullptr || !list->is_array()) return nodes;
    for (std::size_t i = 0; i < list->size(); ++i) {
      static const json kEmpty = json::object();
      const json& item = (*list)[i];
      nodes.emplace_back(item.is_object() ? item : kEmpty, item_path(key_path(path_, key), i), *file_,
                         *problems_);
    }
    return nodes;
  }

  std::optional<double> number(const char* key) const {
    const json* child = find(key);
    if (child == nullptr || !child->is_number()) return std::nullopt;
    return child->get<double>();
  }

  template <class Integer = std::int64_t>
  std::optional<Integer> integer(const char* key) const {
    const json* child = find(key);
    if (child == nullptr || !child->is_number()) return std::nullopt;
    if (child->is_number_unsigned() && std::is_unsigned_v<Integer>) return child->get<Integer>();
    const double value = child->get<double>();
    const bool fits = value >= -9e15 && value <= 9e15;
    if (!fits) return std::nullopt;
    return static_cast<Integer>(child->is_number_integer() ? child->get<std::int64_t>()
                                                           : static_cast<std::int64_t>(value));
  }

  std::optional<std::string> string(const char* key) const {
    const json* child = find(key);
    if (child == nullptr || !child->is_string()) return std::nullopt;
    return child->get<std::string>();
  }

  std::optional<bool> boolean(const char* key) const {
    const json* child = find(key);
    if (child == nullptr || !child->is_boolean()) return std::nullopt;
    return child->get<bool>();
  }

  /// The number under `key`, in units of `unit`; nothing beyond what a Duration holds.
  std::optional<Duration> duration(const char* key, Duration unit) const {
    const auto value = number(key);
    const double nanoseconds = value.value_or(0) * static_cast<double>(unit.count());
    if (!value || !(nanoseconds > -9.2e18 && nanoseconds < 9.2e18)) return std::nullopt;
    if (*value > 0 && nanoseconds < 1) {
      problems_->push_back({*file_, key_path(path_, key),
                            fmt::format("found {:g}, expected 0 or at least a nanosecond", *value)});
      return std::nullopt;
    }
    return Duration{std::llround(nanoseconds)};
  }

  std::optional<HourlyPrice> price(const char* key) const {
    const auto value = number(key);
    if (!value || !(*value >= 0 && *value <= 1e6)) return std::nullopt;
    return usd_per_hour(*value);
  }

  std::optional<Time> time(const char* key) const {
    const auto text = string(key);
    if (!text) return std::nullopt;
    const auto time = parse_time(*text);
    if (!time) {
      problems_->push_back(
          {*file_, key_path(path_, key),
           fmt::format("found {}, expected a time from 1970 to 2199 such as \"2023-02-15T22:08:16Z\"",
                       in_quotes(*text))});
    }
    return time;
  }

  /// The strings of the list under `key`, or the one string there.
  std::vector<std::string> strings(const char* key) const {
    std::vector<std::string> texts;
    const json* child = find(key);
    if (child == nullptr) return texts;
    if (child->is_string()) texts.push_back(child->get<std::string>());
    if (!child->is_array()) return texts;
    for (const json& item : *child) texts.push_back(item.is_string() ? item.get<std::string>() : "");
    return texts;
  }

  /// The value that the string under `key` names.
  template <NamedEnum Enum>
  std::optional<Enum> choice(const char* key) const {
    const auto text = string(key);
    return text ? parse_enum<Enum>(*text) : std::nullopt;
  }

  /// The numbers of the list under `key`.
  std::vector<double> numbers(const char* key) const {
    std::vector<double> values;
    const json* list = find(key);
    if (list == nullptr || !list->is_array()) return values;
    for (const json& item : *list) values.push_back(item.is_number() ? item.get<double>() : 0);
    return values;
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> names;
    for (const auto& [key, unused] : value_->items()) names.push_back(key);
    return names;
  }

  const std::string& path() const { return path_; }

  bool has(const char* key) const { return find(key) != nullptr; }

  bool is_string(const char* key) const {
    const json* child = find(key);
    return child != nullptr && child->is_string();
  }

 private:
  const json* find(const char* key) const {
    const auto found = value_->find(key);
    return found == value_->end() ? nullptr : &*found;
  }

  const json* value_;
  std::string path_;
  const std::string* file_;
  Problems* problems_;
};

}  // namespace spotmix
