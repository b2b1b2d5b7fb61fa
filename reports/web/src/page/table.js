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
 * compared; unknown values come last either way, and groups of rows, by `groupOf(row)`, stay one after the other.
 * A row with a text `instead(row)` has that in place of its figures. On a narrow screen each row is a card with its
 * figures side by side (style/tables.css), which is why the roles are stated.
 */
export function sortableTable({ caption, columns, rows, sortedBy, groupOf, instead, rowAttributes }) {
  const body = element("tbody", { role: "rowgroup" });
  const heads = columns.map((column) => {
    const button = element(
      "button",
      { type: "button" },
      column.heading,
      element("span", { "aria-hidden": "true" }),
    );
    const head = element(
      "th",
      { scope: "col", role: "columnheader", class: column.text ? null : "number" },
      button,
    );
    button.addEventListener("click", () => {
      const now = head.getAttribute("aria-sort");
      sort(column, now ? now === "ascending" : Boolean(column.descending));
    });
    return head;
  });

  function compared(column, descending, a, b) {
    const known = (value) => value !== null && value !== undefined && !Number.isNaN(value);
    const [x, y] = [column.value(a), column.value(b)];
    if (!known(x) || !known(y)) return Number(known(y)) - Number(known(x));
    const order = typeof x === "string" ? x.localeCompare(y) : x - y;
    return descending ? -order : order;
  }

  function sort(column, descending) {
    const ordered = [...rows].sort((a, b) => groupOf(a) - groupOf(b) || compared(column, descending, a, b));
    body.replaceChildren(...ordered.map(rowOf));
    heads.forEach((head, i) => {
      if (columns[i] === column) head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
  }

  function figures(row) {
    const text = instead(row);
    if (text) return element("td", { role: "cell", colspan: columns.length - 1, class: "instead" }, text);
    return columns
      .slice(1)
      .map((column) =>
        element(
          "td",
          { role: "cell", class: column.text ? null : "number", "data-heading": column.heading },
          column.cell(row) ?? "–",
        ),
      );
  }

  function rowOf(row) {
    return element(
      "tr",
      { role: "row", ...rowAttributes(row) },
      element("th", { scope: "row", role: "rowheader" }, columns[0].cell(row)),
      figures(row),
    );
  }

  sort(columns[sortedBy], Boolean(columns[sortedBy].descending));
  return element(
    "table",
    { class: "sortable", role: "table" },
    element("caption", {}, caption),
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, heads)),
    body,
  );
}
