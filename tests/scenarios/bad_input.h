// Bad scenarios that tests feed to the loader and to the program, each with what must be said about it.
//
// A row of tests/approved/bad/TABLE.json makes one input and, under `says`, holds the approved messages:
//   "base"       a document of tests/scenarios/bad/bases.json, which is good, and in it
//     "patch"      what changes: JSON pointer → new value, null removes;
//     "replace"    what changes in its text: the first place of the key becomes the value;
//     "cut_after"  the text after which the rest is missing.
//   "json"       the whole document, or "text", the whole text.
//   "files"      name → the like, for files that stand beside the scenario.
// Inputs that JSON cannot hold (a directory, a file nested 200,000 deep, …) are rows of C++ below.
#pragma once

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "tests/approval.h"
#include "tests/scratch.h"

namespace spotmix::tests {

using nlohmann::ordered_json;

inline const std::filesystem::path& approved_folder() {
  static const auto kFolder = std::filesystem::path(SPOTMIX_SOURCE_DIR) / "tests" / "approved" / "bad";
  return kFolder;
}

inline const ordered_json& bases() {
  static const ordered_json kAll = ordered_json::parse(
      file_text(std::filesystem::path(SPOTMIX_SOURCE_DIR) / "tests" / "scenarios" / "bad" / "bases.json")
          .value());
  return kAll;
}

inline ordered_json patched(ordered_json document, const ordered_json& patch) {
  for (const auto& [path, value] : patch.items()) {
    const ordered_json::json_pointer pointer(path);
    if (value.is_null())
      document[pointer.parent_pointer()].erase(pointer.back());
    else
      document[pointer] = value;
  }
  return document;
}

/// REQUIRES: `text` contains `part`.
inline std::size_t place(const std::string& text, const std::string& part) {
  const std::size_t at = text.find(part);
  REQUIRE(at != std::string::npos);
  return at;
}

/// The text that a row describes; `indent` as ordered_json::dump() takes it.
inline std::string text_of(const ordered_json& row, int indent) {
  if (row.contains("text")) return row.at("text");
  ordered_json document = row.contains("json") ? row.at("json") : bases().at(row.at("base"));
  if (row.contains("patch")) document = patched(std::move(document), row.at("patch"));
  std::string text = document.dump(indent);
  if (row.contains("replace")) {
    for (const auto& [from, to] : row.at("replace").items())
      text.replace(place(text, from), from.size(), to.get<std::string>());
  }
  if (row.contains("cut_after")) {
    const std::string last = row.at("cut_after");
    text.resize(place(text, last) + last.size());
  }
  return text;
}

/// The tables' names, in alphabetical order.
inline std::vector<std::string> bad_input_tables() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(approved_folder()))
    names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

inline ordered_json bad_input_table(const std::string& name) {
  return ordered_json::parse(file_text(approved_folder() / (name + ".json")).value());
}

/// The table as its file holds it: a line for each key of a row and each message.
inline std::string to_text(const ordered_json& table) {
  std::string text;
  for (const ordered_json& row : table) {
    std::string keys;
    for (const auto& [key, value] : row.items()) {
      keys += (keys.empty() ? "" : ",\n ") + ordered_json(key).dump() + ": ";
      if (key != "says") {
        keys += value.dump();
        continue;
      }
      std::string messages;
      for (const ordered_json& message : value)
        messages += (messages.empty() ? "[\n  " : ",\n  ") + message.dump();
      keys += messages + "]";
    }
    text += (text.empty() ? "[\n{" : ",\n{") + keys + "}";
  }
  return text + "\n]\n";
}

/// Writes what the row describes into the folder; the scenario's path.
inline std::filesystem::path write_input(const Scratch& folder, const ordered_json& row) {
  if (row.contains("files")) {
    for (const auto& [name, file] : row.at("files").items()) folder.write(name, text_of(file, -1));
  }
  return folder.write(row.at("name").get<std::string>() + ".json", text_of(row, 2));
}

struct MadeInput {
  std::string name;
  std::function<void(const std::filesystem::path&, const Scratch&)> make;
  std::string says;
};

inline const std::vector<MadeInput>& made_inputs() {
  using Path = std::filesystem::path;
  const auto text = [](std::string content) {
    return [content = std::move(content)](const Path& path, const Scratch& folder) {
      folder.write(path.filename(), content);
    };
  };
  static const std::vector<MadeInput> kAll = {
      {"directory", [](const Path& path, const Scratch&) { std::filesystem::create_directory(path); },
       "found a directory, expected a file"},
      {"nested-200000-deep",
       text("{\"name\": " + std::string(200'000, '[') + std::string(200'000, ']') + "}"),
       "found objects or lists nested more than 32 deep, expected no more"},
      {"too-large", text("{\"name\": \"" + std::string(5 << 20, 'x') + "\"}"),
       "found more than 4 MiB, expected no more"},
      {"broken-gzip", text(std::string("\x1f\x8b\x08\x00", 4) + std::string(40, 'x')),
       "found a broken or cut-off gzip file, expected a whole one"},
      {"not-utf-8", text("{\"name\": \"\xff\xfe\"}"),
       "line 1, column 11: found \"?\", expected valid JSON (NaN, Infinity, comments and trailing commas are "
       "not)"},
      // A link to itself cannot be opened by anybody, not even by root.
      {"unreadable",
       [](const Path& path, const Scratch&) { std::filesystem::create_symlink(path.filename(), path); },
       "found a file that cannot be opened (Too many levels of symbolic links), expected a readable one"},
      {"no-such-file", [](const Path&, const Scratch&) {}, "found no such file, expected a readable one"},
  };
  return kAll;
}

/// The text without the folder.
inline std::string without_folder(std::string text, const Scratch& scratch) {
  const std::string folder = scratch.path().string() + "/";
  for (std::size_t at = 0; (at = text.find(folder)) != std::string::npos;) text.erase(at, folder.size());
  return text;
}

}  // namespace spotmix::tests
