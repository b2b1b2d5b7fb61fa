// Zooming along the time axis: by the slider, by dragging and Ctrl + wheel, and by buttons, which need no mouse.
import { element } from "../page/element.js";
import { colour } from "../page/theme.js";

/** The part of `full` [from, to] that is shown; told to `changed` whenever it moves. */
export class Zoom {
  constructor(full, changed) {
    this.full = full;
    this.shown = [...full];
    this.changed = changed;
  }

  set(from, to) {
    const [first, last] = this.full;
    const whole = last - first;
    const width = Math.min(whole, Math.max(whole * 1e-6, to - from));
    const begin = Math.min(Math.max(first, from), last - width);
    this.shown = [begin, begin + width];
    this.changed(this.shown);
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

/** Tells `zoom` what ECharts' controls did; `first` is the first zoomed axis. */
export function followZoom(chart, zoom) {
  chart.off("datazoom");
  chart.on("datazoom", () => {
    const [{ startValue, endValue }] = chart.getOption().dataZoom;
    zoom.shown = [startValue, endValue];
    zoom.changed(zoom.shown, true);
  });
}

/** Moves ECharts' controls to what `zoom` shows. */
export function applyZoom(chart, zoom) {
  const [startValue, endValue] = zoom.shown;
  const moved = chart.getOption().dataZoom.map(({ id }) => ({ id, startValue, endValue }));
  chart.setOption({ dataZoom: moved }, { lazyUpdate: false });
}

/** Whether the pointer is a mouse: on a touch screen dragging must scroll the page. */
export const hasMouse = () => matchMedia("(pointer: fine)").matches;
