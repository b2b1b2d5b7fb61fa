// Prices and capacity of each pool over time. Whatever is shown is sampled anew from all points at each zoom.
import { chartFigure, redraw } from "../charts/chart.js";
import { MarketChart, poolName } from "../charts/market_chart.js";
import { zoomButtons } from "../charts/zoom.js";
import { unpackWhenIdle } from "../data/series.js";
import { element } from "../page/element.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { count, date, decimal, duration, percent, price } from "../text/units.js";

const kId = "chart-market";

function poolTable(pools) {
  const rows = pools.map((pool) => {
    const prices = pool.spot?.summary;
    const capacity = pool.capacity?.summary;
    return [
      shown(pool.name),
      prices && price(prices.least),
      prices && price(prices.mean),
      prices && price(prices.most),
      prices && count(prices.changes),
      pool.onDemand && price(pool.onDemand.value[0]),
      capacity && percent(capacity.positive),
      capacity && !pool.capacityIsBinary ? decimal(capacity.mean, 1) : null,
    ];
  });
  return dataTable(
    "Prices per hour and capacity of each pool, weighted by time",
    ["Pool", "Least spot price", "Mean", "Most", "Changes", "On demand", "Spot available", "Mean capacity"],
    rows,
  );
}

function poolChoice(chart) {
  if (chart.pools.length < 2) return null;
  return element(
    "fieldset",
    { class: "choice" },
    element("legend", {}, "Pools"),
    chart.pools.map((pool) =>
      element(
        "label",
        {},
        element("input", {
          type: "checkbox",
          checked: chart.chosen.has(pool),
          onchange: (event) => {
            chart.choose(pool, event.target.checked);
            redraw(kId);
          },
        }),
        poolName(pool),
      ),
    ),
  );
}

/**
 * Each pool once: several mixes may buy in one, under prices or odds of their own. What is known of it stands first.
 */
function poolsOf(report) {
  const known = new Map();
  report.market.pools.forEach((pool, i) => {
    const { zone, instance_type: type } = report.pools[i];
    const same = known.get(pool.name);
    if (!same) {
      known.set(pool.name, { ...pool, zone, type });
      return;
    }
    same.spot ??= pool.spot;
    same.onDemand ??= pool.onDemand;
    if (same.capacity) return;
    same.capacity = pool.capacity;
    same.capacityIsBinary = pool.capacityIsBinary;
  });
  return [...known.values()]
    .filter(({ spot, onDemand, capacity }) => spot || onDemand || capacity)
    .map((pool, index) => ({ ...pool, index }));
}

export function marketSection(report) {
  if (!report.market) return null;
  const pools = poolsOf(report);
  if (pools.length === 0 || !(report.market.end > report.market.begin)) return null;
  const chart = new MarketChart(report.market, pools);
  unpackWhenIdle(pools.flatMap(({ spot, onDemand, capacity }) => [spot, onDemand, capacity].filter(Boolean)));
  const { begin, end } = report.market;
  const when = chart.dated ? `from ${date(begin)} to ${date(end)} UTC` : `over ${duration(end - begin)}`;
  const capacity = pools.some((pool) => pool.capacity)
    ? " Below, how many spot instances were available: the stronger the colour, the more; faint is none."
    : "";
  return element(
    "section",
    { id: "market" },
    element("h2", {}, "Prices and capacity"),
    chartFigure({
      id: kId,
      lead: `Price of an instance and hour in each pool ${when}.${capacity} Drag the slider, or hold Ctrl and turn the wheel, to zoom.`,
      label: `Prices${capacity ? " and capacity" : ""} of ${pools.length} pools ${when}.`,
      height: () => chart.height(),
      option: (size) => chart.option(size),
      controls: zoomButtons(chart.zoom, "prices and capacity"),
      ready: (drawn) => chart.zoom.follow(drawn),
      key: poolChoice(chart),
      table: poolTable(pools),
    }),
  );
}
