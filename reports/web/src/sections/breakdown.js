// Where the money goes: by what time was spent on, and by how it was bought.
import { chartFigure } from "../charts/chart.js";
import { foldedRows, kindKey, stackedRows, stackedRowsHeight } from "../charts/stacked_rows.js";
import { alikeName } from "../data/alike.js";
import { element } from "../page/element.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { money, moneyTick } from "../text/units.js";

const kCauses = [
  { key: "useful", name: "useful training", colour: "useful" },
  { key: "lost_work", name: "lost work", colour: "lost" },
  { key: "checkpoint", name: "checkpoints", colour: "checkpoint" },
  { key: "startup", name: "start-up", colour: "startup" },
  { key: "waiting", name: "waiting", colour: "waiting" },
  { key: "unused_commitment", name: "unused commitment", colour: "unused" },
  { key: "transfer", name: "traffic", colour: "transfer" },
  { key: "storage", name: "storage", colour: "storage" },
  { key: "service_fee", name: "service fee", colour: "fee" },
];
const kPurchases = [
  { key: "spot", name: "spot", colour: "spot" },
  { key: "on_demand", name: "on demand", colour: "on-demand" },
  { key: "reserved", name: "reserved", colour: "reserved" },
  { key: "service_fee", name: "service fee", colour: "fee" },
  { key: "storage", name: "storage", colour: "storage" },
  { key: "transfer", name: "transfer", colour: "transfer" },
];

function figure(report, { id, title, field, kinds }) {
  const known = report.ranked.filter((mix) => mix[field]);
  // Older results do not tell traffic, storage and fees from other causes.
  const rows = foldedRows(known.map((mix) => ({ mix, parts: kinds.map(({ key }) => mix[field][key] ?? 0) })));
  if (rows.length === 0) return null;
  return chartFigure({
    id,
    title,
    label: `${title}, mean of each mix. ${rows
      .map(
        (row) =>
          `${alikeName(row, known.length)}: ${kinds
            .map(({ name }, i) => [name, row.parts[i]])
            .filter(([, usd]) => usd > 0)
            .map(([name, usd]) => `${name} ${money(usd)}`)
            .join(", ")}`,
      )
      .join("; ")}.`,
    height: stackedRowsHeight(rows),
    option: (size) =>
      stackedRows(
        { rows, kinds, format: money, tick: moneyTick, axisName: "Mean cost", all: known.length },
        size,
      ),
    mixesAt: ({ seriesType, dataIndex }) => (seriesType === "bar" ? rows[dataIndex].mixes : null),
    key: kindKey(kinds, rows),
    table: dataTable(
      `${title} of each mix`,
      ["Mix", ...kinds.map(({ name }) => name)],
      rows.flatMap(({ mixes, parts }) => mixes.map((mix) => [shown(mix.name), ...parts.map(money)])),
    ),
  });
}

export function breakdownSection(report) {
  if (!report.mixes.some((mix) => mix.cost_by_cause_usd)) return null;
  return element(
    "section",
    { id: "breakdown" },
    element("h2", {}, "Where the money goes"),
    element(
      "div",
      { class: "pair" },
      figure(report, {
        id: "chart-causes",
        title: "Cost by what time was spent on",
        field: "cost_by_cause_usd",
        kinds: kCauses,
      }),
      figure(report, {
        id: "chart-purchases",
        title: "Cost by how it was bought",
        field: "cost_breakdown_usd",
        kinds: kPurchases,
      }),
    ),
  );
}
