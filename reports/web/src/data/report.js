// The report's data as the page's parts use them. Times are seconds, money is US dollars.
import { columnReader } from "./columns.js";

function jsonOf(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

function series(described, read) {
  if (!described) return null;
  return { at: read(described.at), value: read(described.value), end: described.end };
}

function marketOf(market, pools, read) {
  if (!market) return null;
  return {
    begin: market.begin,
    end: market.end,
    pools: market.pools.map((pool, i) => ({
      name: `${pools[i].instance_type} ${pools[i].zone}`,
      spot: series(pool.spot, read),
      onDemand: series(pool.on_demand, read),
      capacity: series(pool.capacity, read),
      capacityIsBinary: pool.capacity_is_binary,
    })),
  };
}

function table(described, read) {
  return Object.fromEntries(Object.entries(described).map(([name, column]) => [name, read(column)]));
}

/** Cost, time and step of each mix, as in the result JSON, with its number and its replications. */
function mixesOf(result, data, read) {
  return result.mixes.map((mix, index) => {
    const kept = data.replications[index];
    return {
      ...mix,
      index,
      times: kept ? read(kept.time_to_train_s) : null,
      costs: kept ? read(kept.cost_usd) : null,
    };
  });
}

export function readReport() {
  const result = jsonOf("result");
  const data = jsonOf("data");
  const read = columnReader(document.getElementById("columns").textContent, data);
  return {
    scenario: result.scenario,
    description: result.description,
    version: result.spotmix_version,
    seed: result.seed,
    replications: result.replications,
    deadline: result.deadline_s,
    budget: result.budget_usd,
    mixes: mixesOf(result, data, read),
    verdict: data.verdict,
    thresholds: data.thresholds,
    pools: data.pools,
    market: marketOf(data.market, data.pools, read),
    replays: data.replays.map((replay) => ({
      ...replay,
      instances: table(replay.instances, read),
      spans: table(replay.spans, read),
      marks: table(replay.marks, read),
    })),
    names: data.names,
    sources: data.sources ?? null,
    reproduction: data.reproduction,
  };
}
