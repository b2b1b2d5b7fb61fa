// Recurrent networks: every time step waits for the one before.
#pragma once

#include <string>

#include "models/workload/workload.h"

namespace spotmix::models {

/// Google's neural machine translation (Wu et al. 2016, arXiv 1609.08144) as MLPerf and NVIDIA train it: 4
/// encoder and 4 decoder layers of 1024, the first encoder layer in both directions, attention, 32,320 words.
/// A sample is a pair of sentences of `sequence_length` tokens each.
Workload gnmt(int sequence_length);

/// A word-level language model of two LSTM layers (Zaremba et al. 2014, arXiv 1409.2329): `hidden` units,
/// tied embedding, `vocabulary` words, unrolled over `sequence_length` tokens.
Workload lstm_language_model(int hidden, int vocabulary, int sequence_length);

/// One LSTM layer over `steps` steps of vectors of `in`.
Layer lstm_layer(const std::string& name, double steps, double in, double hidden);

}  // namespace spotmix::models
