#include "models/provenance/figures.h"

#include <cassert>

#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/json/node.h"

namespace spotmix::models {

Figures::Figures(std::string_view document) {
  const Node::Json json = parse_document(document);
  for (const char* kind : {"assumed", "fitted"}) {
    for (const Node& part : Node(json).objects(kind)) {
      for (const auto& [name, value] : part.at("figures").members()) {
        std::vector<double>& numbers = values_[name];
        assert(numbers.empty() && "a figure stands in two parts");
        for (const Node& item : value.is_list() ? value.items() : std::vector{value})
          numbers.push_back(item.number());
      }
    }
  }
}

double Figures::number(std::string_view name) const {
  const std::vector<double>& found = numbers(name);
  assert(found.size() == 1);
  return found.front();
}

const std::vector<double>& Figures::numbers(std::string_view name) const {
  const auto found = values_.find(name);
  assert(found != values_.end());
  return found->second;
}

}  // namespace spotmix::models
