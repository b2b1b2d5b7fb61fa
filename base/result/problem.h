// What is wrong with an input, one line each, and results that carry either a value or such lines.
//
// A line reads `FILE: WHERE: found X, expected Y; did you mean "Z"?`. WHERE is a JSON path such as
// `mixes[0].groups[1].zones[2]`, or `line 7`, or empty when the whole file is meant.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace spotmix {

struct Problem {
  std::string file;
  std::string where;
  std::string message;
  std::string code{};                  ///< Of a warning: what kind it is of, for programs; else empty.
  std::optional<std::size_t> about{};  ///< Which of several things it is about; nullopt if all of them.
};

using Problems = std::vector<Problem>;

/// "FILE: WHERE: MESSAGE" in one line; control characters and bytes that are not UTF-8 are shown as '?'.
std::string to_line(const Problem& problem);

/// A value, or at least one problem. Warnings may accompany a value.
template <class Value>
struct [[nodiscard]] Result {
  std::optional<Value> value;
  Problems problems;
  Problems warnings;

  Result() = default;
  Result(Value value_in) : value(std::move(value_in)) {}  // NOLINT: a value is a result
  Result(Problem problem) : problems{std::move(problem)} {}
  Result(Problems problems_in) : problems(std::move(problems_in)) {}

  explicit operator bool() const { return value.has_value(); }
};

inline void append(Problems& to, Problems from) {
  for (Problem& problem : from) to.push_back(std::move(problem));
}

}  // namespace spotmix
