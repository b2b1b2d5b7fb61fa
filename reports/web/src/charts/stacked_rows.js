// A row for each mix, named above it, of parts that add up: cost by cause, time of a step. Mixes whose parts are
// the same are one row; where a few rows would dwarf the others, the axis leaves out what lies between.
import { tip } from "./tip.js";
import { bottomAxis, plotGrid, roomForLastLabel, rowAxis, rowTexts, tooltip } from "./parts.js";
import { alikeName, alikeSuffix, foldAlike } from "../data/alike.js";
import { breaksOf } from "../data/scale.js";
import { element } from "../page/element.js";
import { strengthOfAny } from "../page/highlight.js";
import { mixName } from "../page/mix_style.js";
import { colour } from "../page/theme.js";

const kRowHeight = 50;
const kBelow = 46;
const kMostNamed = 12;

export const stackedRowsHeight = (rows) => 8 + kBelow + kRowHeight * rows.length;

const total = ({ parts }) => parts.reduce((sum, part) => sum + (part ?? 0), 0);

/** `rows` are {mix, parts, text, limit?}: those alike become one, with their `mixes`. */
export const foldedRows = (rows) =>
  foldAlike(rows, ({ parts, text, limit }) => JSON.stringify([parts, text, limit ?? null]));

/** "Mean cost, without $140 to $5,180": what is left out must not be overlooked. */
const brokenName = (name, breaks, tick) =>
  [name, ...breaks.map(([from, to], i) => `${i === 0 ? "without " : ""}${tick(from)} to ${tick(to)}`)].join(
    ", ",
  );

/**
 * `rows` are {mixes, parts, text, limit}, where `text` stands in place of the sum if there is room and `limit` is
 * where a line is drawn that the parts are held against; `kinds` are {name, colour}, one for each part; `format`
 * makes texts of values and `tick` those of the axis; values are divided by `scale`; `all` mixes there are.
 */
export function stackedRows({ rows, kinds, format, tick, axisName, all, scale = 1 }, { width }) {
  const end = (row) => Math.max(total(row), row.limit ?? 0) / scale;
  const most = Math.max(...rows.map(end)) || 1;
  const breaks = breaksOf(rows.map(end));
  const opacity = (i) => strengthOfAny(rows[i].mixes);
  const right = roomForLastLabel([tick(Number(most.toPrecision(2)))]);
  return {
    grid: plotGrid({ left: 6, right, top: 8, bottom: kBelow }),
    xAxis: bottomAxis(brokenName(axisName, breaks, tick), {
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: colour("rule") } },
      axisTick: { show: true, lineStyle: { color: colour("rule") } },
      min: 0,
      max: most * 1.0001,
      breaks: breaks.map(([start, stop]) => ({ start, end: stop, gap: "4%" })),
      breakArea: {
        expandOnClick: false,
        zigzagAmplitude: 3,
        zigzagZ: 6,
        itemStyle: { color: colour("paper"), borderColor: colour("soft"), opacity: 1 },
      },
      axisLabel: { formatter: tick, showMaxLabel: false, alignMinLabel: "left" },
    }),
    yAxis: rowAxis(rows.length),
    tooltip: tooltip((items) => rowTip(rows[items[0].dataIndex], kinds, format), {
      trigger: "axis",
      axisPointer: { type: "none" },
    }),
    series: [
      ...(rows.some(({ limit }) => limit) ? [limits(rows, scale, opacity)] : []),
      ...kinds.map((kind, i) => ({
        type: "bar",
        stack: "parts",
        barWidth: 16,
        emphasis: { disabled: true },
        itemStyle: { color: colour(kind.colour), borderColor: colour("paper"), borderWidth: 0.75 },
        data: rows.map(({ parts }, row) => ({
          value: (parts[i] ?? 0) / scale,
          itemStyle: { opacity: opacity(row) },
        })),
      })),
      ...rowTexts({
        names: rows.map((row) => (alikeSuffix(row, all) ? row.mixes[0].label : alikeName(row, all))),
        suffixes: rows.map((row) => alikeSuffix(row, all)),
        texts: rows.map((row) => (width > 420 && row.text) || format(total(row))),
        min: 0,
        max: most,
        width,
        above: 17,
        right,
        opacity,
      }),
    ],
  };
}

/** A frame from nothing to the limit of each row, and a line at it. */
function limits(rows, scale, opacity) {
  return {
    type: "custom",
    id: "limits",
    silent: true,
    z: 3,
    data: rows.map(({ limit }, i) => [(limit ?? 0) / scale, i]),
    renderItem: ({ dataIndex }, api) => {
      if (!rows[dataIndex].limit) return null;
      const [from, y] = api.coord([0, dataIndex]);
      const [to] = api.coord([api.value(0), dataIndex]);
      const faint = opacity(dataIndex);
      return {
        type: "group",
        children: [
          {
            type: "rect",
            shape: { x: from, y: y - 8, width: to - from, height: 16 },
            style: { fill: "none", stroke: colour("soft"), lineWidth: 1, opacity: faint },
          },
          {
            type: "line",
            shape: { x1: to, x2: to, y1: y - 11, y2: y + 11 },
            style: { stroke: colour("ink"), lineWidth: 2, opacity: faint },
          },
        ],
      };
    },
  };
}

function rowTip(row, kinds, format) {
  const named = kinds.map((kind, i) => [kindName(kind), row.parts[i]]).filter(([, value]) => value > 0);
  const more = row.mixes.length - kMostNamed;
  const names = [
    row.mixes.slice(0, kMostNamed).map((mix) => element("div", {}, mixName(mix))),
    more > 0 ? element("div", {}, `and ${more} more`) : null,
  ];
  return tip(names, [
    ...named.map(([name, value]) => [name, format(value)]),
    ["Sum", format(total(row))],
    ...(row.limit ? [["Limit", format(row.limit)]] : []),
  ]);
}

function kindName(kind) {
  return element(
    "span",
    {},
    element("span", { class: "patch", style: `background: var(--${kind.colour})` }),
    kind.name,
  );
}

/** The key of the kinds that occur in some row. */
export function kindKey(kinds, rows) {
  const used = kinds.filter((_, i) => !rows || rows.some(({ parts }) => parts[i] > 0));
  return element(
    "ul",
    { class: "key" },
    used.map((kind) => element("li", {}, kindName(kind))),
  );
}
