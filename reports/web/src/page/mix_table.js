import { element } from "./element.js";
import { pointing } from "./highlight.js";
import { mixName } from "./mix_style.js";

/** A row for each mix: its name, then the cells that `cellsOf` makes, under the given headings. */
export function mixTable(attributes, caption, headings, mixes, cellsOf) {
  return element(
    "table",
    attributes,
    caption,
    element("thead", {}, element("tr", {}, element("th", { scope: "col" }, "Mix"), headings)),
    element(
      "tbody",
      {},
      mixes.map((mix) =>
        element("tr", pointing(mix), element("th", { scope: "row" }, mixName(mix)), cellsOf(mix)),
      ),
    ),
  );
}
