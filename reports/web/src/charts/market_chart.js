// Prices of pools over time, and below them their capacity: strips that are the stronger the more there is.
import { labelText } from "./labels.js";
import { placeLabels } from "../data/label_places.js";
import { areaOf, namedRowAxis, namesRoom, plotGrid, tooltip, topName, valueAxis } from "./parts.js";
import { tip } from "./tip.js";
import { hasMouse, Zoom, zoomControls } from "./zoom.js";
import { sampled } from "../data/sampling.js";
import { element } from "../page/element.js";
import { shown } from "../page/names.js";
import { colour } from "../page/theme.js";
import { count, date, duration, isDated, price } from "../text/units.js";

const kColours = 9;
const kShownAtFirst = 9;
const kStripHeight = 22;
const kPixelsOfSample = 2;
const kPricesHeight = 270;
const kMostNames = 0.42;

const priceTick = (usd) => `$${usd < 0.1 ? Number(usd.toPrecision(3)) : usd.toFixed(2)}`;
const poolColour = (pool) => `pool-${(pool.index % kColours) + 1}`;
const lastValue = ({ value }) => value[value.length - 1];
const poolLine = (pool) => ["solid", "dashed", "dotted"][Math.floor(pool.index / kColours) % 3];

export class MarketChart {
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
    const drawn = this.zoom.isWhole() ? series : series.whole();
    const samples = Math.max(200, this.width / kPixelsOfSample);
    return sampled(drawn, from, to, samples).map(([at, value]) => [at * this.scale, value]);
  }

  /** As one array of numbers: ECharts takes half the time for it that it takes for an array of each point. */
  numbers(series) {
    return {
      dimensions: ["at", "price"],
      sampling: "minmax",
      data: Float64Array.from(this.points(series).flat()),
    };
  }

  priceSeries() {
    return this.visible().flatMap((pool) => {
      const line = (series, key, style) => ({
        type: "line",
        id: `${key} ${pool.index}`,
        step: "end",
        showSymbol: false,
        ...this.numbers(series),
        lineStyle: { color: colour(poolColour(pool)), ...style },
        itemStyle: { color: colour(poolColour(pool)) },
        emphasis: { disabled: true },
      });
      return [pool.spot && line(pool.spot, "spot", { width: 1.5, type: poolLine(pool) })].filter(Boolean);
    });
  }

  /** Pools mostly share their on-demand price: one dashed line for each price there is. */
  onDemandPools() {
    const seen = new Set();
    return this.visible().filter(({ onDemand }) => {
      const key = onDemand && `${onDemand.at} ${onDemand.value}`;
      return key && !seen.has(key) && seen.add(key);
    });
  }

  onDemandSeries() {
    const distinct = this.onDemandPools();
    const lines = distinct.map((pool) => ({
      type: "line",
      id: `on demand ${pool.index}`,
      step: "end",
      silent: true,
      showSymbol: false,
      ...this.numbers(pool.onDemand),
      lineStyle: { color: colour("ink"), width: 1, type: [6, 4] },
    }));
    return distinct.length > 0 ? [...lines, this.onDemandNames(distinct)] : lines;
  }

  /** At the right end of each line, above or below it; where lines lie close, as many as there is room for. */
  onDemandNames(pools) {
    const text = ({ type }) => (pools.length > 1 ? `${shown(type, 24)} on demand` : "on demand");
    const sides = ({ x, y }, width) =>
      [-19, 3].map((down) => ({ x: x - width - 6, y: y + down, width, height: 16 }));
    return {
      type: "custom",
      id: "names on demand",
      silent: true,
      z: 8,
      data: [[this.zoom.full[0], 0]],
      renderItem: (params, api) => {
        const area = areaOf(params);
        const points = pools.map((pool) => ({
          x: area.x + area.width,
          y: api.coord([this.zoom.full[0], lastValue(pool.onDemand)])[1],
          text: text(pool),
        }));
        const boxes = placeLabels(points, { area, reach: 0, sides });
        return {
          type: "group",
          children: points.map((point, i) => boxes[i] && labelText(point.text, boxes[i])).filter(Boolean),
        };
      },
    };
  }

  capacitySeries() {
    const pools = this.withCapacity();
    if (pools.length === 0) return [];
    const most = Math.max(1, ...pools.map(({ capacity }) => capacity.summary.most));
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
    const left = Math.max(width > 560 ? 64 : 52, strips > 0 ? namesRoom(names, width * kMostNames) : 0);
    const side = { left, right: 20 };
    return {
      useUTC: true,
      grid: [
        plotGrid({ ...side, top: 24, height: kPricesHeight - 24 - 26 }),
        plotGrid({ ...side, top, height: Math.max(1, strips * kStripHeight), show: false }),
      ],
      xAxis: [this.timeAxis(0, { labels: true }), this.timeAxis(1, { labels: false })],
      yAxis: [
        valueAxis({
          name: "$ per hour",
          ...topName(left),
          axisLabel: { formatter: priceTick },
        }),
        namedRowAxis(names, left - 12, { gridIndex: 1 }),
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
      const [spot, capacity] = [pool.spot, pool.capacity].map((series) => series?.valueAt(seconds) ?? null);
      const had =
        capacity === null
          ? ""
          : pool.capacityIsBinary
            ? capacity > 0
              ? " · available"
              : " · none"
            : ` · ${count(capacity)} available`;
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
  }
}

export function poolName(pool) {
  const patch = element("span", {
    class: `patch line ${poolLine(pool)}`,
    style: `border-color: var(--${poolColour(pool)})`,
  });
  return element("span", {}, patch, element("bdi", {}, shown(pool.name, 60)));
}
