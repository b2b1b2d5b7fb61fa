// What a tooltip says: a title and rows of names and values.
import { element } from "../page/element.js";

/** `rows` are [name or element, value]. */
export function tip(title, rows) {
  return element(
    "div",
    { class: "tip" },
    element("strong", {}, title),
    element(
      "dl",
      {},
      rows.map(([name, value]) => [element("dt", {}, name), element("dd", {}, value)]),
    ),
  );
}
