// A value of a JSON document together with its path, such as `mixes[0].groups[1].zones[2]`.
//
// There are two manners of reading. Strict, for files that a program wrote: `at("seed").natural()` throws
// BadDocument if the value is missing or of another type. Lenient, for files that a schema judges:
// `number("budget_usd")` is nullopt if the field is missing or of another type, and what no schema can see is
// collected as problems. The document must outlive its nodes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/enums/enums.h"
#include "base/json/json_text.h"
#include "base/result/problem.h"
#include "base/units/money.h"
#include "base/units/time.h"

namespace spotmix {

class Node {
 public:
  using Json = nlohmann::ordered_json;  ///< Keeps the file's order.

  /// The top of a document.
  explicit Node(const Json& json) : json_(&json) {}
  /// The top of a document named `file`; lenient readers add to `problems`.
  Node(const Json& json, const std::string& file, Problems& problems)
      : json_(&json), file_(&file), problems_(&problems) {}

  const std::string& path() const { return path_; }
  bool is_null() const;
  bool is_list() const;

  // Strict: each throws BadDocument where the value is not what it asks for.
  Node at(const std::string& key) const;
  std::optional<Node> find(const std::string& key) const;     ///< nullopt if it is missing or null.
  std::vector<Node> items() const;                            ///< Of a list.
  std::vector<std::pair<std::string, Node>> members() const;  ///< Of an object, in the file's order.
  std::string text() const;
  double number() const;
  std::int64_t integer() const;
  std::uint64_t natural() const;
  std::size_t count() const;  ///< Of things that fit the memory.
  bool flag() const;

  [[noreturn]] void fail(const std::string& found_and_expected) const;
  /// Throws "found VALUE, expected `what`".
  [[noreturn]] void expected(const std::string& what) const;

  // Lenient: what is not as asked for reads as one that is not there.
  bool has(const std::string& key) const;
  bool is_string(const std::string& key) const;
  bool is_list(const std::string& key) const;
  bool is_null(const std::string& key) const;  ///< Also if it is missing.
  std::vector<std::string> keys() const;
  Node object(const std::string& key) const;  ///< An empty object if there is none.
  std::vector<Node> objects(const std::string& key) const;
  std::optional<double> number(const std::string& key) const;
  std::optional<std::string> string(const std::string& key) const;
  std::optional<bool> boolean(const std::string& key) const;
  std::vector<std::string> strings(const std::string& key) const;  ///< Of the list there, or the one string.
  std::vector<double> numbers(const std::string& key) const;
  /// In units of `unit`; nullopt if it is beyond what a Duration holds.
  std::optional<Duration> duration(const std::string& key, Duration unit) const;
  std::optional<HourlyPrice> price(const std::string& key) const;
  std::optional<Time> time(const std::string& key) const;

  /// Adds a problem with the member to those that are collected; with this object if `key` is empty.
  /// REQUIRES: the node collects problems.
  void report(const std::string& key, std::string message) const;
  /// Reports "found VALUE, expected `what`", or "found nothing" if there is no such member.
  void report_unexpected(const std::string& key, const std::string& what) const;

  template <class Integer = std::int64_t>
  std::optional<Integer> integer(const std::string& key) const {
    if constexpr (std::is_unsigned_v<Integer>) {
      if (const auto value = unsigned_number(key)) return static_cast<Integer>(*value);
    }
    const auto value = whole_number(key);
    return value ? std::optional(static_cast<Integer>(*value)) : std::nullopt;
  }

  /// The value that the string under `key` names.
  template <NamedEnum Enum>
  std::optional<Enum> choice(const std::string& key) const {
    const auto text = string(key);
    return text ? parse_enum<Enum>(*text) : std::nullopt;
  }

 private:
  const Json* child(const std::string& key) const;
  Node below(const Json& json, std::string path) const;
  std::optional<std::uint64_t> unsigned_number(const std::string& key) const;
  std::optional<std::int64_t> whole_number(const std::string& key) const;

  const Json* json_;
  std::string path_;
  const std::string* file_ = nullptr;
  Problems* problems_ = nullptr;
};

}  // namespace spotmix
