// Prices and capacity over time as the page takes them. For the .cpp files of this folder.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "reports/results/market_history.h"

namespace spotmix::reports {

/// All that the page needs to draw the market. Times are seconds since the epoch of the market's traces,
/// prices are US dollars per hour. A series longer than a screen is wide becomes an overview; the whole of it
/// is added to the list `series`, which the page reads on the first zoom, and the overview holds its index
/// there.
nlohmann::ordered_json market_json(const MarketHistory& market, nlohmann::ordered_json& series);

}  // namespace spotmix::reports
