// JSON text → value, for files that people write by hand.
//
// Beyond the grammar, it refuses what a parser would pass over in silence: a key given twice in one object
// (most parsers keep the last), nesting deeper than any scenario needs, numbers beyond a double.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "base/result/problem.h"

namespace spotmix {

inline constexpr std::size_t kDeepestNesting = 32;

/// All duplicate keys are reported at once; a syntax error ends the reading.
Result<nlohmann::json> parse_json(const std::string& file, std::string_view text);

/// "WHERE: found X, expected Y", without the file's name.
class BadDocument : public std::runtime_error {
 public:
  BadDocument(const std::string& where, const std::string& message)
      : std::runtime_error(where.empty() ? message : where + ": " + message) {}
};

/// The same document in the order of the text, as Node (base/json/node.h) reads it.
Result<nlohmann::ordered_json> parse_document(const std::string& file, std::string_view text);

/// Throws BadDocument if the text is not JSON.
nlohmann::ordered_json parse_document(std::string_view text);

/// What is wrong with the text as JSON; empty if it can be parsed.
[[nodiscard]] Problems json_problems(const std::string& file, std::string_view text);

/// The text with Python's NaN, Infinity and -Infinity, which JSON lacks, in quotes.
std::string quote_non_finite_numbers(std::string_view text);

/// The value as a message shows it: short, strings in quotes, lists and objects by name only.
std::string shown(const nlohmann::json& value);
std::string shown(const nlohmann::ordered_json& value);

/// "mixes[0]" + "name" → "mixes[0].name".
std::string key_path(const std::string& parent, const std::string& key);
std::string item_path(const std::string& parent, std::size_t index);

}  // namespace spotmix
