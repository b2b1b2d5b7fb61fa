// models/stacks/*.json → stacks. The files are part of the program and checked against stack.schema.json by a
// test, so that nothing here has to answer for a wrong one.
#include <algorithm>
#include <array>
#include <map>

#include <nlohmann/json.hpp>

#include "base/json/sequence.h"
#include "models/stacks/stack.h"

namespace spotmix::models {

std::string_view stacks_text();  // a JSON text sequence

namespace {

using json = nlohmann::json;

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

StackFigures read_figures(const json& part) {
  StackFigures figures;
  for (const json& name : part.value("architectures", json::array()))
    figures.architectures.push_back(parse_enum<Architecture>(name.get<std::string>()).value());
  for (const json& name : part.value("precisions", json::array()))
    figures.precisions.push_back(parse_enum<Precision>(name.get<std::string>()).value());
  const json& given = part.at("figures");
  for (const auto& [key, figure] : kNumbers) {
    if (given.contains(key)) figures.numbers.emplace_back(figure, given.at(key).get<double>());
  }
  for (const auto& [key, figure] : kFlags) {
    if (given.contains(key)) figures.flags.emplace_back(figure, given.at(key).get<bool>());
  }
  if (given.contains("collectives")) figures.collectives = Library::nccl_2020;
  return figures;
}

MeasuredProgram read_program(const json& program) {
  const Precision precision = program.at("bits") == 16 ? Precision::fp16 : Precision::fp32;
  return {.name = program_name(program.at("workload").get<std::string>(), precision),
          .architecture = parse_enum<Architecture>(program.at("architecture").get<std::string>()).value(),
          .slowdown = program.at("slowdown").get<double>()};
}

using Documents = std::map<std::string, json>;

Stack read_stack(const Documents& documents, const std::string& key) {
  const json& document = documents.at(key);
  Stack stack{.key = key, .name = document.at("name").get<std::string>()};
  if (document.contains("based_on"))
    stack.figures = read_stack(documents, document.at("based_on").get<std::string>()).figures;
  for (const char* kind : {"assumed", "fitted"}) {
    for (const json& part : document.value(kind, json::array())) stack.figures.push_back(read_figures(part));
  }
  for (const json& table : document.value("programs", json::array())) {
    for (const json& program : table.at("slowdowns")) stack.programs.push_back(read_program(program));
  }
  return stack;
}

std::vector<Stack> read_stacks() {
  Documents documents;
  for (const std::string_view text : texts_of_sequence(stacks_text())) {
    json document = json::parse(text);
    const auto key = document.at("stack").get<std::string>();
    documents.emplace(key, std::move(document));
  }
  std::vector<Stack> all;
  for (const auto& [key, unused] : documents) all.push_back(read_stack(documents, key));
  return all;
}

}  // namespace

const std::vector<Stack>& stacks() {
  static const std::vector<Stack> kStacks = read_stacks();
  return kStacks;
}

}  // namespace spotmix::models
