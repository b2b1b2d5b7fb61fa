#include "base/json/schema_words.h"

#include <algorithm>
#include <regex>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/text/nearest.h"

namespace spotmix {
namespace {

using nlohmann::json;

bool has_type(const json& value, const std::string& type) {
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  if (type == "string") return value.is_string();
  if (type == "boolean") return value.is_boolean();
  if (type == "null") return value.is_null();
  if (type == "number") return value.is_number();
  return type == "integer" && value.is_number_integer();
}

std::vector<std::string> strings_of(const json& list) {
  std::vector<std::string> names;
  for (const json& item : list) {
    if (item.is_string()) names.push_back(item.get<std::string>());
  }
  return names;
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> names;
  for (const auto& [key, unused] : object.items()) names.push_back(key);
  return names;
}

std::string plain_number(const json& number) {
  return number.is_number_float() ? fmt::format("{:g}", number.get<double>()) : number.dump();
}

/// ", from 1 to 10", "above 0", …
std::string range_in_words(const json& schema) {
  std::string text;
  if (schema.contains("exclusiveMinimum")) text += " above " + plain_number(schema["exclusiveMinimum"]);
  const bool both = schema.contains("minimum") && schema.contains("maximum");
  if (both)
    return fmt::format(" from {} to {}", plain_number(schema["minimum"]), plain_number(schema["maximum"]));
  if (schema.contains("minimum")) text += fmt::format(" of at least {}", plain_number(schema["minimum"]));
  if (schema.contains("maximum"))
    text += fmt::format("{} at most {}", text.empty() ? "" : " and", plain_number(schema["maximum"]));
  return text;
}

class Walker {
 public:
  Walker(const std::string& file, const json& root) : file_(file), root_(root) {}

  void check(json& value, const json& unresolved, const std::string& path) {
    const json& schema = resolve(unresolved);
    if (schema.contains("oneOf")) {
      check_alternatives(value, schema, path);
      return;
    }
    if (!type_fits(value, schema)) {
      mismatch(value, schema, path);
      return;
    }
    if (schema.contains("enum") || schema.contains("const")) check_enum(value, schema, path);
    if (value.is_number()) check_number(value, schema, path);
    if (value.is_string()) check_string(value, schema, path);
    if (value.is_array()) check_array(value, schema, path);
    if (value.is_object()) check_object(value, schema, path);
  }

  /// What was refused becomes null.
  Problems finish() {
    for (json* value : refused_) *value = nullptr;
    return std::move(problems_);
  }

 private:
  const json& resolve(const json& schema) const {
    const json* resolved = &schema;
    while (resolved->contains("$ref")) {
      resolved = &root_.at(json::json_pointer((*resolved)["$ref"].get<std::string>().substr(1)));
    }
    return *resolved;
  }

  static bool type_fits(const json& value, const json& schema) {
    if (!schema.contains("type")) return true;
    if (schema["type"].is_string()) return has_type(value, schema["type"].get<std::string>());
    const std::vector<std::string> types = strings_of(schema["type"]);
    return std::ranges::any_of(types, [&](const std::string& type) { return has_type(value, type); });
  }

  void add(const std::string& path, std::string message) {
    problems_.push_back({file_, path.empty() ? "top level" : path, std::move(message)});
  }

  void mismatch(json& value, const json& schema, const std::string& path) {
    refused_.push_back(&value);
    add(path, fmt::format("found {}, expected {}", shown(value), expected(schema)));
  }

  void check_alternatives(json& value, const json& schema, const std::string& path) {
    for (const json& alternative : schema["oneOf"]) {
      if (type_fits(value, resolve(alternative))) {
        check(value, alternative, path);
        return;
      }
    }
    mismatch(value, schema, path);
  }

  void check_enum(json& value, const json& schema, const std::string& path) {
    if (schema.contains("const") && schema["const"] != value) mismatch(value, schema, path);
    if (!schema.contains("enum")) return;
    for (const json& allowed : schema["enum"]) {
      if (allowed == value) return;
    }
    const std::string hint =
        value.is_string() ? did_you_mean(value.get<std::string>(), strings_of(schema["enum"])) : "";
    refused_.push_back(&value);
    add(path, fmt::format("found {}, expected {}{}", shown(value), expected(schema), hint));
  }

  void check_number(json& value, const json& schema, const std::string& path) {
    const double number = value.get<double>();
    const bool too_small =
        (schema.contains("minimum") && number < schema["minimum"].get<double>()) ||
        (schema.contains("exclusiveMinimum") && number <= schema["exclusiveMinimum"].get<double>());
    const bool too_large = schema.contains("maximum") && number > schema["maximum"].get<double>();
    if (too_small || too_large) mismatch(value, schema, path);
  }

  void check_string(json& value, const json& schema, const std::string& path) {
    const auto& text = value.get_ref<const std::string&>();
    const bool too_short =
        schema.contains("minLength") && text.size() < schema["minLength"].get<std::size_t>();
    const bool unlike =
        schema.contains("pattern") &&
        !(text.size() < 1000 && std::regex_search(text, std::regex(schema["pattern"].get<std::string>())));
    if (too_short || unlike) mismatch(value, schema, path);
  }

  void check_array(json& value, const json& schema, const std::string& path) {
    const bool too_few = schema.contains("minItems") && value.size() < schema["minItems"].get<std::size_t>();
    const bool too_many = schema.contains("maxItems") && value.size() > schema["maxItems"].get<std::size_t>();
    if (too_few || too_many) {
      refused_.push_back(&value);
      add(path, fmt::format("found {}, expected {}",
                            value.empty() ? "an empty list" : fmt::format("a list of {}", value.size()),
                            expected(schema)));
      return;
    }
    if (!schema.contains("items")) return;
    for (std::size_t i = 0; i < value.size(); ++i) check(value[i], schema["items"], item_path(path, i));
  }

  void check_object(json& value, const json& schema, const std::string& path) {
    const json properties = schema.value("properties", json::object());
    const bool closed = schema.contains("additionalProperties") && schema["additionalProperties"] == false;
    for (const auto& [key, item] : value.items()) {
      if (properties.contains(key)) {
        check(item, schema["properties"][key], key_path(path, key));
      } else if (closed) {
        unknown_key(key, properties, path);
      } else if (schema.contains("additionalProperties")) {
        check(item, schema["additionalProperties"], key_path(path, key));
      }
    }
    for (const std::string& key : strings_of(schema.value("required", json::array()))) {
      if (!value.contains(key)) missing_key(key, properties, path);
    }
    if (schema.contains("minProperties") && value.size() < schema["minProperties"].get<std::size_t>()) {
      mismatch(value, schema, path);
    }
  }

  void unknown_key(const std::string& key, const json& properties, const std::string& path) {
    const std::vector<std::string> valid = keys_of(properties);
    add(key_path(path, key),
        fmt::format("found an unknown key, expected {}{}", one_of(valid), did_you_mean(key, valid)));
  }

  void missing_key(const std::string& key, const json& properties, const std::string& path) {
    add(key_path(path, key),
        fmt::format("found nothing, expected {}", expected(properties.value(key, json::object()))));
  }

  std::string expected(const json& unresolved) const {
    const json& schema = resolve(unresolved);
    if (schema.contains("title")) return schema["title"].get<std::string>() + range_in_words(schema);
    if (schema.contains("enum")) return one_of(strings_of(schema["enum"]));
    if (schema.contains("const")) return shown(schema["const"]);
    if (schema.contains("oneOf")) {
      std::string text;
      for (const json& alternative : schema["oneOf"])
        text += (text.empty() ? "" : " or ") + expected(alternative);
      return text;
    }
    return expected_type(schema);
  }

  std::string expected_type(const json& schema) const {
    const std::string type = schema.value("type", "value");
    if (type == "integer") return "a whole number" + range_in_words(schema);
    if (type == "number") return "a number" + range_in_words(schema);
    if (type == "string") return schema.contains("minLength") ? "a text that is not empty" : "a text";
    if (type == "boolean") return "true or false";
    if (type == "array") return expected_list(schema);
    if (type == "object")
      return "an object with keys from " + list_of(keys_of(schema.value("properties", json::object())));
    return "a value";
  }

  std::string expected_list(const json& schema) const {
    const std::string items = schema.contains("items") ? "each " + expected(schema["items"]) : "of values";
    const bool limited = schema.contains("maxItems");
    if (limited)
      return fmt::format("a list of {} to {}, {}", schema.value("minItems", 0), schema["maxItems"].get<int>(),
                         items);
    return fmt::format("a list{}, {}", schema.value("minItems", 0) > 0 ? " that is not empty" : "", items);
  }

  const std::string& file_;
  const json& root_;
  Problems problems_;
  std::vector<json*> refused_;
};

}  // namespace

Problems violations_in_words(const std::string& file, json& document, const json& schema) {
  Walker walker(file, schema);
  walker.check(document, schema, "");
  return walker.finish();
}

}  // namespace spotmix
