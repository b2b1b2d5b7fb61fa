#include "base/json/json_text.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text/nearest.h"

namespace spotmix {
namespace {

using nlohmann::json;

/// "line 3, column 15" of a byte offset that counts from one.
std::string line_and_column(const std::string& text, std::size_t position) {
  const std::size_t before = std::min(position == 0 ? 0 : position - 1, text.size());
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(before);
  const auto line = std::count(text.begin(), end, '\n') + 1;
  const std::size_t line_start = before == 0 ? std::string::npos : text.rfind('\n', before - 1);
  const std::size_t column = line_start == std::string::npos ? before + 1 : before - line_start;
  return fmt::format("line {}, column {}", line, column);
}

/// The word that begins or ends at the place where reading stopped, for the message.
std::string word_at(const std::string& text, std::size_t position) {
  const auto part_of_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.' || c == '+';
  };
  if (position == 0 || position > text.size()) return "the end of the file";
  std::size_t begin = position - 1;
  while (begin > 0 && part_of_word(text[begin]) && part_of_word(text[begin - 1])) --begin;
  if (begin > 0 && text[begin - 1] == '-' && part_of_word(text[begin])) --begin;
  std::size_t end = position;
  while (end < text.size() && part_of_word(text[end - 1]) && part_of_word(text[end])) ++end;
  return in_quotes(text.substr(begin, end - begin));
}

/// Watches the parser's events for what the grammar allows but a scenario must not have.
class Inspector : public nlohmann::json_sax<json> {
 public:
  Inspector(const std::string& file, const std::string& text) : file_(file), text_(text) {}

  Problems take_problems() { return std::move(problems_); }

  bool null() override { return value(); }
  bool boolean(bool) override { return value(); }
  bool number_integer(number_integer_t) override { return value(); }
  bool number_unsigned(number_unsigned_t) override { return value(); }
  bool number_float(number_float_t, const string_t&) override { return value(); }
  bool string(string_t&) override { return value(); }
  bool binary(binary_t&) override { return value(); }

  bool start_object(std::size_t) override { return open(false); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    Level& level = levels_.back();
    level.key = name;
    if (!level.keys.insert(name).second) {
      problems_.push_back(
          {file_, path(),
           fmt::format("found the key {} twice in one object, expected it once", in_quotes(name))});
    }
    return true;
  }

  bool parse_error(std::size_t position, const std::string&,
                   const nlohmann::detail::exception& error) override {
    const std::string where = line_and_column(text_, position);
    if (error.id == 406) {
      problems_.push_back(
          {file_, where, "found a number that is too large, expected one that a computer can hold"});
    } else {
      problems_.push_back(
          {file_, where,
           fmt::format("found {}, expected valid JSON (NaN, Infinity, comments and trailing commas are not)",
                       word_at(text_, position))});
    }
    return false;
  }

 private:
  struct Level {
    bool array = false;
    std::size_t index = 0;
    std::string key;
    std::set<std::string> keys;
  };

  std::string path() const {
    std::string path;
    for (const Level& level : levels_) {
      path = level.array ? item_path(path, level.index) : key_path(path, level.key);
    }
    return path;
  }

  bool value() {
    if (!levels_.empty() && levels_.back().array) ++levels_.back().index;
    return true;
  }

  bool open(bool array) {
    if (levels_.size() >= kDeepestNesting) {
      problems_.push_back({file_, "",
                           fmt::format("found objects or lists nested more than {} deep, expected no more",
                                       kDeepestNesting)});
      return false;
    }
    levels_.push_back({array, 0, {}, {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return value();
  }

  const std::string& file_;
  const std::string& text_;
  std::vector<Level> levels_;
  Problems problems_;
};

}  // namespace

std::string key_path(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

std::string item_path(const std::string& parent, std::size_t index) {
  return fmt::format("{}[{}]", parent, index);
}

Problems json_problems(const std::string& file, const std::string& text) {
  Inspector inspector(file, text);
  json::sax_parse(text, &inspector);
  return inspector.take_problems();
}

Result<json> parse_json(const std::string& file, const std::string& text) {
  Problems problems = json_problems(file, text);
  if (!problems.empty()) return problems;
  return json::parse(text);
}

}  // namespace spotmix
