// If the deadline were another: the odds of making it with each mix, and the least it would cost.
import { chartFigure } from "../charts/chart.js";
import { labelText } from "../charts/labels.js";
import {
  areaOf,
  kBelowAxis,
  labelRoom,
  limitLine,
  plotGrid,
  tooltip,
  topName,
  valueAxis,
} from "../charts/parts.js";
import { scaledAxis } from "../charts/scaled_axis.js";
import { tip } from "../charts/tip.js";
import { kLabelHeight, placeLabels } from "../data/label_places.js";
import { scaleOf } from "../data/scale.js";
import { quantile, reachedBy, shareUpTo } from "../data/statistics.js";
import { element } from "../page/element.js";
import { strength } from "../page/highlight.js";
import { mixColour, mixKey, mixLine, mixName } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { fitted, widthOf } from "../text/measure.js";
import { duration, money, moneyTick, percent, timeUnit } from "../text/units.js";

const kPoints = 240;
const kMostInTip = 12;
const kNamesRoom = 0.34;

/** The deadlines that are drawn: from a little before the fastest to a little after the slowest replication. */
function deadlinesOf(rows, deadline) {
  const ends = rows.flatMap(({ times }) => [times[0], times[times.length - 1]]);
  const most = Math.max(...ends);
  const longest = Math.max(most, deadline !== null && deadline < 2.5 * most ? deadline : 0);
  const unit = timeUnit(longest);
  const scale = scaleOf(deadline !== null && deadline <= longest ? [...ends, deadline] : ends, {
    judged: rows.map(({ times }) => quantile(times, 0.5)),
    room: [0.05, 0.05],
    unit: unit.seconds,
  });
  return { scale, unit };
}

function timeAxis({ scale, unit }, width) {
  return scaledAxis(scale, {
    ...kBelowAxis,
    name: `Deadline, ${unit.name}`,
    tick: (x) => String(Number(x.toFixed(2))),
    most: width > 560 ? 9 : 5,
    splitLine: { show: false },
  });
}

function deadlineLine(report, scale) {
  const { deadline } = report;
  if (deadline === null || deadline > scale.to || deadline < scale.from) return undefined;
  const place = scale.place(deadline);
  return limitLine({ xAxis: place }, `deadline ${duration(deadline)}`, {
    share: (place - scale.min) / (scale.max - scale.min),
  });
}

/** The share done by each deadline: at every jump where there are few, at even steps where there are many. */
function curve({ times, count }, scale) {
  const steps = times.length <= kPoints ? times.length : kPoints;
  const points = new Float64Array(2 * (steps + 2));
  const set = (i, time, share) => points.set([scale.place(time), share], 2 * i);
  set(0, scale.from, shareUpTo(times, count, scale.from));
  for (let i = 1; i <= steps; ++i) {
    const time = steps === times.length ? times[i - 1] : quantile(times, i / steps);
    set(i, time, steps === times.length ? i / count : shareUpTo(times, count, time));
  }
  set(steps + 1, scale.to, shareUpTo(times, count, scale.to));
  return points;
}

function oddsTip(rows, limit) {
  const odds = rows
    .map((row) => [row, shareUpTo(row.times, row.count, limit)])
    .sort((a, b) => strength(b[0].mix) - strength(a[0].mix) || b[1] - a[1]);
  const more = odds.length - kMostInTip;
  return tip(`Deadline ${duration(limit)}`, [
    ...odds.slice(0, kMostInTip).map(([{ mix }, share]) => [mixName(mix), percent(share)]),
    ...(more > 0 ? [[`and ${more} more`, ""]] : []),
  ]);
}

function oddsOption(report, rows, deadlines, { width }) {
  const { scale } = deadlines;
  return {
    grid: plotGrid({ left: labelRoom("100 %"), right: 16, top: 26, bottom: 54 }),
    xAxis: timeAxis(deadlines, width),
    yAxis: valueAxis({
      min: 0,
      max: 1,
      interval: 0.25,
      axisLabel: { formatter: (y) => `${Math.round(100 * y)} %` },
    }),
    tooltip: tooltip((items) => oddsTip(rows, scale.value(items[0].axisValue)), {
      trigger: "axis",
      axisPointer: { lineStyle: { color: colour("soft") } },
    }),
    series: rows.map((row, i) => ({
      type: "line",
      id: `odds ${row.mix.index}`,
      step: "end",
      showSymbol: false,
      sampling: "minmax",
      triggerLineEvent: true,
      dimensions: ["deadline", "odds"],
      data: curve(row, scale),
      z: row.mix.wins ? 4 : row.mix.standing > 0 ? 2 : 3,
      emphasis: { disabled: true },
      lineStyle: {
        width: row.mix.wins ? 3 : 2,
        color: mixColour(row.mix),
        type: mixLine(row.mix),
        opacity: strength(row.mix),
      },
      itemStyle: { color: mixColour(row.mix) },
      markLine: i === 0 ? deadlineLine(report, scale) : undefined,
    })),
  };
}

/**
 * What the cheapest mix costs that makes a deadline with good odds: [deadline from which it holds, mix], each
 * cheaper than the one before.
 */
function cheapestByDeadline(report, rows) {
  const reached = rows
    .map((row) => ({ mix: row.mix, from: reachedBy(row.times, row.count, report.verdict.good_odds) }))
    .filter(({ from }) => from !== undefined)
    .sort((a, b) => a.from - b.from || a.mix.cost_usd.mean - b.mix.cost_usd.mean);
  const steps = [];
  for (const step of reached) {
    if (steps.length === 0 || step.mix.cost_usd.mean < steps[steps.length - 1].mix.cost_usd.mean)
      steps.push(step);
  }
  return steps;
}

/** The line of each step, from its deadline on at its cost, joined to the one before. */
function stairs(report, steps, { time, cost }) {
  return {
    type: "custom",
    id: "steps",
    clip: true,
    data: steps.map(({ mix, from }) => [time.place(from), cost.place(mix.cost_usd.mean)]),
    renderItem: ({ dataIndex }, api) => {
      const { mix } = steps[dataIndex];
      const [x1, y] = api.coord([api.value(0), api.value(1)]);
      const [x2] = api.coord([time.place(steps[dataIndex + 1]?.from ?? time.to), api.value(1)]);
      const before = steps[dataIndex - 1];
      const top = before ? api.coord([time.min, cost.place(before.mix.cost_usd.mean)])[1] : y;
      const line = (shape, style) => ({ type: "line", shape, style });
      return {
        type: "group",
        children: [
          line({ x1, x2: x1, y1: top, y2: y }, { stroke: colour("rule"), lineWidth: 1 }),
          line({ x1, x2, y1: y, y2: y }, { stroke: mixColour(mix), lineWidth: 3, opacity: strength(mix) }),
        ],
      };
    },
    markLine: deadlineLine(report, time),
  };
}

/** The name and the cost of each step where there is room; always those of the winner. */
function stepNames(steps, { time, cost }, width) {
  const ordered = [...steps].sort((a, b) => b.mix.wins - a.mix.wins);
  const names = fitted(
    ordered.map(({ mix }) => mix.label),
    Math.max(100, width * kNamesRoom),
  );
  const texts = ordered.map(({ mix }, i) => `${names[i]}  ${money(mix.cost_usd.mean)}`);
  return {
    type: "custom",
    id: "names",
    silent: true,
    z: 8,
    data: [[time.min, cost.min]],
    renderItem: (params, api) => {
      const at = (seconds, usd) => api.coord([time.place(seconds), cost.place(usd)]);
      const lines = steps.map(({ mix, from }, i) => {
        const [x, y] = at(from, mix.cost_usd.mean);
        return { x, y: y - 2, width: at(steps[i + 1]?.from ?? time.to, 1)[0] - x, height: 4 };
      });
      const points = ordered.map(({ mix, from }, i) => {
        const [x, y] = at(from, mix.cost_usd.mean);
        const half = widthOf(texts[i]) / 2;
        return { x: x + half + 4, y: y - 1, text: texts[i], must: mix.wins };
      });
      const boxes = placeLabels(points, {
        area: areaOf(params),
        taken: lines,
        reach: 6,
        sides: kAboveOrBelow,
      });
      return {
        type: "group",
        children: ordered
          .map(({ mix }, i) => boxes[i] && labelText(texts[i], boxes[i], { opacity: strength(mix) }))
          .filter(Boolean),
      };
    },
  };
}

/** Above the line's begin, then below it. */
const kAboveOrBelow = ({ x, y }, width) => [
  { x: x - width / 2, y: y - 4 - kLabelHeight, width, height: kLabelHeight },
  { x: x - width / 2, y: y + 5, width, height: kLabelHeight },
];

function costOption(report, steps, deadlines, { width }) {
  const costs = steps.map(({ mix }) => mix.cost_usd.mean);
  const cost = scaleOf([...costs, 1.16 * Math.max(...costs)], {
    judged: costs,
    zero: true,
    room: [0.15, 0.1],
  });
  const scales = { time: deadlines.scale, cost };
  const left = labelRoom(moneyTick(cost.to));
  return {
    grid: plotGrid({ left, right: 16, top: 48, bottom: 54 }),
    xAxis: timeAxis(deadlines, width),
    yAxis: scaledAxis(cost, { name: "Mean cost", tick: moneyTick, nameGap: 30, ...topName(left) }),
    tooltip: tooltip(({ dataIndex }) => {
      const { mix, from } = steps[dataIndex];
      return tip(mixName(mix, 80), [
        ["From a deadline of", duration(from)],
        ["Mean cost", money(mix.cost_usd.mean)],
      ]);
    }),
    series: [stairs(report, steps, scales), stepNames(steps, scales, width)],
  };
}

export function oddsSection(report) {
  const rows = report.ranked
    .filter(({ times }) => times?.length > 0)
    .map((mix) => ({ mix, times: mix.times, count: mix.count }));
  if (rows.length === 0) return null;
  const deadlines = deadlinesOf(rows, report.deadline);
  const steps = cheapestByDeadline(report, rows);
  const good = percent(report.verdict.good_odds);
  const levels = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
  const otherwise =
    "Read from the replications as they were simulated; policies that watch the deadline would act otherwise under another one.";
  return element(
    "section",
    { id: "odds" },
    element("h2", {}, "If the deadline were another"),
    chartFigure({
      id: "chart-odds",
      title: "Odds of being on time",
      lead: `Share of replications done by each deadline. ${report.deadline === null ? "" : otherwise}`,
      label: `Share of replications that are done by each deadline. ${rows.map(({ mix, times, count }) => `${shown(mix.name, 40)}: half by ${halfBy(times, count)}`).join("; ")}.`,
      height: 320,
      option: (size) => oddsOption(report, rows, deadlines, size),
      mixesAt: ({ seriesIndex }) => [rows[seriesIndex].mix],
      key: mixKey(rows.map(({ mix }) => mix)),
      table: dataTable(
        "Deadlines by which a share of replications is done",
        ["Mix", ...levels.map(percent)],
        rows.map(({ mix, times, count }) => [
          shown(mix.name),
          ...levels.map((level) => {
            const by = reachedBy(times, count, level);
            return by === undefined ? "never" : duration(by);
          }),
        ]),
      ),
    }),
    steps.length > 0 &&
      chartFigure({
        id: "chart-cost-by-deadline",
        title: "Cost of the cheapest mix that makes it",
        lead: `Mean cost of the cheapest mix that is on time in ${good} of replications, for each deadline. Left of the first line no mix is.`,
        label: `Cost of the cheapest mix by deadline. ${steps.map(({ mix, from }) => `From ${duration(from)}: ${shown(mix.name, 40)}, ${money(mix.cost_usd.mean)}`).join("; ")}.`,
        height: 260,
        option: (size) => costOption(report, steps, deadlines, size),
        mixesAt: ({ seriesId, dataIndex }) => (seriesId === "steps" ? [steps[dataIndex].mix] : null),
        key: mixKey(steps.map(({ mix }) => mix)),
        table: dataTable(
          "Cheapest mix by deadline",
          ["Deadline from", "Mix", "Mean cost"],
          steps.map(({ mix, from }) => [duration(from), shown(mix.name), money(mix.cost_usd.mean)]),
        ),
      }),
  );
}

function halfBy(times, count) {
  const by = reachedBy(times, count, 0.5);
  return by === undefined ? "never" : duration(by);
}
