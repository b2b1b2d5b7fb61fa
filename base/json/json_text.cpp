#include "base/json/json_text.h"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text/nearest.h"

namespace spotmix {
namespace {

using nlohmann::json;

/// "line 3, column 15" of a byte offset that counts from one.
std::string line_and_column(std::string_view text, std::size_t position) {
  const std::size_t before = std::min(position == 0 ? 0 : position - 1, text.size());
  const std::string_view read = text.substr(0, before);
  const auto line = std::count(read.begin(), read.end(), '\n') + 1;
  const std::size_t line_start = read.rfind('\n');
  const std::size_t column = line_start == std::string_view::npos ? before + 1 : before - line_start;
  return fmt::format("line {}, column {}", line, column);
}

/// The word that begins or ends at the place where reading stopped, for the message.
std::string word_at(std::string_view text, std::size_t position) {
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

/// Builds the document from the parser's events, and watches for what the grammar allows but a file must not
/// have.
template <class Json>
class Builder : public nlohmann::json_sax<Json> {
 public:
  Builder(const std::string& file, std::string_view text) : file_(file), text_(text) {}

  Result<Json> take() {
    if (!problems_.empty()) return std::move(problems_);
    return std::move(document_);
  }

  bool null() override { return scalar(nullptr); }
  bool boolean(bool value) override { return scalar(value); }
  bool number_integer(std::int64_t value) override { return scalar(value); }
  bool number_unsigned(std::uint64_t value) override { return scalar(value); }
  bool number_float(double value, const std::string&) override { return scalar(value); }
  bool string(std::string& value) override { return scalar(std::move(value)); }
  bool binary(typename Json::binary_t& value) override { return scalar(std::move(value)); }

  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(std::string& name) override {
    Level& level = levels_.back();
    level.key = name;
    if (level.container->contains(name)) {
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
  /// An object or a list that has begun and not ended.
  struct Level {
    Json* container;
    std::string key;
  };

  std::string path() const {
    std::string path;
    for (const Level& level : levels_) {
      path = level.container->is_array() ? item_path(path, level.container->size() - 1)
                                         : key_path(path, level.key);
    }
    return path;
  }

  /// Puts the value where the document has come to.
  Json& place(Json value) {
    if (levels_.empty()) return document_ = std::move(value);
    Level& level = levels_.back();
    if (level.container->is_array()) return level.container->emplace_back(std::move(value));
    return (*level.container)[level.key] = std::move(value);
  }

  bool scalar(Json value) {
    place(std::move(value));
    return true;
  }

  bool open(Json container) {
    if (levels_.size() >= kDeepestNesting) {
      problems_.push_back({file_, "",
                           fmt::format("found objects or lists nested more than {} deep, expected no more",
                                       kDeepestNesting)});
      return false;
    }
    levels_.push_back({&place(std::move(container)), {}});
    return true;
  }

  bool close() {
    levels_.pop_back();
    return true;
  }

  const std::string& file_;
  std::string_view text_;
  Json document_;
  std::vector<Level> levels_;
  Problems problems_;
};

template <class Json>
Result<Json> parse(const std::string& file, std::string_view text) {
  Builder<Json> builder(file, text);
  Json::sax_parse(text, &builder);
  return builder.take();
}

template <class Json>
std::string value_in_words(const Json& value) {
  if (value.is_string()) return in_quotes(value.template get_ref<const std::string&>());
  if (value.is_array()) return value.empty() ? "an empty list" : "a list";
  if (value.is_object()) return value.empty() ? "an empty object" : "an object";
  return value.dump();
}

}  // namespace

std::string key_path(const std::string& parent, const std::string& key) {
  return parent.empty() ? key : parent + "." + key;
}

std::string item_path(const std::string& parent, std::size_t index) {
  return fmt::format("{}[{}]", parent, index);
}

Result<json> parse_json(const std::string& file, std::string_view text) {
  return parse<json>(file, text);
}

Result<nlohmann::ordered_json> parse_document(const std::string& file, std::string_view text) {
  return parse<nlohmann::ordered_json>(file, text);
}

nlohmann::ordered_json parse_document(std::string_view text) {
  Result<nlohmann::ordered_json> document = parse_document("", text);
  if (!document) throw BadDocument(document.problems.front().where, document.problems.front().message);
  return *std::move(document.value);
}

Problems json_problems(const std::string& file, std::string_view text) {
  return parse_json(file, text).problems;
}

std::string quote_non_finite_numbers(std::string_view text) {
  constexpr std::array<std::string_view, 3> kNumbers{"NaN", "Infinity", "-Infinity"};
  std::string quoted;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto* const number =
        in_string ? kNumbers.end()
                  : std::find_if(kNumbers.begin(), kNumbers.end(),
                                 [&](std::string_view each) { return text.substr(i).starts_with(each); });
    if (number != kNumbers.end()) {
      quoted += in_quotes(*number);
      i += number->size() - 1;
      continue;
    }
    if (text[i] == '"') in_string = !in_string;
    quoted += text[i];
    if (in_string && text[i] == '\\' && i + 1 < text.size()) quoted += text[++i];
  }
  return quoted;
}

std::string shown(const json& value) {
  return value_in_words(value);
}

std::string shown(const nlohmann::ordered_json& value) {
  return value_in_words(value);
}

}  // namespace spotmix
