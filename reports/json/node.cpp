#include "reports/json/node.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "reports/packed/packed.h"

namespace spotmix::reports {
namespace {

constexpr std::size_t kMostShown = 40;
constexpr std::uint64_t kMostCount = 1'000'000'000;

}  // namespace

Node Node::at(const std::string& key) const {
  if (!json_->is_object()) expected("an object");
  const auto found = json_->find(key);
  if (found == json_->end()) fail(fmt::format("found no \"{}\", expected one", key));
  return Node(*found, path_.empty() ? key : path_ + "." + key);
}

std::optional<Node> Node::find(const std::string& key) const {
  if (!json_->is_object()) expected("an object");
  const auto found = json_->find(key);
  if (found == json_->end() || found->is_null()) return std::nullopt;
  return Node(*found, path_.empty() ? key : path_ + "." + key);
}

std::vector<Node> Node::items() const {
  if (!json_->is_array()) expected("a list");
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < json_->size(); ++i)
    nodes.emplace_back((*json_)[i], fmt::format("{}[{}]", path_, i));
  return nodes;
}

std::vector<std::pair<std::string, Node>> Node::members() const {
  if (!json_->is_object()) expected("an object");
  std::vector<std::pair<std::string, Node>> nodes;
  for (const auto& [key, value] : json_->items()) {
    nodes.emplace_back(key, Node(value, path_.empty() ? key : path_ + "." + key));
  }
  return nodes;
}

std::string Node::text() const {
  if (!json_->is_string()) expected("a text");
  return json_->get<std::string>();
}

double Node::number() const {
  if (!json_->is_number()) expected("a number");
  return json_->get<double>();
}

std::int64_t Node::integer() const {
  const bool fits =
      json_->is_number_integer() && !(json_->is_number_unsigned() && json_->get<std::uint64_t>() >> 63 != 0);
  if (!fits) expected("a whole number");
  return json_->get<std::int64_t>();
}

std::uint64_t Node::natural() const {
  if (!json_->is_number_unsigned()) expected("a whole number from 0");
  return json_->get<std::uint64_t>();
}

std::size_t Node::count() const {
  const std::uint64_t value = natural();
  if (value > kMostCount) expected(fmt::format("at most {}", kMostCount));
  return static_cast<std::size_t>(value);
}

bool Node::flag() const {
  if (!json_->is_boolean()) expected("true or false");
  return json_->get<bool>();
}

std::vector<std::int64_t> Node::column(std::size_t size) const {
  try {
    return unpacked(text(), size);
  } catch (const BadColumn& error) {
    fail(error.what());
  }
}

std::uint64_t Node::hex() const {
  const std::string digits = text();
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (digits.size() != 16 || error != std::errc{} || end != digits.data() + digits.size()) {
    expected("16 hexadecimal digits");
  }
  return value;
}

void Node::fail(const std::string& found_and_expected) const {
  throw BadDocument(path_.empty() ? found_and_expected : path_ + ": " + found_and_expected);
}

void Node::expected(const std::string& what) const {
  std::string found = json_->is_structured() ? std::string(json_->is_array() ? "a list" : "an object")
                                             : json_->dump(-1, ' ', false, Json::error_handler_t::replace);
  if (found.size() > kMostShown) found = found.substr(0, kMostShown) + "…";
  fail(fmt::format("found {}, expected {}", found, what));
}

nlohmann::ordered_json parse_json(const std::string& text) {
  if (text.empty()) throw BadDocument("is empty, expected a JSON document");
  try {
    return nlohmann::ordered_json::parse(text);
  } catch (const nlohmann::ordered_json::parse_error& error) {
    const bool cut = error.byte >= text.size();
    throw BadDocument(fmt::format("is no JSON document: {} byte {} of {}",
                                  cut ? "it breaks off at" : "found something else at",
                                  std::min(error.byte, text.size()), text.size()));
  }
}

}  // namespace spotmix::reports
