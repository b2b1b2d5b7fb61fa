// All mixes with the figures that decide between them, sorted by any of these.
import { oddsOf } from "../data/statistics.js";
import { element } from "../page/element.js";
import { pointing, toggleSelected } from "../page/highlight.js";
import { mixName } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { scrollable, sortableTable } from "../page/table.js";
import {
  countRange,
  duration,
  durationRange,
  money,
  moneyRange,
  percent,
  percentRange,
  relative,
  spread,
} from "../text/units.js";

const number = (value) => String(Number(value.toFixed(1)));
const kTexts = { $: [money, moneyRange], s: [duration, durationRange], share: [percent, percentRange] };
const kPlain = [number, countRange];

/** The mean, with the 5th to 95th percentile below. */
function meanAndSpread(summary, [text, range]) {
  if (!summary) return null;
  return element("span", {}, text(summary.mean), element("small", {}, spread(summary, range)));
}

/** A figure of reports/results/figures.h: how it is compared and shown. */
function figureColumn({ path, kind, unit, heading, spread, descending }) {
  const found = (mix) => path.reduce((value, key) => value?.[key] ?? null, mix);
  const texts = kTexts[unit] ?? kPlain;
  const [text] = texts;
  const column = { heading, descending, value: found };
  if (kind === "proportion") return { ...column, cell: (mix) => share(mix, path[0]) };
  if (kind === "number") return { ...column, cell: (mix) => (found(mix) === null ? null : text(found(mix))) };
  const mean = (mix) => found(mix)?.mean ?? null;
  const cell = (mix) => (spread ? meanAndSpread(found(mix), texts) : found(mix) && text(mean(mix)));
  return { ...column, value: mean, cell };
}

function share(mix, name) {
  if (mix[name] === null) return null;
  const interval = mix[`${name}_ci95`];
  const note = interval && interval[0] !== interval[1] ? percentRange(...interval) : "";
  return element("span", {}, percent(mix[name]), element("small", {}, note));
}

function againstBest(best) {
  return {
    heading: "Against best",
    value: (mix) => mix.cost_usd?.mean ?? null,
    cell: (mix) =>
      mix.cost_usd ? (mix === best ? "best" : relative(mix.cost_usd.mean / best.cost_usd.mean - 1)) : null,
  };
}

function columnsOf(report) {
  const best = report.mixes[report.verdict.best];
  const allFinish = !report.mixes.some((mix) => mix.feasible && mix.finished_fraction < 1);
  const shownFigures = report.figures.filter(({ path }) => !(allFinish && path[0] === "finished_fraction"));
  return [
    {
      heading: "Mix",
      text: true,
      value: (mix) => mix.name,
      cell: (mix) => [mixName(mix, 160), tags(report, mix)],
    },
    ...shownFigures.flatMap((figure) => {
      const compared = best && figure.path[0] === "cost_usd" ? [againstBest(best)] : [];
      return [figureColumn(figure), ...compared];
    }),
  ];
}

function tags(report, mix) {
  const marks = [
    mix.index === report.verdict.best && "cheapest that makes it",
    mix.index === report.verdict.likely && oddsOf(mix) > 0 && "best odds",
    mix.standing === 1 && (report.deadline === null ? "mostly does not finish" : "late"),
    mix.reference && "for comparison",
    mix.on_pareto_front && "Pareto front",
  ].filter(Boolean);
  return marks.length > 0 ? element("small", {}, marks.join(" · ")) : null;
}

/** What the row of a mix says that has no figures. */
const reason = (mix) => (mix.feasible ? null : `cannot train: ${shown(mix.infeasible_reason ?? "", 300)}`);

const kClasses = ["", "late", "infeasible"];

export function mixesSection(report) {
  const table = sortableTable({
    caption: "Mixes of instances; a heading sorts by its column",
    columns: columnsOf(report),
    rows: report.ranked,
    sortedBy: 1,
    groupOf: (mix) => mix.standing,
    instead: reason,
    rowAttributes: (mix) => ({
      ...pointing(mix),
      class: mix.wins ? "best" : kClasses[mix.standing] || null,
      onclick: () => toggleSelected([mix]),
    }),
  });
  return element(
    "section",
    { id: "mixes" },
    element("h2", {}, "Mixes"),
    element(
      "p",
      { class: "lead" },
      "Means over all replications; below them the 5th to 95th percentile, or the 95 % interval of a share. ",
      "All mixes meet the same markets and the same luck, replication by replication. ",
      "What is pointed at or clicked on stands out in all charts.",
    ),
    scrollable("Mixes of instances", table),
  );
}
