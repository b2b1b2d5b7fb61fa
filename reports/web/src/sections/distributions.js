// How time and cost spread over the replications: a ridge for each mix, all on one scale.
import { chartFigure } from "../charts/chart.js";
import { bottomAxis, limitLine, plotGrid, rowAxis, rowTexts, tooltip } from "../charts/parts.js";
import { tip } from "../charts/tip.js";
import { histogram, quantile } from "../data/statistics.js";
import { element } from "../page/element.js";
import { mixColour, mixName } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { count, decimal, duration, money, moneyTick, timeUnit } from "../text/units.js";

const kRowHeight = 62;
const kBins = 90;

/** [from, to] around all values, with a little room; `limit` is within when it is not far away. */
function boundsOf(rows, limit) {
  const least = Math.min(...rows.map(({ values }) => values[0]));
  let most = Math.max(...rows.map(({ values }) => values[values.length - 1]));
  if (limit !== null && limit > least && limit < most + 1.5 * (most - least || most))
    most = Math.max(most, limit);
  const room = (most - least) * 0.03 || Math.abs(most) * 0.1 || 1;
  return [Math.max(0, least - room), most + room];
}

function ridge(rows, [from, to], scale) {
  return {
    type: "custom",
    clip: true,
    data: rows.map((_, i) => [from / scale, i]),
    renderItem: ({ dataIndex }, api) => {
      const { mix, values } = rows[dataIndex];
      const counts = histogram(values, from, to, kBins);
      const highest = Math.max(...counts);
      const base = api.coord([from / scale, dataIndex])[1] + kRowHeight / 2 - 8;
      const tall = kRowHeight - 30;
      const x = (value) => api.coord([value / scale, dataIndex])[0];
      const points = [[x(from), base]];
      counts.forEach((n, bin) => {
        const y = base - (n / highest) * tall;
        points.push(
          [x(from + ((to - from) * bin) / kBins), y],
          [x(from + ((to - from) * (bin + 1)) / kBins), y],
        );
      });
      points.push([x(to), base]);
      const fill = mixColour(mix);
      const tick = (q, height, width) => {
        const at = Math.round(x(quantile(values, q)));
        return {
          type: "line",
          shape: { x1: at, x2: at, y1: base, y2: base + height },
          style: { stroke: colour("ink"), lineWidth: width },
        };
      };
      return {
        type: "group",
        children: [
          { type: "polygon", shape: { points }, style: { fill, opacity: 0.85 } },
          {
            type: "line",
            shape: { x1: x(from), x2: x(to), y1: base, y2: base },
            style: { stroke: colour("rule"), lineWidth: 1 },
          },
          {
            type: "line",
            shape: {
              x1: x(quantile(values, 0.05)),
              x2: x(quantile(values, 0.95)),
              y1: base + 3,
              y2: base + 3,
            },
            style: { stroke: colour("ink"), lineWidth: 1 },
          },
          tick(0.5, 6, 2),
        ],
      };
    },
  };
}

function rangeText(values, { text, short }) {
  const [low, high] = [0.05, 0.95].map((q) => quantile(values, q));
  return text(low) === text(high) ? `always ${text(low)}` : short(low, high);
}

function option(rows, describe, { width }) {
  const { limit, limitText, text, axisName, axisText, scale } = describe;
  const bounds = boundsOf(rows, limit);
  const [from, to] = bounds.map((value) => value / scale);
  const shownLimit = limit !== null && limit >= bounds[0] && limit <= bounds[1];
  return {
    grid: plotGrid({ left: 6, right: 6, top: 18, bottom: 46 }),
    xAxis: bottomAxis(axisName, {
      splitLine: { show: false },
      axisTick: { show: true, lineStyle: { color: colour("rule") } },
      min: from,
      max: to,
      axisLabel: { formatter: axisText, showMinLabel: false, showMaxLabel: false },
    }),
    yAxis: rowAxis(rows.length),
    tooltip: tooltip(({ dataIndex }) => {
      const { mix, values } = rows[dataIndex];
      return tip(mixName(mix, 80), [
        ["5 %", text(quantile(values, 0.05))],
        ["Median", text(quantile(values, 0.5))],
        ["95 %", text(quantile(values, 0.95))],
        ["Replications", count(values.length)],
      ]);
    }),
    series: [
      {
        ...ridge(rows, bounds, scale),
        markLine: shownLimit ? limitLine({ xAxis: limit / scale }, limitText, true) : undefined,
      },
      ...rowTexts({
        names: rows.map(({ mix }) => mix.name),
        texts: rows.map(({ values }) => rangeText(values, describe)),
        min: from,
        max: to,
        width,
        above: kRowHeight / 2 - 8,
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
    height: 18 + 46 + kRowHeight * rows.length,
    option: (size) => option(rows, describe, size),
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
    report.mixes.filter((mix) => mix[key]?.length > 0).map((mix) => ({ mix, values: mix[key] }));
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
          short: (low, high) => `${money(low)} – ${money(high)}`,
          axisName: "Cost of a replication",
          axisText: moneyTick,
          scale: 1,
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
            short: (low, high) =>
              `${[low, high].map((seconds) => decimal(seconds / unit.seconds)).join(" – ")} ${unit.short}`,
            axisName: `Time to train, ${unit.name}`,
            axisText: (x) => String(Number(x.toFixed(2))),
            scale: unit.seconds,
          },
        }),
    ),
  );
}
