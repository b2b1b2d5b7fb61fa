// Prices and capacity over time as the page takes them. For the .cpp files of this folder.
#pragma once

#include <nlohmann/json.hpp>

#include "reports/results/market_history.h"

namespace spotmix::reports {

/// Times are seconds since the epoch of the market's traces, prices are US dollars per hour. `history` is all
/// that the page needs to be drawn: of a series that is longer than a screen is wide an overview, with the
/// number that the series has in the list `series`, which the page reads when somebody zooms.
struct MarketData {
  nlohmann::ordered_json history;
  nlohmann::ordered_json series;
};

MarketData market_data(const MarketHistory& market);

}  // namespace spotmix::reports
