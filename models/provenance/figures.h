// Fitted and assumed numbers of the program's own data files, each with its source and date.
//
// The files are part of the program and checked against figures.schema.json by a test, so that readers need
// not answer for a wrong one. A constant of physics or of a formula is code, not a figure.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace spotmix::models {

class Figures {
 public:
  /// REQUIRES: `document` is JSON that figures.schema.json accepts.
  explicit Figures(std::string_view document);

  /// REQUIRES: the document holds a number called `name`.
  double number(std::string_view name) const;
  /// REQUIRES: the document holds a list called `name`.
  const std::vector<double>& numbers(std::string_view name) const;

 private:
  std::map<std::string, std::vector<double>, std::less<>> values_;  // a number is a list of one
};

}  // namespace spotmix::models
