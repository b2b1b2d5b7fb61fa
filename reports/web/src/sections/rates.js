// What people check first: how well the hardware is used, how fast training is, and what it costs by amount.
import { element } from "../page/element.js";
import { mixTable } from "../page/mix_table.js";
import { scrollable } from "../page/table.js";
import { decimal, money, percent } from "../text/units.js";

const rounded = (value) => decimal(value, value >= 100 ? 0 : value >= 1 ? 1 : 3);

const kRates = [
  { key: "mfu", heading: "MFU", text: percent },
  { key: "hfu", heading: "HFU", text: percent },
  { key: "model_tflop_per_s_per_device", heading: "TFLOP/s per device", text: rounded },
  { key: "tokens_per_s", heading: "Tokens/s", text: rounded },
  { key: "samples_per_s", heading: "Samples/s", text: rounded },
  { key: "device_hours", heading: "Device-hours", text: rounded },
  { key: "usd_per_million_tokens", heading: "$ per million tokens", text: money },
  { key: "usd_per_million_samples", heading: "$ per million samples", text: money },
];

const valueOf = (mix, key) =>
  mix.rates?.[key] ?? (key === "samples_per_s" ? mix.step?.samples_per_s : null) ?? null;

/** A table with a column for each rate that some mix has. */
export function ratesSection(report) {
  const mixes = report.ranked.filter(
    ({ rates }) => rates && Object.values(rates).some((rate) => rate !== null),
  );
  if (mixes.length === 0) return null;
  const shownRates = kRates.filter(({ key }) => mixes.some((mix) => valueOf(mix, key) !== null));
  return element(
    "section",
    { id: "rates" },
    element("h2", {}, "Rates"),
    element(
      "p",
      { class: "lead" },
      "MFU is the share of the devices' peak that the model's operations take, HFU the same with those that are computed again.",
    ),
    scrollable(
      "Rates of each mix",
      mixTable(
        { class: "rates pinned" },
        element("caption", { class: "hidden" }, "Rates of each mix"),
        shownRates.map(({ heading }) => element("th", { scope: "col", class: "number" }, heading)),
        mixes,
        (mix) =>
          shownRates.map(({ key, text }) => {
            const value = valueOf(mix, key);
            return element("td", { class: "number" }, value === null ? "–" : text(value));
          }),
      ),
    ),
  );
}
