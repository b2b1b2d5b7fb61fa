// If the deadline were another: the odds of making it with each mix, and the least it would cost.
import { chartFigure } from "../charts/chart.js";
import { bottomAxis, labelRoom, limitLine, plotGrid, tooltip, valueAxis } from "../charts/parts.js";
import { tip } from "../charts/tip.js";
import { quantile, reachedBy, shareUpTo } from "../data/statistics.js";
import { element } from "../page/element.js";
import { mixColour, mixKey, mixLine, mixName } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { duration, money, moneyTick, percent, timeUnit } from "../text/units.js";

const kPoints = 240;

/** The deadlines that are drawn: from a little before the fastest to a little after the slowest replication. */
function spanOf(rows, deadline) {
  const least = Math.min(...rows.map(({ times }) => times[0]));
  let most = Math.max(...rows.map(({ times }) => times[times.length - 1]));
  if (deadline !== null && deadline < 2.5 * most) most = Math.max(most, deadline);
  const room = (most - least) * 0.05 || most * 0.1;
  return { from: Math.max(0, least - room), to: most + room };
}

function timeAxis(span, unit, name) {
  return bottomAxis(`${name}, ${unit.name}`, {
    min: span.from / unit.seconds,
    max: span.to / unit.seconds,
    axisLabel: { formatter: (x) => String(Number(x.toFixed(2))), showMinLabel: false, showMaxLabel: false },
  });
}

function deadlineLine(report, span, unit) {
  if (report.deadline === null || report.deadline > span.to) return undefined;
  return limitLine({ xAxis: report.deadline / unit.seconds }, `deadline ${duration(report.deadline)}`);
}

/** The share done by each deadline: at every jump where there are few, at even steps where there are many. */
function curve({ times, count }, { from, to }, unit) {
  const points = [[from / unit, shareUpTo(times, count, from)]];
  if (times.length <= kPoints) {
    times.forEach((time, i) => points.push([time / unit, (i + 1) / count]));
  } else {
    for (let i = 1; i <= kPoints; ++i) {
      const limit = quantile(times, i / kPoints);
      points.push([limit / unit, shareUpTo(times, count, limit)]);
    }
  }
  points.push([to / unit, shareUpTo(times, count, to)]);
  return points;
}

function oddsOption(report, rows, span) {
  const unit = timeUnit(span.to);
  return {
    grid: plotGrid({ left: labelRoom("100 %"), right: 16, top: 24, bottom: 54 }),
    xAxis: { ...timeAxis(span, unit, "Deadline"), splitLine: { show: false } },
    yAxis: valueAxis({
      min: 0,
      max: 1,
      interval: 0.25,
      axisLabel: { formatter: (y) => `${Math.round(100 * y)} %` },
    }),
    tooltip: tooltip(
      (items) => {
        const limit = items[0].axisValue * unit.seconds;
        const odds = rows
          .map((row) => [row, shareUpTo(row.times, row.count, limit)])
          .sort((a, b) => b[1] - a[1]);
        return tip(
          `Deadline ${duration(limit)}`,
          odds.map(([{ mix }, share]) => [mixName(mix, 60), percent(share)]),
        );
      },
      { trigger: "axis", axisPointer: { lineStyle: { color: colour("soft") } } },
    ),
    series: rows.map((row, i) => ({
      type: "line",
      step: "end",
      showSymbol: false,
      data: curve(row, span, unit.seconds),
      lineStyle: { width: 2, color: mixColour(row.mix), type: mixLine(row.mix) },
      itemStyle: { color: mixColour(row.mix) },
      markLine: i === 0 ? deadlineLine(report, span, unit) : undefined,
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

function costOption(report, steps, span, { width }) {
  const unit = timeUnit(span.to);
  const ends = steps.map((_, i) => steps[i + 1]?.from ?? span.to);
  const top = Number((1.2 * Math.max(...steps.map(({ mix }) => mix.cost_usd.mean))).toPrecision(2));
  return {
    grid: plotGrid({ left: labelRoom(moneyTick(top)), right: 16, top: 24, bottom: 54 }),
    xAxis: { ...timeAxis(span, unit, "Deadline"), splitLine: { show: false } },
    yAxis: valueAxis({
      min: 0,
      max: top,
      axisLabel: { formatter: moneyTick, showMaxLabel: false },
    }),
    tooltip: tooltip(({ dataIndex }) => {
      const { mix, from } = steps[dataIndex];
      return tip(mixName(mix, 80), [
        ["From a deadline of", duration(from)],
        ["Mean cost", money(mix.cost_usd.mean)],
      ]);
    }),
    series: [
      {
        type: "custom",
        clip: true,
        data: steps.map(({ mix, from }) => [from / unit.seconds, mix.cost_usd.mean]),
        renderItem: ({ dataIndex }, api) => {
          const { mix, from } = steps[dataIndex];
          const [x1, y] = api.coord([from / unit.seconds, mix.cost_usd.mean]);
          const [x2] = api.coord([ends[dataIndex] / unit.seconds, mix.cost_usd.mean]);
          const before = steps[dataIndex - 1];
          const top = before ? api.coord([0, before.mix.cost_usd.mean])[1] : y;
          const room = x2 - x1 - 8;
          const text = `${shown(mix.name, 40)}  ${money(mix.cost_usd.mean)}`;
          return {
            type: "group",
            children: [
              {
                type: "line",
                shape: { x1, x2: x1, y1: top, y2: y },
                style: { stroke: colour("rule"), lineWidth: 1 },
              },
              {
                type: "line",
                shape: { x1, x2, y1: y, y2: y },
                style: { stroke: mixColour(mix), lineWidth: 3 },
              },
              room > 60 && {
                type: "text",
                style: {
                  text,
                  x: x1 + 4,
                  y: y - 6,
                  verticalAlign: "bottom",
                  fill: colour("ink"),
                  fontSize: 12.5,
                  width: Math.min(room, width),
                  overflow: "truncate",
                },
              },
            ].filter(Boolean),
          };
        },
        markLine: deadlineLine(report, span, unit),
      },
    ],
  };
}

export function oddsSection(report) {
  const rows = report.mixes
    .filter(({ times }) => times?.length > 0)
    .map((mix) => ({ mix, times: mix.times, count: mix.count }));
  if (rows.length === 0) return null;
  const span = spanOf(rows, report.deadline);
  const steps = cheapestByDeadline(report, rows);
  const good = percent(report.verdict.good_odds);
  const levels = [0.05, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
  const deadlines =
    "Read from the replications as they were simulated; policies that watch the deadline would act otherwise under another one.";
  return element(
    "section",
    { id: "odds" },
    element("h2", {}, "If the deadline were another"),
    chartFigure({
      id: "chart-odds",
      title: "Odds of being on time",
      lead: `Share of replications done by each deadline. ${report.deadline === null ? "" : deadlines}`,
      label: `Share of replications that are done by each deadline. ${rows.map(({ mix, times, count }) => `${shown(mix.name, 40)}: half by ${halfBy(times, count)}`).join("; ")}.`,
      height: 320,
      option: () => oddsOption(report, rows, span),
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
        option: (size) => costOption(report, steps, span, size),
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
