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

const mean = (summary) => summary?.mean ?? null;

function columnsOf(report) {
  const best = report.mixes[report.verdict.best];
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
    {
      heading: "Cost",
      value: (mix) => mean(mix.cost_usd),
      cell: (mix) => meanAndSpread(mix.cost_usd, money),
    },
    best && {
      heading: "Against best",
      value: (mix) => mean(mix.cost_usd),
      cell: (mix) =>
        mix.cost_usd ? (mix === best ? "best" : relative(mix.cost_usd.mean / best.cost_usd.mean - 1)) : null,
    },
    {
      heading: "Time to train",
      value: (mix) => mean(mix.time_to_train_s),
      cell: (mix) => meanAndSpread(mix.time_to_train_s, duration),
    },
    report.deadline !== null && share("On time", "on_time_probability"),
    report.budget !== null && share("Within budget", "within_budget_probability"),
    report.mixes.some((mix) => mix.finished_fraction < 1) && share("Finished", "finished_fraction"),
    {
      heading: "Interruptions",
      value: (mix) => mean(mix.interruptions),
      cell: (mix) =>
        mix.interruptions && meanAndSpread(mix.interruptions, (n) => String(Number(n.toFixed(1)))),
    },
    {
      heading: "Goodput",
      descending: true,
      value: (mix) => mean(mix.goodput),
      cell: (mix) => mix.goodput && percent(mix.goodput.mean),
    },
  ].filter(Boolean);
}

function share(heading, name) {
  return {
    heading,
    descending: true,
    value: (mix) => mix[name],
    cell: (mix) => {
      if (mix[name] === null) return null;
      const interval = mix[`${name}_ci95`];
      const note =
        interval && interval[0] !== interval[1]
          ? `${percent(interval[0])}\u00a0– ${percent(interval[1])}`
          : "";
      return element("span", {}, percent(mix[name]), element("small", {}, note));
    },
  };
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
