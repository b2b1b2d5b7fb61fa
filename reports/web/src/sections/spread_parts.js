// What the spread of cost and time is of: the market, the error of the step time, and convergence; a bar for each mix.
import { element } from "../page/element.js";
import { mixTable } from "../page/mix_table.js";
import { percent } from "../text/units.js";

const kParts = [
  { key: "market", name: "market", colour: "spot" },
  { key: "step_time", name: "step time", colour: "on-demand" },
  { key: "convergence", name: "convergence", colour: "reserved" },
];

const knownParts = (shares) => kParts.filter(({ key }) => shares?.[key] > 0);

function bar(shares) {
  const parts = knownParts(shares);
  if (parts.length === 0) return element("td", {}, "–");
  return element(
    "td",
    {},
    element(
      "span",
      { class: "shares", "aria-hidden": "true" },
      parts.map(({ key, colour }) =>
        element("span", { style: `flex: ${shares[key]} 0 0; background: var(--${colour})` }),
      ),
    ),
    element("small", {}, parts.map(({ key, name }) => `${name}\u00a0${percent(shares[key])}`).join(", ")),
  );
}

/** A table of such bars; null where the result does not tell. */
export function spreadParts(report) {
  const mixes = report.ranked.filter(({ spread }) => spread);
  if (mixes.length === 0) return null;
  return element(
    "div",
    { class: "chart" },
    element("h3", {}, "What the spread comes from"),
    mixTable(
      { class: "parts" },
      element("caption", {}, "Shares of the variance of the logarithm of cost and of time"),
      ["Of the cost", "Of the time"].map((heading) => element("th", { scope: "col" }, heading)),
      mixes,
      ({ spread }) => [bar(spread.cost_usd), bar(spread.time_to_train_s)],
    ),
  );
}
