// How time and cost spread over the replications: a ridge for each mix, all on one scale; and what the spread is of.
import { chartFigure } from "../charts/chart.js";
import {
  kBelowAxis,
  limitLine,
  plotGrid,
  roomForLastLabel,
  rowAxis,
  rowTexts,
  tooltip,
} from "../charts/parts.js";
import { scaledAxis } from "../charts/scaled_axis.js";
import { tip } from "../charts/tip.js";
import { scaleOf } from "../data/scale.js";
import { histogram, quantile } from "../data/statistics.js";
import { element } from "../page/element.js";
import { strength } from "../page/highlight.js";
import { mixColour, mixName } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { count, duration, durationRange, money, moneyRange, moneyTick, timeUnit } from "../text/units.js";
import { spreadParts } from "./spread_parts.js";

const kRowHeight = 62;
const kBins = 90;
const kAbove = 20;
const kAboveWithLimit = 42;
const kBelow = 46;

/** The axis around all values; `limit` is within when it is not far away. */
function scaleAround(rows, limit, unit) {
  const ends = rows.flatMap(({ values }) => [values[0], values[values.length - 1]]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const close = limit !== null && limit > least && limit < most + 1.5 * (most - least || most);
  const medians = rows.map(({ values }) => quantile(values, 0.5));
  return scaleOf(close ? [...ends, limit] : ends, { judged: medians, room: [0.03, 0.03], unit });
}

function ridge(rows, scale) {
  return {
    type: "custom",
    id: "ridges",
    clip: true,
    data: rows.map((_, i) => [scale.min, i]),
    renderItem: ({ dataIndex }, api) => {
      const { mix, values } = rows[dataIndex];
      const opacity = strength(mix);
      const counts = histogram(
        values.map((value) => scale.place(value)),
        scale.min,
        scale.max,
        kBins,
      );
      const highest = Math.max(...counts);
      const base = api.coord([scale.min, dataIndex])[1] + kRowHeight / 2 - 8;
      const tall = kRowHeight - 30;
      const at = (place) => api.coord([place, dataIndex])[0];
      const edge = (bin) => at(scale.min + ((scale.max - scale.min) * bin) / kBins);
      const points = [[at(scale.min), base]];
      counts.forEach((n, bin) => {
        const y = base - (n / highest) * tall;
        points.push([edge(bin), y], [edge(bin + 1), y]);
      });
      points.push([at(scale.max), base]);
      const [low, middle, high] = [0.05, 0.5, 0.95].map((q) => at(scale.place(quantile(values, q))));
      const line = (x1, x2, y1, y2, style) => ({
        type: "line",
        shape: { x1, x2, y1, y2 },
        style: { stroke: colour("ink"), lineWidth: 1, opacity, ...style },
      });
      const tick = Math.round(middle);
      return {
        type: "group",
        children: [
          { type: "polygon", shape: { points }, style: { fill: mixColour(mix), opacity: 0.85 * opacity } },
          line(at(scale.min), at(scale.max), base, base, { stroke: colour("rule"), opacity: 1 }),
          line(low, high, base + 3, base + 3),
          line(tick, tick, base, base + 6, { lineWidth: 2 }),
        ],
      };
    },
  };
}

const aboveOf = ({ limit }) => (limit === null ? kAbove : kAboveWithLimit);

function rangeOf(values, { text, range }) {
  const [least, most] = [values[0], values[values.length - 1]];
  return least === most ? `always ${text(least)}` : range(quantile(values, 0.05), quantile(values, 0.95));
}

function option(rows, describe, { width }) {
  const { limit, limitText, text, axisName, axisText, unit } = describe;
  const scale = scaleAround(rows, limit, unit);
  const shownLimit = limit !== null && limit >= scale.from && limit <= scale.to;
  const place = shownLimit ? scale.place(limit) : 0;
  const right = roomForLastLabel([axisText(Number((scale.to / unit).toPrecision(2)))]);
  return {
    grid: plotGrid({ left: 6, right, top: aboveOf(describe), bottom: kBelow }),
    xAxis: scaledAxis(scale, {
      ...kBelowAxis,
      name: axisName,
      tick: axisText,
      most: width > 560 ? 8 : 5,
      splitLine: { show: false },
      axisTick: { show: true, lineStyle: { color: colour("rule") } },
    }),
    yAxis: rowAxis(rows.length),
    tooltip: tooltip(({ dataIndex }) => {
      const { mix, values } = rows[dataIndex];
      return tip(mixName(mix, 80), [
        ["5 %", text(quantile(values, 0.05))],
        ["Median", text(quantile(values, 0.5))],
        ["95 %", text(quantile(values, 0.95))],
        ["Most", text(values[values.length - 1])],
        ["Replications", count(values.length)],
      ]);
    }),
    series: [
      {
        ...ridge(rows, scale),
        markLine: shownLimit
          ? limitLine({ xAxis: place }, limitText, {
              share: (place - scale.min) / (scale.max - scale.min),
              inverse: true,
            })
          : undefined,
      },
      ...rowTexts({
        names: rows.map(({ mix }) => mix.label),
        texts: rows.map(({ values }) => rangeOf(values, describe)),
        min: scale.min,
        max: scale.max,
        width,
        above: kRowHeight / 2 - 8,
        right,
        opacity: (i) => strength(rows[i].mix),
      }),
    ],
  };
}

function figure({ id, title, rows, what, describe }) {
  const quantiles = [0, 0.05, 0.25, 0.5, 0.75, 0.95, 1];
  return chartFigure({
    id,
    title,
    label: `${title} of ${rows.length} mixes. ${rows.map(({ mix, values }) => `${shown(mix.name, 40)}: median ${describe.text(quantile(values, 0.5))}`).join("; ")}.`,
    height: aboveOf(describe) + kBelow + kRowHeight * rows.length,
    option: (size) => option(rows, describe, size),
    mixesAt: ({ seriesId, dataIndex }) => (seriesId === "ridges" ? [rows[dataIndex].mix] : null),
    table: dataTable(
      `Quantiles of ${what} by mix`,
      ["Mix", "Least", "5 %", "25 %", "Median", "75 %", "95 %", "Most", "Replications"],
      rows.map(({ mix, values }) => [
        shown(mix.name),
        ...quantiles.map((q) => describe.text(quantile(values, q))),
        count(values.length),
      ]),
    ),
  });
}

export function distributionsSection(report) {
  const rowsOf = (key) =>
    report.ranked.filter((mix) => mix[key]?.length > 0).map((mix) => ({ mix, values: mix[key] }));
  const times = rowsOf("times");
  const costs = rowsOf("costs");
  if (costs.length === 0) return null;
  const longest = Math.max(0, ...times.map(({ values }) => values[values.length - 1]));
  const unit = timeUnit(longest);
  return element(
    "section",
    { id: "distributions" },
    element("h2", {}, "Spread"),
    element(
      "p",
      { class: "lead" },
      "How many replications came to which cost and time. The line below each ridge reaches from the 5th to the 95th percentile, its tick is the median; each ridge has its own height.",
    ),
    element(
      "div",
      { class: "pair" },
      figure({
        id: "chart-costs",
        title: "Cost",
        what: "cost",
        rows: costs,
        describe: {
          limit: report.budget,
          limitText: "budget",
          text: money,
          range: moneyRange,
          axisName: "Cost of a replication",
          axisText: moneyTick,
          unit: 1,
        },
      }),
      times.length > 0 &&
        figure({
          id: "chart-times",
          title: "Time to train",
          what: "time to train, of the replications that finished",
          rows: times,
          describe: {
            limit: report.deadline,
            limitText: "deadline",
            text: duration,
            range: durationRange,
            axisName: `Time to train, ${unit.name}`,
            axisText: (x) => String(Number(x.toFixed(2))),
            unit: unit.seconds,
          },
        }),
    ),
    spreadParts(report),
  );
}
