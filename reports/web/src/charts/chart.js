// A chart in its frame: title, what it shows, the drawing, its key and its data table. Charts are drawn when the
// page is put together, and again when the width or the colours change.
import { init } from "./echarts.js";
import { colour, onThemeChange } from "../page/theme.js";
import { element } from "../page/element.js";

const drawn = [];

/**
 * `option(size)` gives what ECharts is to draw in a width of `size.width` pixels; `height` is a number or a
 * function of the width; `label` says in words what is to be seen; `ready(chart)` is called after each drawing.
 */
export function chartFigure({ id, title, lead, label, height, option, key, table, controls, ready }) {
  const canvas = element("div", { class: "canvas", id, role: "img", "aria-label": label });
  const figure = element(
    "figure",
    { class: "chart" },
    element(
      "figcaption",
      {},
      title ? element("h3", {}, title) : null,
      lead ? element("p", { class: "lead" }, lead) : null,
    ),
    controls ?? null,
    canvas,
    key ?? null,
    table ?? null,
  );
  drawn.push({ canvas, height, option, ready, chart: null, width: 0 });
  return figure;
}

/** Measures all frames, then sizes all, then draws: otherwise each chart would lay out the page anew. */
function drawAll(entries) {
  const common = frame();
  const sized = entries.map((entry) => {
    const width = entry.canvas.clientWidth || 640;
    return { entry, width, height: typeof entry.height === "function" ? entry.height(width) : entry.height };
  });
  for (const { entry, height } of sized) entry.canvas.style.height = `${height}px`;
  for (const { entry, width, height } of sized) draw(entry, common, { width, height });
}

function draw(entry, common, size) {
  if (entry.chart) entry.chart.resize({ ...size, silent: true });
  else entry.chart = init(entry.canvas, null, { renderer: "canvas", ...size });
  entry.width = size.width;
  entry.chart.setOption({ ...common, ...entry.option(size) }, { notMerge: true });
  entry.ready?.(entry.chart, size);
}

/** What all charts have in common. */
function frame() {
  return {
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: colour("soft") },
  };
}

export function redraw(id) {
  drawAll(drawn.filter(({ canvas }) => !id || canvas.id === id));
}

/** Draws all charts of the page, which must be in the document. */
export function drawCharts() {
  redraw();
  onThemeChange(() => redraw());
  let pending = 0;
  const observer = new ResizeObserver(() => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() =>
      drawAll(drawn.filter(({ canvas, width }) => canvas.clientWidth && canvas.clientWidth !== width)),
    );
  });
  drawn.forEach(({ canvas }) => observer.observe(canvas));
  addEventListener("beforeprint", () => redraw());
  addEventListener("afterprint", () => redraw());
}

/** For tests and the curious: the ECharts instance of each chart by its id. */
export function chartsById() {
  return Object.fromEntries(drawn.map(({ canvas, chart }) => [canvas.id, chart]));
}
