// Writing down a convolutional network one layer after the other.
#pragma once

#include <string>

#include "models/workload/layers.h"

namespace spotmix::models {

inline constexpr int kImageNetClasses = 1000;

/// A chain of layers that knows the image it has come to.
class ImageChain {
 public:
  ImageChain(Workload& workload, Image image) : workload_(workload), image_(image) {}

  Image image() const { return image_; }
  void set_image(Image image) { image_ = image; }

  void convolve(const std::string& name, const Convolution& convolution) {
    image_ = convolve_beside(name, image_, convolution);
  }

  /// A convolution beside the chain, such as a projected shortcut from `in`; returns what it makes.
  Image convolve_beside(const std::string& name, Image in, const Convolution& convolution) {
    workload_.layers.push_back(convolution_layer(name, in, convolution, workload_.layers.empty()));
    return output_of(in, convolution);
  }

  void pool(const std::string& name, int out_size) {
    workload_.layers.push_back(pooling_layer(name, image_, out_size));
    image_.size = out_size;
  }

  void connect(const std::string& name, int out, bool activation) {
    workload_.layers.push_back(linear_layer(name, 1, image_.elements(), out, activation));
    image_ = {1, out};
  }

  void add(Layer layer) { workload_.layers.push_back(std::move(layer)); }

  /// A fully connected layer to `classes` and the loss.
  void classify(int classes = kImageNetClasses) {
    connect("classifier", classes, false);
    workload_.layers.back().kind = LayerKind::head;
    add_memory_work(workload_.layers.back(), loss_work(1, classes));
  }

 private:
  Workload& workload_;
  Image image_;
};

/// An empty workload for square colour images of `size` pixels.
inline Workload image_workload(const std::string& name, int size, const std::string& source) {
  return {.name = name,
          .family = "convolution",
          .sample_name = "image",
          .image_size = size,
          .input_bytes = 3.0 * size * size,
          .source = source};
}

}  // namespace spotmix::models
