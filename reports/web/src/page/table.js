// Tables of figures: the data behind a chart, and tables that can be sorted.
import { element } from "./element.js";

const kMostRows = 500;

function cell(value, tag = "td", attributes = {}) {
  const numeric = typeof value === "string" && /^[−$\d]/.test(value);
  return element(tag, { class: numeric ? "number" : null, ...attributes }, value ?? "–");
}

/** The data of a chart for those who cannot see it, folded away; `rows` are texts or elements. */
export function dataTable(caption, headings, rows) {
  const shownRows = rows.slice(0, kMostRows);
  const table = element(
    "table",
    {},
    element("caption", {}, caption),
    element(
      "thead",
      {},
      element(
        "tr",
        {},
        headings.map((heading) => element("th", { scope: "col" }, heading)),
      ),
    ),
    element(
      "tbody",
      {},
      shownRows.map(([first, ...others]) =>
        element(
          "tr",
          {},
          element("th", { scope: "row" }, first),
          others.map((value) => cell(value)),
        ),
      ),
    ),
  );
  const cut =
    rows.length > kMostRows
      ? element(
          "p",
          { class: "note" },
          `The first ${kMostRows} of ${rows.length} rows; the CSV files have all.`,
        )
      : null;
  return element(
    "details",
    { class: "data" },
    element("summary", {}, "Data table"),
    scrollable(caption, table),
    cut,
  );
}

/** Wide content that scrolls sideways, also by keyboard. */
export function scrollable(label, content) {
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": label }, content);
}

/**
 * A table that its headings sort. A column is {heading, value(row), cell(row), descending}: `value` is what is
 * compared; unknown values come last either way.
 */
export function sortableTable({ caption, columns, rows, sortedBy, rowAttributes }) {
  const body = element("tbody");
  const heads = columns.map((column) => {
    const button = element(
      "button",
      { type: "button" },
      column.heading,
      element("span", { "aria-hidden": "true" }),
    );
    const head = element("th", { scope: "col", class: column.text ? null : "number" }, button);
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      sort(column, now ? now === "ascending" : Boolean(column.descending));
    });
    return head;
  });

  function sort(column, descending) {
    const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);
    const ordered = [...rows].sort((a, b) => {
      const [x, y] = [column.value(a), column.value(b)];
      if (!known(x) || !known(y)) return Number(known(y)) - Number(known(x));
      const order = typeof x === "string" ? x.localeCompare(y) : x - y;
      return descending ? -order : order;
    });
    body.replaceChildren(...ordered.map(rowOf));
    heads.forEach((head, i) => {
      if (columns[i] === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  function rowOf(row) {
    const cells = columns.map((column, i) =>
      i === 0
        ? element("th", { scope: "row" }, column.cell(row))
        : element("td", { class: column.text ? null : "number" }, column.cell(row) ?? "–"),
    );
    return element("tr", rowAttributes(row), cells);
  }

  sort(columns[sortedBy], Boolean(columns[sortedBy].descending));
  return element(
    "table",
    { class: "sortable" },
    element("caption", {}, caption),
    element("thead", {}, element("tr", {}, heads)),
    body,
  );
}
