#include "bench/accuracy/dle_rows.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "bench/accuracy/dle_models.h"
#include "bench/accuracy/training_rows.h"

namespace spotmix::accuracy {
namespace {

std::string stack_of(const std::string& name, const std::string& column) {
  if (name == "MxNet") return "mxnet";
  if (name == "PaddlePaddle") return "paddle";
  if (name == "TensorFlow2") return "tensorflow2";
  if (name == "TensorFlow") return contains(column, "XLA") ? "tensorflow_xla" : "tensorflow";
  return "pytorch";
}

/// The column names it more reliably than the table's own reading. Frameworks run fp32 products on A100 in
/// tf32 unless told otherwise.
models::Precision precision_of(const std::string& column, const std::string& read,
                               const std::string& hardware) {
  const bool single = contains(column, "FP32") || contains(column, "TF32");
  const bool half = contains(column, "ixed") || contains(column, "AMP") || contains(column, "FP16");
  if (half || (!single && contains(read, "FP16"))) return models::Precision::fp16;
  return contains(hardware, "A100") ? models::Precision::tf32 : models::Precision::fp32;
}

/// Of several sizes the one for this precision. TensorFlow's tables name mixed precision first.
double size_for(const std::vector<double>& sizes, bool half, bool half_first) {
  if (sizes.size() < 2) return sizes.empty() ? 0 : sizes.front();
  return half == half_first ? sizes[0] : sizes[1];
}

struct Batch {
  int micro = 0;
  int accumulation = 1;
};

/// Cells that hold a size per precision: micro-batch, samples per update and GPU, updates' accumulation, of
/// which the first or the second may be missing.
Batch batch_of(const Table& table, std::size_t row, bool half) {
  std::vector<double> found;
  const bool and_form = contains(table.text(row, "batch_per_gpu"), "and");
  for (const std::string& cell : split_cells(table.text(row, "row_text"), '|')) {
    const std::vector<double> sizes = numbers_in(cell);
    const bool comma_form = !and_form && contains(cell, " , ");
    if (sizes.size() == 2 && (contains(cell, "and") || comma_form))
      found.push_back(size_for(sizes, half, comma_form));
  }
  const auto whole = [](double value) { return static_cast<int>(std::llround(value)); };
  if (found.size() == 3 && !and_form) return {whole(found[0]), whole(found[1])};
  if (found.size() == 3) return {whole(found[1] / found[2]), whole(found[2])};
  if (found.size() == 2) return {whole(found[0] / found[1]), whole(found[1])};
  std::string text = table.text(row, "batch_per_gpu");
  // The language models' tables write two sizes as "128,128", the others thousands as "131,072".
  if (contains(table.text(row, "model"), "LanguageModeling")) std::ranges::replace(text, ',', ' ');
  const bool half_first = !contains(text, "and") && !contains(text, "/");
  return {whole(size_for(numbers_in(text), half, half_first)), 1};
}

int gpus_of(const Table& table, std::size_t row, const std::string& hardware) {
  if (const auto gpus = table.number(row, "gpus")) return static_cast<int>(*gpus);
  const auto nodes = table.number(row, "nodes");
  return nodes ? static_cast<int>(*nodes) * gpus_per_system(hardware) : 0;
}

}  // namespace

DleQuestion dle_question(const Table& table, std::size_t row) {
  const auto text = [&](const char* column) -> const std::string& { return table.text(row, column); };
  DleQuestion question;
  const auto skip = [&](const std::string& reason) {
    question.skip_reason = reason;
    return question;
  };
  const std::string place = text("hardware") + " " + text("section_path");
  question.stack = stack_of(text("framework"), text("column") + text("row_text"));
  const models::Precision precision = precision_of(text("column"), text("precision"), place);
  const auto model =
      dle_model({.model = text("model"),
                 .framework = text("framework"),
                 .section = text("section_path"),
                 .row_text = text("row_text"),
                 .sequence_length = static_cast<int>(table.number(row, "seq_len").value_or(0))});
  if (!model) return skip("family not modelled: " + text("model"));
  const int gpus = gpus_of(table, row, place);
  if (gpus == 0) return skip("the row lacks its GPUs");
  Batch batch = batch_of(table, row, precision == models::Precision::fp16);
  if (batch.micro == 0) return skip("the row lacks its batch per GPU");
  if (model->units_per_batch > 1)
    batch.micro = std::max(1, static_cast<int>(batch.micro / model->units_per_batch));
  if (model->global_batch) batch.micro = std::max(1, batch.micro / gpus);
  const auto group = dgx_group(place, gpus);
  if (!group) return skip("hardware is not named");
  const auto value = table.number(row, "value");
  if (!value) return skip("not measured");

  const std::string size =
      std::to_string(gpus) + " x " + std::to_string(batch.micro) + " x " + std::to_string(batch.accumulation);
  const std::string precision_text(name_of(precision));
  const std::string system = text("framework") + " " + model->workload.name + " " + group->node.device + " " +
                             precision_text + " " + std::to_string(model->workload.sequence_length) + " " +
                             std::to_string(model->workload.image_size);
  question.row = {
      .system = system + " " + size,
      .choice = {},
      .fold_key = model->workload.name + " " + std::to_string(model->workload.sequence_length) + " " + size,
      .parallelism = {.data = gpus, .micro_batch = batch.micro},
      .global_batch = gpus * batch.micro * batch.accumulation,
      .measured_s = 0,
      .label = system + ": " + size};
  if (model->expert_tables) question.row.parallelism.expert = gpus;
  question.row.measured_s = question.row.global_batch / (*value * model->samples_per_unit);
  question.input = {.workload = model->workload,
                    .precision = precision,
                    .optimizer = model->optimizer,
                    .cluster = {.groups = {*group}}};
  return question;
}

}  // namespace spotmix::accuracy
