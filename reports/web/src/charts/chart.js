// A chart in its frame: title, what it shows, the drawing, its key and its data table. Charts are drawn when the
// page is put together, and again when the width or the colours change.
import { init } from "./echarts.js";
import { colour, onThemeChange } from "../page/theme.js";
import { element } from "../page/element.js";
import { onHighlight, pointAt, toggleSelected } from "../page/highlight.js";
import { measureIn } from "../text/measure.js";

const drawn = [];

/**
 * `option(size)` gives what ECharts is to draw in a width of `size.width` pixels; `height` is a number or a
 * function of the width; `label` says in words what is to be seen; `ready(chart)` is called after each drawing;
 * `mixesAt({seriesId, seriesIndex, dataIndex})` are those that something drawn stands for: pointing at it highlights
 * them, a click selects them.
 */
export function chartFigure({
  id,
  title,
  lead,
  label,
  height,
  option,
  key,
  table,
  controls,
  ready,
  mixesAt,
}) {
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
  drawn.push({ canvas, height, option, ready, mixesAt, chart: null, size: null, seen: true, stale: false });
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
  else {
    entry.chart = init(entry.canvas, null, { renderer: "canvas", ...size });
    if (entry.mixesAt) followPointer(entry);
  }
  entry.size = size;
  entry.stale = false;
  entry.chart.setOption({ ...common, ...entry.option(size) }, { notMerge: true });
  entry.ready?.(entry.chart, size);
}

function followPointer({ chart, mixesAt }) {
  chart.on("mouseover", (what) => pointAt(mixesAt(what) ?? []));
  chart.on("mouseout", () => pointAt([]));
  chart.on("globalout", () => pointAt([]));
  chart.on("click", (what) => {
    const mixes = mixesAt(what) ?? [];
    if (mixes.length > 0) toggleSelected(mixes);
  });
}

/** Of what has been drawn already only the strength changes. */
function drawHighlight(entry) {
  entry.stale = !entry.seen;
  if (entry.seen) entry.chart.setOption({ series: entry.option(entry.size).series });
}

/** What all charts have in common. */
function frame() {
  const { fontFamily } = getComputedStyle(document.body);
  measureIn(fontFamily);
  return { animation: false, textStyle: { fontFamily, color: colour("soft") } };
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
      drawAll(drawn.filter(({ canvas, size }) => canvas.clientWidth && canvas.clientWidth !== size.width)),
    );
  });
  drawn.forEach(({ canvas }) => observer.observe(canvas));
  followHighlight();
  addEventListener("beforeprint", () => redraw());
  addEventListener("afterprint", () => redraw());
}

/** Charts that are out of sight are drawn when they come into it. */
function followHighlight() {
  const entries = new Map(drawn.filter(({ mixesAt }) => mixesAt).map((entry) => [entry.canvas, entry]));
  const sight = new IntersectionObserver((changes) => {
    for (const { target, isIntersecting } of changes) {
      const entry = entries.get(target);
      entry.seen = isIntersecting;
      if (isIntersecting && entry.stale) drawHighlight(entry);
    }
  });
  for (const canvas of entries.keys()) sight.observe(canvas);
  let pending = 0;
  onHighlight(() => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => [...entries.values()].forEach(drawHighlight));
  });
}

/** For tests and the curious: the ECharts instance of each chart by its id. */
export function chartsById() {
  return Object.fromEntries(drawn.map(({ canvas, chart }) => [canvas.id, chart]));
}
