// All mixes with the figures that decide between them, sorted by any of these.
import { oddsOf } from "../data/statistics.js";
import { element } from "../page/element.js";
import { mixName } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { scrollable, sortableTable } from "../page/table.js";
import { duration, money, percent, relative, spread } from "../text/units.js";

/** The mean, with the 5th to 95th percentile below. */
function meanAndSpread(summary, text) {
  if (!summary) return null;
  const between = spread(summary, text);
  const note = between.startsWith("always") ? "always" : between;
  return element("span", {}, text(summary.mean), element("small", {}, note));
}

const kTexts = { $: money, s: duration, share: percent };
const number = (value) => String(Number(value.toFixed(1)));

/** A figure of reports/results/figures.h: how it is compared and shown. */
function figureColumn({ path, kind, unit, heading, spread, descending }) {
  const found = (mix) => path.reduce((value, key) => value?.[key] ?? null, mix);
  const text = kTexts[unit] ?? number;
  const column = { heading, descending, value: found };
  if (kind === "proportion") return { ...column, cell: (mix) => share(mix, path[0]) };
  if (kind === "number") return { ...column, cell: (mix) => (found(mix) === null ? null : text(found(mix))) };
  const mean = (mix) => found(mix)?.mean ?? null;
  const cell = (mix) => (spread ? meanAndSpread(found(mix), text) : found(mix) && text(mean(mix)));
  return { ...column, value: mean, cell };
}

function share(mix, name) {
  if (mix[name] === null) return null;
  const interval = mix[`${name}_ci95`];
  const note =
    interval && interval[0] !== interval[1] ? `${percent(interval[0])}\u00a0– ${percent(interval[1])}` : "";
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
  const allFinish = !report.mixes.some((mix) => mix.finished_fraction < 1);
  const shownFigures = report.figures.filter(({ path }) => !(allFinish && path[0] === "finished_fraction"));
  return [
    {
      heading: "Mix",
      text: true,
      value: (mix) => mix.name,
      cell: (mix) => [
        mixName(mix, 160),
        mix.feasible
          ? tags(report, mix)
          : element("small", { class: "reason" }, `cannot train: ${shown(mix.infeasible_reason ?? "", 300)}`),
      ],
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
    mix.on_pareto_front && "Pareto front",
  ].filter(Boolean);
  return marks.length > 0 ? element("small", {}, marks.join(" · ")) : null;
}

export function mixesSection(report) {
  const columns = columnsOf(report);
  const table = sortableTable({
    caption: "Mixes of instances; a heading sorts by its column",
    columns,
    rows: report.mixes,
    sortedBy: 1,
    rowAttributes: (mix) => ({
      class: mix.index === report.verdict.best ? "best" : mix.feasible ? null : "infeasible",
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
      "All mixes meet the same markets and the same luck, replication by replication.",
    ),
    scrollable("Mixes of instances", table),
  );
}
