// The answer first: one sentence, the figures behind it, and the limits that the scenario sets.
import { oddsOf } from "../data/statistics.js";
import { element } from "../page/element.js";
import { shown } from "../page/names.js";
import {
  count,
  countRange,
  duration,
  durationRange,
  money,
  moneyRange,
  percent,
  percentRange,
  spread,
} from "../text/units.js";
import { warningStrip } from "./warnings.js";

/** A text that does not break. */
const whole = (text) => element("span", { class: "whole" }, text);

/** The 5th to 95th percentile, and the worst of all replications where they are known, in ascending order. */
function range(summary, rangeText, text, values) {
  const between = spread(summary, rangeText);
  if (between === "always") return ["in every replication"];
  if (!between) return [];
  const most = summary.max ?? values?.[values.length - 1];
  const worst = most === undefined ? [] : [["at most ", whole(text(most))]];
  return [[whole("5–95 %:"), " ", whole(between)], ...worst];
}

function saving(report) {
  const { saving: share, on_demand: other } = report.verdict;
  if (share === null) return null;
  const against = shown(report.mixes[other].name, 60);
  return share >= 0
    ? ["Saves", percent(share), [`against ${against}`]]
    : ["Costs more", percent(-share), [`than ${against}`]];
}

/** The risk that is left: of being late, or without a deadline of not finishing. */
function risk(mix) {
  const onTime = mix.on_time_probability;
  const interval = (onTime === null ? mix.finished_fraction_ci95 : mix.on_time_probability_ci95) ?? null;
  const name = onTime === null ? "Risk of not finishing" : "Risk of being late";
  const odds = oddsOf(mix);
  const only = mix.spread?.time_to_train_s?.step_time === 1 ? "; only the step time varies" : "";
  if (mix.interruptions_modeled === false) {
    const value = odds === 1 ? "not modeled" : percent(1 - odds);
    return [name, value, [`nothing in the scenario takes spot instances away${only}`]];
  }
  if (!interval) return [name, percent(1 - odds), ["nothing is left to chance"]];
  return [
    name,
    percent(1 - odds),
    [["95 % interval: ", whole(percentRange(1 - interval[1], 1 - interval[0])), only]],
  ];
}

/** Said where the budget mostly does not do. */
function withinBudget(report, mix) {
  const share = mix.within_budget_probability ?? 1;
  if (share >= report.verdict.good_odds) return null;
  return ["Within the budget", percent(share), [`of ${money(report.budget)}`]];
}

function figuresOf(report, mix) {
  return [
    ["Cost", money(mix.cost_usd.mean), range(mix.cost_usd, moneyRange, money, mix.costs)],
    mix.time_to_train_s && [
      "Time to train",
      duration(mix.time_to_train_s.mean),
      range(mix.time_to_train_s, durationRange, duration, mix.times),
    ],
    risk(mix),
    withinBudget(report, mix),
    saving(report),
    mix.interruptions && [
      "Interruptions",
      mix.interruptions.mean.toFixed(1),
      range(mix.interruptions, countRange, String),
    ],
  ].filter(Boolean);
}

function nobodyMakesIt(report, mix, name) {
  if (oddsOf(mix) > 0) {
    const aim = report.deadline === null ? "finishes" : "meets the deadline";
    return [
      `No mix ${aim} in ${percent(report.verdict.good_odds)} of replications. The best odds: `,
      name,
      ".",
    ];
  }
  if (!mix.time_to_train_s) return ["No mix trains to the end in any replication."];
  return ["No mix meets the deadline in any replication. The fastest: ", name, "."];
}

function headline(report, mix) {
  const name = element("strong", {}, element("bdi", {}, shown(mix.name, 80)));
  const strong = (text) => element("strong", {}, text);
  if (report.verdict.best === null) return nobodyMakesIt(report, mix, name);
  const aim = report.deadline === null ? "that finishes" : `by the deadline of ${duration(report.deadline)}`;
  const { saving: share } = report.verdict;
  const saves = share > 0 ? [" and saves ", strong(percent(share))] : [];
  return [
    `Cheapest ${aim}: `,
    name,
    ". It costs ",
    strong(money(mix.cost_usd.mean)),
    mix.replications === 1 ? "" : " on average",
    saves,
    ".",
  ].flat();
}

const kMetShown = 4;

function limitList(thresholds) {
  return element(
    "ul",
    {},
    thresholds.map(({ text, met }) =>
      element(
        "li",
        { class: met ? "met" : "crossed" },
        element("span", { class: "sign", "aria-hidden": "true" }, met ? "✓" : "✗"),
        element("span", { class: "hidden" }, met ? "met: " : "crossed: "),
        element("bdi", {}, shown(text, 200)),
      ),
    ),
  );
}

/** What is crossed is shown; what is met too, folded away where there is much of it. */
function limits(thresholds) {
  if (thresholds.length === 0) return null;
  const crossed = thresholds.filter(({ met }) => !met);
  const met = thresholds.filter(({ met: good }) => good);
  const summary =
    crossed.length === 0
      ? "All thresholds of the scenario are met."
      : `${crossed.length} of ${thresholds.length} thresholds of the scenario are crossed.`;
  const many = met.length > kMetShown;
  return element(
    "div",
    { class: "limits" },
    element("p", {}, summary),
    limitList(many ? crossed : [...crossed, ...met]),
    many
      ? element("details", { class: "data" }, element("summary", {}, `${met.length} are met`), limitList(met))
      : null,
  );
}

export function verdictSection(report) {
  const { best, likely } = report.verdict;
  const mix = report.mixes[best ?? likely];
  const content = mix
    ? [
        element("p", { class: "verdict" }, headline(report, mix)),
        element(
          "dl",
          { class: "figures" },
          figuresOf(report, mix).map(([name, value, notes]) =>
            element(
              "div",
              {},
              element("dt", {}, name),
              element(
                "dd",
                {},
                element("span", { class: "value" }, value),
                notes.map((note) => element("span", { class: "note" }, note)),
              ),
            ),
          ),
        ),
        report.verdict.spread ? element("p", { class: "lead" }, report.verdict.spread) : null,
      ]
    : [element("p", { class: "verdict" }, report.verdict.text)];
  return element(
    "section",
    { id: "verdict", "aria-label": "Verdict" },
    content,
    warningStrip(report),
    limits(report.thresholds),
  );
}

/** "1,000 replications · seed 42 · deadline 72 h 0 min · budget $120.00" */
export function facts(report) {
  return [
    `${count(report.replications)} ${report.replications === 1 ? "replication" : "replications"}`,
    report.deadline !== null ? `deadline ${duration(report.deadline)}` : null,
    report.budget !== null ? `budget ${money(report.budget)}` : null,
    `seed ${report.seed}`,
    `spotmix ${report.version}`,
  ].filter(Boolean);
}
