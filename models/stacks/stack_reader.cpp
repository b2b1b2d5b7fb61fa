// models/stacks/*.json → stacks. The files are part of the program and checked against stack.schema.json by a
// test, so that nothing here has to answer for a wrong one.
#include <array>
#include <functional>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "base/json/json_text.h"
#include "base/json/node.h"
#include "base/json/sequence.h"
#include "models/stacks/fitted.h"
#include "models/stacks/stack.h"

namespace spotmix::models {

std::string_view stacks_text();  // a JSON text sequence

namespace {

constexpr std::array<std::pair<const char*, double Software::*>, 17> kNumbers{
    {{"forward_dispatch_s", &Software::forward_dispatch_s},
     {"backward_dispatch_s", &Software::backward_dispatch_s},
     {"checkpoint_dispatch_s", &Software::checkpoint_dispatch_s},
     {"collective_dispatch_s", &Software::collective_dispatch_s},
     {"rank_delay_s", &Software::rank_delay_s},
     {"micro_batch_s", &Software::micro_batch_s},
     {"update_s", &Software::update_s},
     {"kernel_slowdown", &Software::kernel_slowdown},
     {"convolution_slowdown", &Software::convolution_slowdown},
     {"attention_slowdown", &Software::attention_slowdown},
     {"stream_slowdown", &Software::stream_slowdown},
     {"collective_slowdown", &Software::collective_slowdown},
     {"network_slowdown", &Software::network_slowdown},
     {"gradient_slowdown", &Software::gradient_slowdown},
     {"gradient_copies", &Software::gradient_copies},
     {"vocabulary_slowdown", &Software::vocabulary_slowdown},
     {"phase_start_s", &Software::phase_start_s}}};

constexpr std::array<std::pair<const char*, bool Software::*>, 3> kFlags{
    {{"fp32_gradients", &Software::fp32_gradients},
     {"fused_accumulation", &Software::fused_accumulation},
     {"overlap", &Software::overlap}}};

template <class Enum>
std::vector<Enum> enums_of(const Node& part, const char* key) {
  std::vector<Enum> values;
  for (const std::string& name : part.strings(key)) values.push_back(parse_enum<Enum>(name).value());
  return values;
}

StackFigures read_figures(const Node& part) {
  StackFigures figures{.architectures = enums_of<Architecture>(part, "architectures"),
                       .precisions = enums_of<Precision>(part, "precisions")};
  const Node given = part.object("figures");
  for (const auto& [key, figure] : kNumbers) {
    if (const auto value = given.number(key)) figures.numbers.emplace_back(figure, *value);
  }
  for (const auto& [key, figure] : kFlags) {
    if (const auto value = given.boolean(key)) figures.flags.emplace_back(figure, *value);
  }
  figures.collectives = given.choice<Library>("collectives");
  return figures;
}

MeasuredProgram read_program(const Node& program) {
  const Precision precision = program.at("bits").integer() == 16 ? Precision::fp16 : Precision::fp32;
  return {.name = program_name(program.at("workload").text(), precision),
          .architecture = program.choice<Architecture>("architecture").value(),
          .slowdown = program.at("slowdown").number()};
}

using Documents = std::map<std::string, Node::Json>;

Stack read_stack(const Documents& documents, const std::string& key) {
  const Node document(documents.at(key));
  Stack stack{.key = key, .name = document.at("name").text()};
  if (const auto base = document.string("based_on")) stack.figures = read_stack(documents, *base).figures;
  for (const char* kind : {"assumed", "fitted"}) {
    for (const Node& part : document.objects(kind)) stack.figures.push_back(read_figures(part));
  }
  for (const Node& table : document.objects("programs")) {
    for (const Node& program : table.objects("slowdowns")) stack.programs.push_back(read_program(program));
  }
  return stack;
}

Documents read_documents() {
  Documents documents;
  for (const std::string_view text : texts_of_sequence(stacks_text())) {
    Node::Json document = parse_document(text);
    const std::string key = Node(document).at("stack").text();
    documents.emplace(key, std::move(document));
  }
  return documents;
}

bool is_fitted(const Documents& documents, const std::string& key) {
  const Node document(documents.at(key));
  const auto base = document.string("based_on");
  return document.has("fitted") || document.has("programs") || (base && is_fitted(documents, *base));
}

std::set<std::string, std::less<>> fitted_names() {
  const Documents documents = read_documents();
  std::set<std::string, std::less<>> names;
  for (const auto& [key, document] : documents) {
    if (is_fitted(documents, key)) names.insert(Node(document).at("name").text());
  }
  return names;
}

std::vector<Stack> read_stacks() {
  const Documents documents = read_documents();
  std::vector<Stack> all;
  for (const auto& [key, unused] : documents) all.push_back(read_stack(documents, key));
  return all;
}

}  // namespace

bool has_fitted_figures(std::string_view name) {
  static const std::set<std::string, std::less<>> kNames = fitted_names();
  return kNames.contains(name);
}

const std::vector<Stack>& stacks() {
  static const std::vector<Stack> kStacks = read_stacks();
  return kStacks;
}

}  // namespace spotmix::models
