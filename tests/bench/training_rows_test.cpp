#include "bench/accuracy/training_rows.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "bench/accuracy/dle_rows.h"
#include "bench/accuracy/registry.h"
#include "tests/scratch.h"

using namespace spotmix;
using namespace spotmix::accuracy;

namespace {

DleQuestion dle(const std::string& line) {
  return dle_question(Table("framework,model,hardware,section_path,nodes,gpus,precision,batch_per_gpu,"
                            "seq_len,column,value,row_text\n" +
                                line + "\n",
                            "c.csv"),
                      0);
}

/// A folder with one table, gone at the end.
class Folder {
 public:
  Folder(const std::string& table, const std::string& text) { scratch_.write(table + ".csv", text); }
  DataDirectory data() const { return DataDirectory(scratch_.path()); }

 private:
  spotmix::tests::Scratch scratch_;
};

}  // namespace

TEST_CASE("numbers are found in cells however they are written") {
  CHECK(numbers_in("60 , 32") == std::vector<double>{60, 32});
  CHECK(numbers_in("131,072") == std::vector<double>{131072});
  CHECK(numbers_in("8,8") == std::vector<double>{8, 8});
  CHECK(numbers_in("1,048,576") == std::vector<double>{1048576});
  CHECK(numbers_in("8192 and 4096") == std::vector<double>{8192, 4096});
  CHECK(numbers_in("128 (FP32) / 256 (AMP)") == std::vector<double>{128, 32, 256});
  CHECK(numbers_in("64k") == std::vector<double>{65536});
  CHECK(numbers_in("none").empty());
}

TEST_CASE("a DGX is known by its name and its GPUs' memory") {
  CHECK(dgx_group("NVIDIA DGX-1 (8x V100 16GB)", 8)->node.device == "V100-SXM2-16GB");
  CHECK(dgx_group("NVIDIA DGX-1 (8x V100 32G)", 8)->node.device == "V100-SXM2-32GB");
  CHECK(dgx_group("NVIDIA DGX A100 (8x A100 80GB)", 64)->instances == 8);
  CHECK(dgx_group("DGX-2H 32G", 16)->node.devices == 16);
  CHECK_FALSE(dgx_group("a workstation", 1));
}

TEST_CASE("Of two batch sizes the one of the row's precision is asked with its accumulation") {
  const std::string pytorch =
      "PyTorch,LanguageModeling/BERT,DGX-1 (8x V100 32G),Pre-training,,8,FP32,4096 and 4096,128,";
  const DleQuestion single =
      dle(pytorch + "Throughput - FP32(sequences/sec),387,8 | 4096 and 4096 | 128 and 64 | 128 | 387 | 1746");
  CHECK(single.row.parallelism.micro_batch == 32);
  CHECK(single.row.global_batch == 8 * 4096);
  const DleQuestion mixed =
      dle(pytorch + "Throughput - mixed precision,1746,8 | 4096 and 4096 | 128 and 64 | 128 | 387 | 1746");
  CHECK(mixed.row.parallelism.micro_batch == 64);
  CHECK(mixed.input.precision == models::Precision::fp16);
  CHECK(mixed.row.measured_s == Approx(8 * 4096 / 1746.0));
}

TEST_CASE("GPUs written as nodes of a system are counted and TensorFlow names mixed precision first") {
  const DleQuestion question = dle(
      "TensorFlow2,LanguageModeling/BERT,Multi-node on NVIDIA DGX-2H V100 (16x V100 32GB),Pre-training,4,,"
      "mixed/FP16,\"60 , 32\",128,Throughput - mixed precision,13370,"
      "\"4 | 128 | 60 , 32 | 16 , 32 | 61440 , 65536 | 13370 | 3060\"");
  CHECK(question.skip_reason.empty());
  CHECK(question.row.parallelism.data == 64);
  CHECK(question.row.parallelism.micro_batch == 60);
  CHECK(question.row.global_batch == 64 * 60 * 16);
}

TEST_CASE("a row is skipped for what it lacks or for a family that is not modelled") {
  CHECK(
      dle("PyTorch,Forecasting/TFT,DGX-1 V100 16GB,x,,1,FP32,1024,,FP32,5932,1 | 1024 | 5932").skip_reason ==
      "family not modelled: Forecasting/TFT");
  CHECK(dle("MxNet,Classification/RN50v1.5,DGX-1 V100 16GB,x,,1,FP32,,,FP32,384,1 | 384").skip_reason ==
        "the row lacks its batch per GPU");
}

TEST_CASE("The cost of a DAWNBench run is its hours times its price and the order of runs is judged") {
  const Folder folder(
      "a_dawnbench_time_cost",
      "task,entry,instance,n_instances,model,epochs_to_target,minutes_to_target,cost_per_hour_usd,"
      "cost_to_target_usd,batch_size,image_sizes\n"
      "ImageNet,one,p3.16xlarge,1,Resnet 50,1,20,24.48,8.16,128,\n"
      "ImageNet,eight,p3.16xlarge,8,Resnet 50,1,4,195.84,13.06,8192,\n"
      "CIFAR10,other,p3.2xlarge,1,Resnet 18,1,4,3,1,128,\n");
  std::ofstream(folder.data().path() / "a_dawnbench_epoch_curves.csv")
      << "task,entry,epoch,hours\nImageNet,one,0,0.1\nImageNet,one,1,0.2\nImageNet,eight,0,0.03\n"
         "ImageNet,eight,1,0.06\n";
  const std::vector<Score> scores = score_dawnbench(folder.data(), Fit::shipped);
  REQUIRE(scores.size() == 3);
  CHECK(scores[0].subset == "p3.16xlarge ImageNet minutes");
  CHECK(scores[1].subset == "p3.16xlarge ImageNet dollars");
  REQUIRE(scores[0].scored == 2);
  CHECK(scores[0].order_correct == true);
  CHECK(scores[1].details[0].predicted == Approx(scores[0].details[0].predicted / 60 * 24.48));
}

TEST_CASE("An MLPerf row needs its accelerators and batch and epochs") {
  const std::string header =
      "round,system,benchmark,nodes,accelerators,accelerator,host_network,global_batch_size,"
      "mean_epochs_or_samples_at_stop,minutes_olympic_mean,division,duplicate_of_round\n";
  const Folder folder("b_mlperf_training",
                      header +
                          "v1.0,dgxa100,resnet,1,8,NVIDIA A100-SXM4-80GB (400W),,3264,35,28.8,closed,\n"
                          "v1.1,dgxa100,resnet,1,8,NVIDIA A100-SXM4-80GB (400W),,3264,35,28.8,closed,v1.0\n"
                          "v0.5,dgx1,resnet,1,8,V100-SXM2,,,,134.6,,\n"
                          "v1.0,pod,bert,1,16,Graphcore IPU GC200,,3072,2714141,34.5,closed,\n"
                          "v0.6,dgx1,ssd,1,8,V100-SXM2,,,,20,closed,\n");
  const std::vector<Score> scores = score_mlperf(folder.data(), Fit::shipped);
  REQUIRE(scores.size() == 2);
  CHECK(scores[0].subset == "ResNet BERT on NVIDIA");
  CHECK(scores[0].scored == 1);
  CHECK(scores[0].skipped.at("the row lacks its global batch") == 1);
  CHECK(scores[0].skipped.at("the same measurement as in an earlier round") == 1);
  CHECK(scores[1].rows == 2);
}
