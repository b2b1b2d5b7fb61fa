// Zooming along the time axis: by the slider, by dragging and Ctrl + wheel, and by buttons, which need no mouse.
import { element } from "../page/element.js";
import { colour } from "../page/theme.js";

/**
 * The part of `full` [from, to] that a chart shows; `series()` gives what is drawn of it, anew whenever it moves.
 */
export class Zoom {
  constructor(full, series) {
    this.series = series;
    this.reset(full);
  }

  reset(full) {
    this.full = full;
    this.shown = [...full];
  }

  /** Whether all is shown. */
  isWhole() {
    return this.shown[0] <= this.full[0] && this.shown[1] >= this.full[1];
  }

  /** From now on moves this chart's controls, and is moved by them. */
  follow(chart) {
    this.chart = chart;
    chart.off("datazoom");
    chart.on("datazoom", () => {
      const [{ startValue, endValue }] = chart.getOption().dataZoom;
      this.shown = [startValue, endValue];
      cancelAnimationFrame(this.pending);
      this.pending = requestAnimationFrame(() => this.draw());
    });
  }

  draw() {
    this.chart.setOption({ series: this.series() });
  }

  set(from, to) {
    const [first, last] = this.full;
    const whole = last - first;
    const width = Math.min(whole, Math.max(whole * 1e-6, to - from));
    const startValue = Math.min(Math.max(first, from), last - width);
    const endValue = startValue + width;
    this.shown = [startValue, endValue];
    const controls = this.chart.getOption().dataZoom.filter(({ id }) => id !== "rows");
    this.chart.setOption({ dataZoom: controls.map(({ id }) => ({ id, startValue, endValue })) });
    this.draw();
  }

  scale(factor) {
    const [from, to] = this.shown;
    const middle = (from + to) / 2;
    const half = ((to - from) * factor) / 2;
    this.set(middle - half, middle + half);
  }

  move(share) {
    const [from, to] = this.shown;
    const step = (to - from) * share;
    const [first, last] = this.full;
    const allowed = Math.min(Math.max(step, first - from), last - to);
    this.set(from + allowed, to + allowed);
  }
}

export function zoomButtons(zoom, what) {
  const button = (text, label, action) =>
    element(
      "button",
      { type: "button", "aria-label": `${label}: ${what}`, title: label, onclick: action },
      text,
    );
  return element(
    "div",
    { class: "zoom", role: "group", "aria-label": `Zoom: ${what}` },
    button("←", "Earlier", () => zoom.move(-0.5)),
    button("→", "Later", () => zoom.move(0.5)),
    button("+", "Zoom in", () => zoom.scale(0.5)),
    button("−", "Zoom out", () => zoom.scale(2)),
    button("All", "Show all", () => zoom.set(...zoom.full)),
  );
}

/** ECharts' own controls for the horizontal axes of the given numbers. */
export function zoomControls(axes, zoom, { slider, mouse }) {
  const [from, to] = zoom.shown;
  const shared = { xAxisIndex: axes, filterMode: "none", startValue: from, endValue: to, minSpan: 1e-4 };
  return [
    {
      ...shared,
      id: "slider",
      type: "slider",
      ...slider,
      height: 22,
      showDataShadow: false,
      showDetail: false,
      brushSelect: false,
      backgroundColor: "transparent",
      borderColor: colour("rule"),
      fillerColor: colour("faint-fill"),
      handleStyle: { color: colour("paper"), borderColor: colour("soft") },
      moveHandleStyle: { color: colour("soft"), opacity: 0.5 },
    },
    ...(mouse
      ? [
          {
            ...shared,
            id: "inside",
            type: "inside",
            zoomOnMouseWheel: "ctrl",
            moveOnMouseWheel: false,
            moveOnMouseMove: true,
          },
        ]
      : []),
  ];
}

/** Whether the pointer is a mouse: on a touch screen dragging must scroll the page. */
export const hasMouse = () => matchMedia("(pointer: fine)").matches;
