// Cost against time: where each mix lies, how far it spreads, and which mixes nothing beats in both.
import { chartFigure } from "../charts/chart.js";
import { labelText } from "../charts/labels.js";
import {
  areaOf,
  kBelowAxis,
  labelRoom,
  limitLine,
  plotGrid,
  rightEndBox,
  tooltip,
  topName,
} from "../charts/parts.js";
import { scaledAxis } from "../charts/scaled_axis.js";
import { tip } from "../charts/tip.js";
import { placeLabels } from "../data/label_places.js";
import { scaleOf } from "../data/scale.js";
import { element } from "../page/element.js";
import { strength } from "../page/highlight.js";
import { mixColour, mixKey, mixName, mixSymbol } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { fitted } from "../text/measure.js";
import { duration, money, moneyTick, timeUnit } from "../text/units.js";

const kSymbol = 14;
const kNameShare = 0.3;
const kNamesWide = 14;

/** The limit is drawn where it does not dwarf what it is compared with. */
const near = (limit, largest) => limit !== null && limit <= 1.8 * largest;

const costOf = ({ cost_usd: cost }) => cost;
const timeOf = ({ time_to_train_s: time }) => time;
const endsOf = (mixes, of) => mixes.flatMap((mix) => [of(mix).p05, of(mix).mean, of(mix).p95]);
const meansOf = (mixes, of) => mixes.map((mix) => of(mix).mean);

/** Both axes and the limits that they show. */
function scalesOf(report, mixes, roomy) {
  const [times, costs] = [endsOf(mixes, timeOf), endsOf(mixes, costOf)];
  const deadline = near(report.deadline, Math.max(...times)) ? report.deadline : null;
  const budget = near(report.budget, Math.max(...costs)) ? report.budget : null;
  const unit = timeUnit(Math.max(...times, deadline ?? 0));
  return {
    deadline,
    budget,
    unit,
    time: scaleOf([...times, deadline].filter(Boolean), {
      judged: meansOf(mixes, timeOf),
      room: [0.06, roomy ? 0.16 : 0.1],
      unit: unit.seconds,
    }),
    cost: scaleOf([...costs, budget].filter(Boolean), {
      judged: meansOf(mixes, costOf),
      zero: true,
      room: [0.08, 0.08],
    }),
  };
}

function errorBars(mixes, { time: times, cost: costs }) {
  const line = (from, to, style) => ({
    type: "line",
    shape: { x1: from[0], y1: from[1], x2: to[0], y2: to[1] },
    style,
  });
  return {
    type: "custom",
    silent: true,
    data: mixes.map((mix) => [times.place(timeOf(mix).mean), costs.place(costOf(mix).mean)]),
    renderItem: ({ dataIndex }, api) => {
      const mix = mixes[dataIndex];
      const [time, cost] = [timeOf(mix), costOf(mix)];
      const style = { stroke: mixColour(mix), lineWidth: 1.5, opacity: 0.7 * strength(mix) };
      const at = (seconds, usd) => api.coord([times.place(seconds), costs.place(usd)]);
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

/** The order in which mixes are named while there is room: the winner, what a reader looks at, the front, the rest. */
function byImportance(mixes) {
  const rank = (mix) => (mix.wins ? 0 : mix.on_pareto_front ? 1 : 2 + mix.standing);
  return [...mixes].sort((a, b) => rank(a) - rank(b) || a.place - b.place);
}

function names(mixes, { time, cost, budget }, width) {
  const ordered = byImportance(mixes);
  const texts = fitted(
    ordered.map(({ label }) => label),
    Math.max(110, width * kNameShare),
  );
  return {
    type: "custom",
    id: "names",
    silent: true,
    z: 8,
    data: [[time.min, cost.min]],
    renderItem: (params, api) => {
      const area = areaOf(params);
      const at = (mix) => api.coord([time.place(timeOf(mix).mean), cost.place(costOf(mix).mean)]);
      const points = ordered.map((mix, i) => {
        const [x, y] = at(mix);
        return { x, y, text: texts[i], must: mix.wins };
      });
      const taken =
        budget === null
          ? []
          : [rightEndBox(budgetText(budget), api.coord([time.min, cost.place(budget)])[1], area)];
      const boxes = placeLabels(points, { area, taken, reach: kSymbol });
      return {
        type: "group",
        children: ordered
          .map((mix, i) => boxes[i] && labelText(texts[i], boxes[i], { opacity: strength(mix) }))
          .filter(Boolean),
      };
    },
  };
}

const budgetText = (budget) => `budget ${money(budget)}`;

function option(report, mixes, { width }) {
  const roomy = width > 560;
  const scales = scalesOf(report, mixes, roomy);
  const { time, cost, unit, deadline, budget } = scales;
  const front = mixes.filter((mix) => mix.on_pareto_front).sort((a, b) => timeOf(a).mean - timeOf(b).mean);
  const point = (mix) => [time.place(timeOf(mix).mean), cost.place(costOf(mix).mean)];
  const left = labelRoom(moneyTick(cost.to));
  return {
    grid: plotGrid({ left, right: roomy ? 24 : 16, top: 48, bottom: 54 }),
    xAxis: scaledAxis(time, {
      ...kBelowAxis,
      name: `Time to train, ${unit.name}`,
      tick: (x) => String(Number(x.toFixed(3))),
      most: roomy ? 9 : 5,
    }),
    yAxis: scaledAxis(cost, { name: "Cost", tick: moneyTick, nameGap: 30, ...topName(left) }),
    tooltip: tooltip(({ dataIndex }) => {
      const mix = mixes[dataIndex];
      const [ofTime, ofCost] = [timeOf(mix), costOf(mix)];
      return tip(mixName(mix, 80), [
        ["Cost", money(ofCost.mean)],
        ["5–95 %", `${money(ofCost.p05)} – ${money(ofCost.p95)}`],
        ["Time", duration(ofTime.mean)],
        ["5–95 %", `${duration(ofTime.p05)} – ${duration(ofTime.p95)}`],
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
            : limitLine({ xAxis: time.place(deadline) }, `deadline ${duration(deadline)}`, {
                share: (time.place(deadline) - time.min) / (time.max - time.min),
              }),
      },
      errorBars(mixes, scales),
      {
        type: "scatter",
        id: "mixes",
        data: mixes.map((mix) => ({
          value: point(mix),
          symbol: mixSymbol(mix),
          itemStyle: {
            color: mixColour(mix),
            borderColor: colour(mix.wins ? "ink" : "paper"),
            borderWidth: 1.5,
            opacity: strength(mix),
          },
        })),
        emphasis: { disabled: true },
        symbolSize: kSymbol,
        z: 5,
        markLine: budget === null ? undefined : limitLine({ yAxis: cost.place(budget) }, budgetText(budget)),
      },
      names(mixes, scales, width),
    ],
  };
}

export function tradeoffSection(report) {
  const mixes = report.ranked.filter((mix) => mix.time_to_train_s && mix.cost_usd);
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
      height: (width) => (width > 560 ? (mixes.length > kNamesWide ? 520 : 440) : 360),
      option: (size) => option(report, mixes, size),
      mixesAt: ({ seriesId, dataIndex }) => (seriesId === "mixes" ? [mixes[dataIndex]] : null),
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
