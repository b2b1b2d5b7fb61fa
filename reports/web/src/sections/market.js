// Prices and capacity of each pool over time. Whatever is shown is sampled anew from all points at each zoom.
import { chartFigure, redraw } from "../charts/chart.js";
import { namedRowAxis, tooltip, valueAxis } from "../charts/parts.js";
import { tip } from "../charts/tip.js";
import { hasMouse, Zoom, zoomButtons, zoomControls } from "../charts/zoom.js";
import { lastUpTo, sampled } from "../data/sampling.js";
import { element } from "../page/element.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { count, date, decimal, duration, isDated, percent, price } from "../text/units.js";

const kColours = 9;
const kShownAtFirst = 9;
const kStripHeight = 22;
const kPricesHeight = 270;
const kId = "chart-market";

const priceTick = (usd) => `$${usd < 0.1 ? Number(usd.toPrecision(3)) : usd.toFixed(2)}`;
const poolColour = (pool) => `pool-${(pool.index % kColours) + 1}`;
const poolLine = (pool) => ["solid", "dashed", "dotted"][Math.floor(pool.index / kColours) % 3];

/** Prices and capacity weighted by time, within what is known. */
function summary({ at, value, end }) {
  let [sum, some, total, least, most] = [0, 0, 0, Infinity, -Infinity];
  for (let i = 0; i < at.length; ++i) {
    const lasted = (at[i + 1] ?? end) - at[i];
    sum += lasted * value[i];
    some += value[i] > 0 ? lasted : 0;
    total += lasted;
    if (value[i] < least) least = value[i];
    if (value[i] > most) most = value[i];
  }
  return {
    least,
    most,
    mean: total > 0 ? sum / total : value[0],
    available: total > 0 ? some / total : null,
    changes: at.length - 1,
  };
}

function poolTable(pools) {
  const rows = pools.map((pool) => {
    const prices = pool.spot && summary(pool.spot);
    const capacity = pool.capacity && summary(pool.capacity);
    return [
      shown(pool.name),
      prices && price(prices.least),
      prices && price(prices.mean),
      prices && price(prices.most),
      prices && count(prices.changes),
      pool.onDemand && price(pool.onDemand.value[0]),
      capacity && percent(capacity.available),
      capacity && !pool.capacityIsBinary ? decimal(capacity.mean, 1) : null,
    ];
  });
  return dataTable(
    "Prices per hour and capacity of each pool, weighted by time",
    ["Pool", "Least spot price", "Mean", "Most", "Changes", "On demand", "Spot to be had", "Mean capacity"],
    rows,
  );
}

class MarketChart {
  constructor(market, pools) {
    this.pools = pools;
    this.chosen = new Set(pools.slice(0, kShownAtFirst));
    this.dated = isDated(market.begin);
    // Dated times are milliseconds since 1970, as ECharts counts; others are hours since the traces begin.
    this.scale = this.dated ? 1000 : 1 / 3600;
    this.zoom = new Zoom([market.begin * this.scale, market.end * this.scale], () => this.series());
  }

  visible() {
    return this.pools.filter((pool) => this.chosen.has(pool));
  }

  withCapacity() {
    return this.visible().filter(({ capacity }) => capacity);
  }

  height() {
    const strips = this.withCapacity().length;
    return kPricesHeight + (strips > 0 ? 34 + strips * kStripHeight : 0) + 48;
  }

  hasSeveralTypes() {
    return new Set(this.pools.map(({ type }) => type)).size > 1;
  }

  /** Where there is little room: the zone, and the instance type only where they differ. */
  shortName({ zone, type }) {
    return this.hasSeveralTypes() ? `${zone} ${type}` : zone;
  }

  points(series) {
    const [from, to] = this.zoom.shown.map((value) => value / this.scale);
    return sampled(series, from, to, Math.max(200, this.width)).map(([at, value]) => [
      at * this.scale,
      value,
    ]);
  }

  priceSeries() {
    return this.visible().flatMap((pool) => {
      const line = (series, key, style) => ({
        type: "line",
        id: `${key} ${pool.index}`,
        step: "end",
        showSymbol: false,
        data: this.points(series),
        lineStyle: { color: colour(poolColour(pool)), ...style },
        itemStyle: { color: colour(poolColour(pool)) },
        emphasis: { disabled: true },
      });
      return [pool.spot && line(pool.spot, "spot", { width: 1.5, type: poolLine(pool) })].filter(Boolean);
    });
  }

  /** Pools mostly share their on-demand price: one dashed line for each price there is. */
  onDemandSeries() {
    const seen = new Set();
    const distinct = this.visible().filter(({ onDemand }) => {
      const key = onDemand && `${onDemand.at} ${onDemand.value}`;
      return key && !seen.has(key) && seen.add(key);
    });
    return distinct.map((pool) => ({
      type: "line",
      id: `on demand ${pool.index}`,
      step: "end",
      silent: true,
      showSymbol: false,
      data: this.points(pool.onDemand),
      lineStyle: { color: colour("ink"), width: 1, type: [6, 4] },
      endLabel: {
        show: true,
        formatter: () => (distinct.length > 1 ? `${shown(pool.type, 24)} on demand` : "on demand"),
        color: colour("ink"),
        align: "right",
        offset: [-6, -9],
      },
    }));
  }

  capacitySeries() {
    const pools = this.withCapacity();
    if (pools.length === 0) return [];
    const most = Math.max(1, ...pools.map(({ capacity }) => summary(capacity).most));
    const cells = [];
    pools.forEach((pool, row) => {
      const points = this.points(pool.capacity);
      for (let i = 0; i + 1 < points.length; ++i) {
        const previous = cells[cells.length - 1];
        if (previous && previous[2] === row && previous[3] === points[i][1] && previous[1] === points[i][0])
          previous[1] = points[i + 1][0];
        else cells.push([points[i][0], points[i + 1][0], row, points[i][1]]);
      }
    });
    const [full, none] = [colour("capacity"), colour("faint")];
    return [
      {
        type: "custom",
        id: "capacity",
        clip: true,
        xAxisIndex: 1,
        yAxisIndex: 1,
        data: cells,
        encode: { x: [0, 1], y: 2 },
        renderItem: (_, api) => {
          const from = api.coord([api.value(0), api.value(2)]);
          const to = api.coord([api.value(1), api.value(2)]);
          const share = api.value(3) / most;
          const shape = {
            x: from[0],
            y: from[1] - kStripHeight / 2 + 3,
            width: Math.max(0.6, to[0] - from[0] + 0.25),
            height: kStripHeight - 6,
          };
          return {
            type: "rect",
            shape,
            style: share > 0 ? { fill: full, opacity: 0.25 + 0.75 * share } : { fill: none },
          };
        },
      },
    ];
  }

  timeAxis(grid, extra) {
    const [min, max] = this.zoom.full;
    const axis = valueAxis({ gridIndex: grid, min, max, splitLine: { show: false }, ...extra });
    const label = { ...axis.axisLabel, showMinLabel: false, showMaxLabel: false, show: extra.labels };
    if (!this.dated)
      return { ...axis, axisLabel: { ...label, formatter: (h) => `${Number(h.toFixed(2))} h` } };
    return { ...axis, type: "time", axisLabel: label };
  }

  option({ width }) {
    this.width = width;
    const strips = this.withCapacity().length;
    const top = kPricesHeight + 34;
    const names = this.withCapacity().map((pool) => (width > 560 ? pool.name : this.shortName(pool)));
    const left = width > 560 ? 176 : this.hasSeveralTypes() ? 130 : 92;
    const inPlot = width > 560 ? { left, right: 16 } : { left: 52, right: 10 };
    const side = strips > 0 ? { left, right: inPlot.right } : inPlot;
    return {
      useUTC: true,
      grid: [
        { ...side, top: 24, height: kPricesHeight - 24 - 26 },
        { ...side, top, height: Math.max(1, strips * kStripHeight), show: false },
      ],
      xAxis: [this.timeAxis(0, { labels: true }), this.timeAxis(1, { labels: false })],
      yAxis: [
        valueAxis({
          name: "$ per hour",
          nameTextStyle: { color: colour("soft"), align: "right" },
          scale: false,
          axisLabel: { formatter: priceTick },
        }),
        namedRowAxis(names, left - 14, { gridIndex: 1 }),
      ],
      dataZoom: zoomControls([0, 1], this.zoom, { slider: { ...side, bottom: 14 }, mouse: hasMouse() }),
      tooltip: tooltip((items) => this.tip(items), {
        trigger: "axis",
        axisPointer: { animation: false, lineStyle: { color: colour("soft") } },
      }),
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      series: this.series(),
    };
  }

  tip(items) {
    const at = items[0].axisValue;
    const seconds = at / this.scale;
    const title = this.dated ? `${date(seconds)} UTC` : duration(seconds);
    const rows = this.visible().map((pool) => {
      const valueOf = (series) =>
        series && seconds >= series.at[0] && seconds <= series.end
          ? series.value[lastUpTo(series.at, seconds)]
          : null;
      const [spot, capacity] = [valueOf(pool.spot), valueOf(pool.capacity)];
      const had =
        capacity === null
          ? ""
          : pool.capacityIsBinary
            ? capacity > 0
              ? " · to be had"
              : " · none"
            : ` · ${count(capacity)} to be had`;
      return [poolName(pool), `${spot === null ? "–" : price(spot)}${had}`];
    });
    return tip(title, rows);
  }

  series() {
    return [...this.priceSeries(), ...this.onDemandSeries(), ...this.capacitySeries()];
  }

  choose(pool, chosen) {
    if (chosen) this.chosen.add(pool);
    else this.chosen.delete(pool);
    redraw(kId);
  }
}

function poolName(pool) {
  const patch = element("span", {
    class: `patch line ${poolLine(pool)}`,
    style: `border-color: var(--${poolColour(pool)})`,
  });
  return element("span", {}, patch, element("bdi", {}, shown(pool.name, 60)));
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
          onchange: (event) => chart.choose(pool, event.target.checked),
        }),
        poolName(pool),
      ),
    ),
  );
}

export function marketSection(report) {
  if (!report.market) return null;
  const pools = report.market.pools
    .map((pool, index) => ({
      ...pool,
      index,
      zone: report.pools[index].zone,
      type: report.pools[index].instance_type,
    }))
    .filter(({ spot, onDemand, capacity }) => spot || onDemand || capacity);
  if (pools.length === 0 || !(report.market.end > report.market.begin)) return null;
  const chart = new MarketChart(report.market, pools);
  const { begin, end } = report.market;
  const when = chart.dated ? `from ${date(begin)} to ${date(end)} UTC` : `over ${duration(end - begin)}`;
  const capacity = pools.some((pool) => pool.capacity)
    ? " Below, how many spot instances were to be had: the stronger the colour, the more; faint is none."
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
