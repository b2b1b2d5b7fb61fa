// A value of a JSON document together with its path, so that what is wrong with a file is said with its
// place: "mixes[2].name: found 7, expected a text".
#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace spotmix::reports {

/// One line: the path, what was found and what was expected.
class BadDocument : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Every function throws BadDocument where the value is not what it asks for. The document must outlive it.
class Node {
 public:
  using Json = nlohmann::ordered_json;

  explicit Node(const Json& json, std::string path = "") : json_(&json), path_(std::move(path)) {}

  Node at(const std::string& key) const;
  std::optional<Node> find(const std::string& key) const;  ///< nothing where it is missing or null
  bool is_null() const { return json_->is_null(); }

  std::vector<Node> items() const;                            ///< of an array
  std::vector<std::pair<std::string, Node>> members() const;  ///< of an object, in the file's order

  std::string text() const;
  double number() const;
  std::int64_t integer() const;
  std::uint64_t natural() const;
  std::size_t count() const;  ///< of things that fit the memory
  bool flag() const;
  std::vector<std::int64_t> column(std::size_t size) const;  ///< packed (reports/packed/packed.h)
  std::uint64_t hex() const;                                 ///< 16 hexadecimal digits

  [[noreturn]] void fail(const std::string& found_and_expected) const;
  /// Throws "found VALUE, expected `what`".
  [[noreturn]] void expected(const std::string& what) const;

 private:
  const Json* json_;
  std::string path_;
};

/// A text as JSON; throws BadDocument that says where it breaks off.
nlohmann::ordered_json parse_json(const std::string& text);

}  // namespace spotmix::reports
