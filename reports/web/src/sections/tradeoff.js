// Cost against time: where each mix lies, how far it spreads, and which mixes nothing beats in both.
import { chartFigure } from "../charts/chart.js";
import { bottomAxis, labelRoom, limitLine, plotGrid, tooltip, valueAxis } from "../charts/parts.js";
import { tip } from "../charts/tip.js";
import { element } from "../page/element.js";
import { mixColour, mixKey, mixName, mixSymbol } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { duration, money, moneyTick, timeUnit } from "../text/units.js";

const kSymbol = 14;

/** The limit is drawn where it does not dwarf what it is compared with. */
const near = (limit, largest) => limit !== null && limit <= 1.8 * largest;

/** The times that are shown: not from zero, so that mixes that are about as fast lie apart; with room for names. */
function timesShown(mixes, deadline, roomy) {
  const least = Math.min(...mixes.map(({ time_to_train_s: time }) => time.p05));
  const most = Math.max(deadline ?? 0, ...mixes.map(({ time_to_train_s: time }) => time.p95));
  const width = most - least || most * 0.2 || 1;
  return [Math.max(0, least - 0.12 * width), most + (roomy ? 0.28 : 0.1) * width];
}

function errorBars(mixes, unit) {
  const line = (from, to, style) => ({
    type: "line",
    shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
    style,
  });
  return {
    type: "custom",
    silent: true,
    data: mixes.map((mix) => [mix.time_to_train_s.mean / unit, mix.cost_usd.mean]),
    renderItem: ({ dataIndex }, api) => {
      const { time_to_train_s: time, cost_usd: cost } = mixes[dataIndex];
      const style = { stroke: mixColour(mixes[dataIndex]), lineWidth: 1.5, opacity: 0.7 };
      const at = (seconds, usd) => api.coord([seconds / unit, usd]);
      return {
        type: "group",
        children: [
          line(at(time.p05, cost.mean), at(time.p95, cost.mean), style),
          line(at(time.mean, cost.p05), at(time.mean, cost.p95), style),
        ],
      };
    },
  };
}

function option(report, mixes, { width }) {
  const longest = Math.max(...mixes.map(({ time_to_train_s: time }) => time.p95));
  const dearest = Math.max(...mixes.map(({ cost_usd: cost }) => cost.p95));
  const deadline = near(report.deadline, longest) ? report.deadline : null;
  const budget = near(report.budget, dearest) ? report.budget : null;
  const unit = timeUnit(Math.max(longest, deadline ?? 0));
  const front = mixes
    .filter((mix) => mix.on_pareto_front)
    .sort((a, b) => a.time_to_train_s.mean - b.time_to_train_s.mean);
  const point = (mix) => [mix.time_to_train_s.mean / unit.seconds, mix.cost_usd.mean];
  const roomy = width > 560;
  const highest = niceAbove(Math.max(dearest, budget ?? 0));
  const [from, to] = timesShown(mixes, deadline, roomy).map((seconds) => seconds / unit.seconds);
  return {
    grid: plotGrid({ left: labelRoom(moneyTick(highest)), right: roomy ? 24 : 12, top: 24, bottom: 54 }),
    xAxis: bottomAxis(`Time to train, ${unit.name}`, {
      min: from,
      max: to,
      axisLabel: {
        formatter: (x) => String(Number(x.toFixed(3))),
        showMinLabel: false,
        showMaxLabel: false,
      },
    }),
    yAxis: valueAxis({
      min: 0,
      max: highest,
      axisLabel: { formatter: moneyTick, showMaxLabel: false },
      name: "Cost",
      nameTextStyle: { color: colour("soft"), align: "right" },
    }),
    tooltip: tooltip(({ dataIndex }) => {
      const mix = mixes[dataIndex];
      const { time_to_train_s: time, cost_usd: cost } = mix;
      return tip(mixName(mix, 80), [
        ["Cost", money(cost.mean)],
        ["5–95 %", `${money(cost.p05)} – ${money(cost.p95)}`],
        ["Time", duration(time.mean)],
        ["5–95 %", `${duration(time.p05)} – ${duration(time.p95)}`],
      ]);
    }),
    series: [
      {
        type: "line",
        data: front.map(point),
        silent: true,
        showSymbol: false,
        step: "end",
        lineStyle: { color: colour("soft"), width: 1.25, type: [2, 3] },
        markLine:
          deadline === null
            ? undefined
            : limitLine({ xAxis: deadline / unit.seconds }, `deadline ${duration(deadline)}`),
      },
      errorBars(mixes, unit.seconds),
      {
        type: "scatter",
        data: mixes.map((mix) => ({
          value: point(mix),
          symbol: mixSymbol(mix),
          itemStyle: { color: mixColour(mix), borderColor: colour("paper"), borderWidth: 1.5 },
        })),
        symbolSize: kSymbol,
        z: 5,
        label: {
          show: roomy,
          formatter: ({ dataIndex }) => shown(mixes[dataIndex].name, 40),
          position: [kSymbol + 4, -8], // right of the mark, above its error bar
          verticalAlign: "middle",
          color: colour("ink"),
          textBorderColor: colour("paper"),
          textBorderWidth: 3,
        },
        labelLayout: { moveOverlap: "shiftY", hideOverlap: true },
        markLine: budget === null ? undefined : limitLine({ yAxis: budget }, `budget ${money(budget)}`),
      },
    ],
  };
}

function niceAbove(value) {
  if (!(value > 0)) return 1;
  const step = 10 ** Math.floor(Math.log10(value)) / 5;
  return Number((Math.ceil((value * 1.04) / step) * step).toPrecision(6));
}

export function tradeoffSection(report) {
  const mixes = report.mixes.filter((mix) => mix.time_to_train_s && mix.cost_usd);
  if (mixes.length === 0) return null;
  const front = mixes.filter((mix) => mix.on_pareto_front).map((mix) => shown(mix.name, 60));
  return element(
    "section",
    { id: "tradeoff" },
    element("h2", {}, "Cost against time"),
    chartFigure({
      id: "chart-tradeoff",
      lead: "Each point is a mix at its mean; its bars reach from the 5th to the 95th percentile. The dotted line is the Pareto front: no mix below and left of it.",
      label: `Cost against time to train of ${mixes.length} mixes. On the Pareto front: ${front.join("; ")}.`,
      height: (width) => (width > 560 ? 420 : 340),
      option: (size) => option(report, mixes, size),
      key: mixKey(mixes),
      table: dataTable(
        "Cost and time to train of each mix",
        ["Mix", "Mean cost", "5 %", "95 %", "Mean time", "5 %", "95 %", "Pareto front"],
        mixes.map(({ name, cost_usd: cost, time_to_train_s: time, on_pareto_front: onFront }) => [
          shown(name),
          money(cost.mean),
          money(cost.p05),
          money(cost.p95),
          duration(time.mean),
          duration(time.p05),
          duration(time.p95),
          onFront ? "yes" : "no",
        ]),
      ),
    }),
  );
}
