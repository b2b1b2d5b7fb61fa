// Where every number comes from: measured, published, scaled from something else, given or assumed.
import { element } from "../page/element.js";
import { mixKey, mixSign } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { scrollable } from "../page/table.js";
import { percent } from "../text/units.js";

/** Each source once, with the mixes whose figures come from it. */
function distinct(mixes) {
  const known = new Map();
  for (const mix of mixes) {
    for (const source of mix.sources ?? []) {
      const key = JSON.stringify(source);
      if (!known.has(key)) known.set(key, { ...source, mixes: [] });
      known.get(key).mixes.push(mix);
    }
  }
  return [...known.values()];
}

function row(source, all) {
  const whose = source.mixes.length === all ? "all" : source.mixes.map(mixSign);
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, shown(source.figure, 120)),
    element("td", {}, element("span", { class: `kind ${source.kind}` }, source.kind)),
    element("td", {}, element("bdi", {}, shown(source.from ?? "", 200))),
    element("td", {}, element("bdi", {}, shown(source.citation || "–", 400))),
    element("td", { class: "number" }, source.median_error === null ? "–" : percent(source.median_error)),
    element("td", {}, whose),
  );
}

export function sourcesSection(report) {
  const withSources = report.ranked.filter((mix) => mix.sources?.length > 0);
  const sources = distinct(withSources);
  if (sources.length === 0) return null;
  const table = element(
    "table",
    { class: "sources" },
    element("caption", {}, "The error is the median of what is known of such figures"),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        ["Figure", "Kind", "From", "Who says so", "Error", "Mixes"].map((heading) =>
          element("th", { scope: "col", class: heading === "Error" ? "number" : null }, heading),
        ),
      ),
    ),
    element(
      "tbody",
      {},
      sources.map((source) => row(source, withSources.length)),
    ),
  );
  return element(
    "section",
    { id: "sources" },
    element("h2", {}, "Where every number comes from"),
    scrollable("Sources of the figures", table),
    sources.some(({ mixes }) => mixes.length < withSources.length) ? mixKey(withSources) : null,
  );
}
