// The report's data as the page's parts use them. Times are seconds, money is US dollars.
import { columnOf } from "./columns.js";
import { rank } from "./ranking.js";
import { Series } from "./series.js";

function jsonOf(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

const series = (described) => (described ? new Series(described) : null);

function marketOf(market, pools) {
  if (!market) return null;
  return {
    begin: market.begin,
    end: market.end,
    pools: market.pools.map((pool, i) => ({
      name: `${pools[i].instance_type} ${pools[i].zone}`,
      spot: series(pool.spot),
      onDemand: series(pool.on_demand),
      capacity: series(pool.capacity),
      capacityIsBinary: pool.capacity_is_binary,
    })),
  };
}

const table = (described) =>
  Object.fromEntries(Object.entries(described).map(([name, column]) => [name, columnOf(column)]));

/**
 * Cost, time and step of each mix, as in the result JSON, with its number and its replications: in ascending order
 * the times of those that finished and the costs of all.
 */
function mixesOf(result, data) {
  return result.mixes.map((mix, index) => {
    const kept = data.replications[index];
    return {
      ...mix,
      index,
      count: kept?.count ?? 0,
      times: kept ? columnOf(kept.times_s) : null,
      costs: kept ? columnOf(kept.costs_usd) : null,
    };
  });
}

export function readReport() {
  const result = jsonOf("result");
  const data = jsonOf("data");
  const mixes = mixesOf(result, data);
  return {
    scenario: result.scenario,
    description: result.description,
    settings: result.settings ?? [],
    version: result.spotmix_version,
    seed: result.seed,
    replications: result.replications,
    deadline: result.deadline_s,
    budget: result.budget_usd,
    mixes, // as the scenario lists them, which is how they are numbered
    ranked: rank(mixes, data.verdict),
    verdict: data.verdict,
    waterfall: data.waterfall ?? null,
    warnings: result.warnings ?? [],
    thresholds: data.thresholds,
    figures: data.figures,
    pools: data.pools,
    market: marketOf(data.market, data.pools),
    replays: data.replays.map((replay) => ({
      ...replay,
      instances: table(replay.instances),
      spans: table(replay.spans),
      marks: table(replay.marks),
    })),
    names: data.names,
    sources: data.sources ?? null,
    reproduction: data.reproduction,
  };
}
