// Why the winner wins: the way from the cost of the on-demand reference to its own, a step for each cause.
import { chartFigure } from "../charts/chart.js";
import {
  areaOf,
  kBelowAxis,
  namedRowAxis,
  namesRoom,
  plotGrid,
  roomForLastLabel,
  tooltip,
  valueAxis,
} from "../charts/parts.js";
import { tip } from "../charts/tip.js";
import { element } from "../page/element.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { fitted, widthOf } from "../text/measure.js";
import { money, moneyTick } from "../text/units.js";

const kRow = 30;
const kBar = 18;
const kTop = 6;
const kBelow = 50;
const kMostNames = 0.4;

const change = (usd) => (usd === 0 ? "±$0.00" : `${usd > 0 ? "+" : ""}${money(usd)}`);

const inCents = (usd) => Math.round(usd * 100) / 100;

/**
 * {name, from, to, text, colour} of each row; `from` and `to` in dollars. Each amount is the difference of two sums
 * in cents, so that what is shown adds up, as in the terminal.
 */
function rowsOf(report) {
  const { steps } = report.waterfall;
  const [reference, winner] = [report.waterfall.from, report.waterfall.to].map((i) => report.mixes[i]);
  let at = reference.cost_usd.mean;
  const rows = [{ name: reference.label, from: 0, to: at, text: money(at), colour: "unused" }];
  for (const { name, usd } of steps) {
    const shownChange = inCents(inCents(at + usd) - inCents(at));
    rows.push({ name, from: at, to: at + usd, text: change(shownChange), colour: usd < 0 ? "good" : "bad" });
    at += usd;
  }
  const { mean } = winner.cost_usd;
  rows.push({ name: winner.label, from: 0, to: mean, text: money(mean), colour: "useful" });
  return rows;
}

/** The bar of each row, a line from its end to the next, and its amount where there is room. */
function bars(rows) {
  return {
    type: "custom",
    id: "bars",
    clip: false,
    data: rows.map(({ from, to }, i) => [Math.min(from, to), Math.max(from, to), i]),
    encode: { x: [0, 1], y: 2 },
    renderItem: (params, api) => {
      const i = params.dataIndex;
      const row = rows[i];
      const [left, y] = api.coord([Math.min(row.from, row.to), i]);
      const [right] = api.coord([Math.max(row.from, row.to), i]);
      const [end] = api.coord([row.to, i]);
      const area = areaOf(params);
      const width = Math.max(2, right - left);
      const beside = left + width + 6 + widthOf(row.text) <= area.x + area.width;
      const before = left - 6 - widthOf(row.text) >= area.x;
      const inside = !beside && !before;
      return {
        type: "group",
        children: [
          {
            type: "rect",
            shape: { x: left, y: y - kBar / 2, width, height: kBar },
            style: { fill: colour(row.colour) },
          },
          i + 1 < rows.length && {
            type: "line",
            shape: { x1: end, x2: end, y1: y + kBar / 2, y2: y + kRow - kBar / 2 },
            style: { stroke: colour("soft"), lineWidth: 1 },
          },
          {
            type: "text",
            style: {
              text: row.text,
              x: beside ? left + width + 6 : inside ? left + width - 6 : left - 6,
              y,
              align: beside ? "left" : "right",
              verticalAlign: "middle",
              fill: inside ? colour("paper") : colour("ink"),
              fontSize: 12,
            },
          },
        ].filter(Boolean),
      };
    },
  };
}

function option(rows, { width }) {
  const names = fitted(
    rows.map(({ name }) => name),
    width * kMostNames,
  );
  const left = namesRoom(names, width * kMostNames + 14);
  const most = Math.max(...rows.flatMap(({ from, to }) => [from, to]));
  return {
    grid: plotGrid({
      left,
      right: roomForLastLabel([moneyTick(Number(most.toPrecision(2)))]),
      top: kTop,
      bottom: kBelow,
    }),
    xAxis: valueAxis({
      ...kBelowAxis,
      name: "Mean cost",
      min: 0,
      max: most * 1.02,
      axisLabel: { formatter: moneyTick, showMaxLabel: false },
    }),
    yAxis: namedRowAxis(names, left - 12),
    tooltip: tooltip(({ dataIndex }) => {
      const { name, from, to, text } = rows[dataIndex];
      return tip(
        shown(name, 80),
        from === 0
          ? [["Mean cost", text]]
          : [
              ["Change", text],
              ["Then", money(to)],
            ],
      );
    }),
    series: [bars(rows)],
  };
}

export function whySection(report) {
  if (!report.waterfall) return null;
  const rows = rowsOf(report);
  const [first, last] = [rows[0], rows[rows.length - 1]];
  const changes = rows.slice(1, -1).map(({ name, text }) => `${name} ${text}`);
  return element(
    "section",
    { id: "why" },
    element("h2", {}, "Why it wins"),
    chartFigure({
      id: "chart-why",
      lead: "From the mean cost of the cheapest on-demand mix to that of the winner, cause by cause.",
      label: `From ${first.name}, ${first.text}, to ${last.name}, ${last.text}: ${changes.join(", ")}.`,
      height: kTop + kBelow + kRow * rows.length,
      option: (size) => option(rows, size),
      table: dataTable(
        "What changes the mean cost, cause by cause",
        ["From the reference to the winner", "Change", "Mean cost then"],
        rows.map(({ name, to, text }, i) => [
          name,
          i === 0 || i === rows.length - 1 ? null : text,
          money(to),
        ]),
      ),
    }),
  );
}
