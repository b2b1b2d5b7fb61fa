#include "base/json/node.h"

#include <cassert>
#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text/nearest.h"
#include "base/text/text_values.h"

namespace spotmix {
namespace {

constexpr std::uint64_t kMostCount = 1'000'000'000;

/// The value as `Value` if it is of that type.
template <class Value>
std::optional<Value> as(const Node::Json& json) {
  bool fits = false;
  if constexpr (std::is_same_v<Value, bool>) fits = json.is_boolean();
  if constexpr (std::is_same_v<Value, std::string>) fits = json.is_string();
  if constexpr (std::is_same_v<Value, double>) fits = json.is_number();
  if constexpr (std::is_same_v<Value, std::uint64_t>) fits = json.is_number_unsigned();
  return fits ? std::optional(json.get<Value>()) : std::nullopt;
}

template <class Value>
std::optional<Value> as(const Node::Json* json) {
  return json == nullptr ? std::nullopt : as<Value>(*json);
}

const Node::Json& object_or_empty(const Node::Json* json) {
  static const Node::Json kEmpty = Node::Json::object();
  return json != nullptr && json->is_object() ? *json : kEmpty;
}

}  // namespace

bool Node::is_null() const {
  return json_->is_null();
}

bool Node::is_list() const {
  return json_->is_array();
}

Node Node::at(const std::string& key) const {
  if (!json_->is_object()) expected("an object");
  const Json* value = child(key);
  if (value == nullptr) fail(fmt::format("found no \"{}\", expected one", key));
  return below(*value, key_path(path_, key));
}

std::optional<Node> Node::find(const std::string& key) const {
  if (!json_->is_object()) expected("an object");
  const Json* value = child(key);
  if (value == nullptr || value->is_null()) return std::nullopt;
  return below(*value, key_path(path_, key));
}

std::vector<Node> Node::items() const {
  if (!json_->is_array()) expected("a list");
  std::vector<Node> nodes;
  nodes.reserve(json_->size());
  for (const Json& item : *json_) nodes.push_back(below(item, item_path(path_, nodes.size())));
  return nodes;
}

std::vector<std::pair<std::string, Node>> Node::members() const {
  if (!json_->is_object()) expected("an object");
  std::vector<std::pair<std::string, Node>> nodes;
  for (const auto& [key, value] : json_->items()) nodes.emplace_back(key, below(value, key_path(path_, key)));
  return nodes;
}

std::string Node::text() const {
  if (auto value = as<std::string>(*json_)) return *std::move(value);
  expected("a text");
}

double Node::number() const {
  if (const auto value = as<double>(*json_)) return *value;
  expected("a number");
}

std::int64_t Node::integer() const {
  const bool fits = json_->is_number_integer() && as<std::uint64_t>(*json_).value_or(0) >> 63 == 0;
  if (!fits) expected("a whole number");
  return json_->get<std::int64_t>();
}

std::uint64_t Node::natural() const {
  if (const auto value = as<std::uint64_t>(*json_)) return *value;
  expected("a whole number from 0");
}

std::size_t Node::count() const {
  const std::uint64_t value = natural();
  if (value > kMostCount) expected(fmt::format("at most {}", kMostCount));
  return static_cast<std::size_t>(value);
}

bool Node::flag() const {
  if (const auto value = as<bool>(*json_)) return *value;
  expected("true or false");
}

void Node::fail(const std::string& found_and_expected) const {
  throw BadDocument(path_, found_and_expected);
}

void Node::expected(const std::string& what) const {
  fail(fmt::format("found {}, expected {}", shown(*json_), what));
}

bool Node::has(const std::string& key) const {
  return child(key) != nullptr;
}

bool Node::is_string(const std::string& key) const {
  return string(key).has_value();
}

bool Node::is_list(const std::string& key) const {
  const Json* value = child(key);
  return value != nullptr && value->is_array();
}

bool Node::is_null(const std::string& key) const {
  const Json* value = child(key);
  return value == nullptr || value->is_null();
}

std::vector<std::string> Node::keys() const {
  std::vector<std::string> names;
  for (const auto& [key, unused] : json_->items()) names.push_back(key);
  return names;
}

Node Node::object(const std::string& key) const {
  return below(object_or_empty(child(key)), key_path(path_, key));
}

std::vector<Node> Node::objects(const std::string& key) const {
  std::vector<Node> nodes;
  if (!is_list(key)) return nodes;
  const Json* list = child(key);
  const std::string path = key_path(path_, key);
  for (const Json& item : *list)
    nodes.push_back(below(object_or_empty(&item), item_path(path, nodes.size())));
  return nodes;
}

std::optional<double> Node::number(const std::string& key) const {
  return as<double>(child(key));
}

std::optional<std::string> Node::string(const std::string& key) const {
  return as<std::string>(child(key));
}

std::optional<bool> Node::boolean(const std::string& key) const {
  return as<bool>(child(key));
}

std::vector<std::string> Node::strings(const std::string& key) const {
  if (auto text = string(key)) return {*std::move(text)};
  std::vector<std::string> texts;
  const Json* list = child(key);
  if (list == nullptr || !list->is_array()) return texts;
  for (const Json& item : *list) texts.push_back(as<std::string>(item).value_or(""));
  return texts;
}

std::vector<double> Node::numbers(const std::string& key) const {
  std::vector<double> values;
  const Json* list = child(key);
  if (list == nullptr || !list->is_array()) return values;
  for (const Json& item : *list) values.push_back(as<double>(item).value_or(0));
  return values;
}

std::optional<Duration> Node::duration(const std::string& key, Duration unit) const {
  const auto value = number(key);
  const double nanoseconds = value.value_or(0) * static_cast<double>(unit.count());
  if (!value || !(nanoseconds > -9.2e18 && nanoseconds < 9.2e18)) return std::nullopt;
  if (*value > 0 && nanoseconds < 1) {
    report(key, fmt::format("found {:g}, expected 0 or at least a nanosecond", *value));
    return std::nullopt;
  }
  return Duration{std::llround(nanoseconds)};
}

std::optional<HourlyPrice> Node::price(const std::string& key) const {
  const auto value = number(key);
  if (!value || !(*value >= 0 && *value <= 1e6)) return std::nullopt;
  return usd_per_hour(*value);
}

std::optional<Time> Node::time(const std::string& key) const {
  const auto text = string(key);
  if (!text) return std::nullopt;
  const auto time = parse_time(*text);
  if (!time) {
    report(key, fmt::format("found {}, expected a time from 1970 to 2199 such as \"2023-02-15T22:08:16Z\"",
                            in_quotes(*text)));
  }
  return time;
}

void Node::report(const std::string& key, std::string message) const {
  assert(problems_ != nullptr);
  problems_->push_back({*file_, key.empty() ? path_ : key_path(path_, key), std::move(message)});
}

void Node::report_unexpected(const std::string& key, const std::string& what) const {
  const Json* value = child(key);
  report(key, fmt::format("found {}, expected {}", value == nullptr ? "nothing" : shown(*value), what));
}

std::optional<std::uint64_t> Node::unsigned_number(const std::string& key) const {
  return as<std::uint64_t>(child(key));
}

std::optional<std::int64_t> Node::whole_number(const std::string& key) const {
  const auto value = number(key);
  const bool fits = value && *value >= -9e15 && *value <= 9e15;
  if (!fits) return std::nullopt;
  return static_cast<std::int64_t>(*value);  // exact: below 2^53
}

const Node::Json* Node::child(const std::string& key) const {
  const auto found = json_->find(key);
  return found == json_->end() ? nullptr : &*found;
}

Node Node::below(const Json& json, std::string path) const {
  Node node(json);
  node.path_ = std::move(path);
  node.file_ = file_;
  node.problems_ = problems_;
  return node;
}

}  // namespace spotmix
