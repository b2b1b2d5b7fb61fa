// Parts that the charts' options share.
import { colour } from "../page/theme.js";
import { fitted, widest, widthOf } from "../text/measure.js";

/**
 * Where axes lie, at distances from the edges that have room for their labels: to have ECharts measure all labels
 * first takes a tenth of the time that the page takes to draw.
 */
export function plotGrid(sides) {
  return { outerBoundsMode: "none", ...sides };
}

/** The room that the labels of a vertical axis take, of which `longest` is the longest. */
export function labelRoom(longest) {
  return 14 + 7 * Math.max(6, longest.length);
}

/** An axis of numbers with quiet lines. */
export function valueAxis(extra = {}) {
  const { axisLabel, ...others } = extra;
  return {
    type: "value",
    axisLine: { show: false, onZero: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colour("rule") } },
    axisLabel: { color: colour("soft"), hideOverlap: true, ...axisLabel },
    nameTextStyle: { color: colour("soft") },
    ...others,
  };
}

/** The name of a vertical axis above it, from the chart's left edge on; `left` is where the axis stands. */
export function topName(left) {
  return { nameTextStyle: { color: colour("soft"), align: "left", padding: [0, 0, 0, 2 - left] } };
}

/** How the name of a horizontal axis stands: below it, in the middle. */
export const kBelowAxis = { nameLocation: "middle", nameGap: 28 };

/** A horizontal axis with its name. */
export function bottomAxis(name, extra = {}) {
  return valueAxis({ name, ...kBelowAxis, ...extra });
}

/**
 * A limit that the scenario sets: a dashed line with its name, above the plot or, of a horizontal one, at its right
 * end. `at` is {xAxis: …} or {yAxis: …}; `share` is where a vertical line stands between the left edge (0) and the
 * right one, so that its name does not reach beyond; `inverse` where the vertical axis points down.
 */
export function limitLine(at, text, { share = 0.5, inverse = false } = {}) {
  const vertical = "xAxis" in at;
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: colour("ink"), type: [5, 4], width: 1.25 },
    label: {
      formatter: () => text,
      color: colour("ink"),
      textBorderColor: colour("paper"),
      textBorderWidth: 3,
      fontSize: 12,
      position: vertical ? (inverse ? "start" : "end") : "insideEndTop",
      align: vertical ? (share < 0.2 ? "left" : share > 0.8 ? "right" : "center") : undefined,
      rotate: 0,
      distance: 4,
    },
    data: [at],
  };
}

/** A tooltip whose content is made of elements, so that names stay texts. */
export function tooltip(formatter, extra = {}) {
  return {
    confine: true,
    appendTo: undefined,
    backgroundColor: colour("paper"),
    borderColor: colour("rule"),
    textStyle: { color: colour("ink"), fontSize: 13 },
    formatter,
    ...extra,
  };
}

const kRowText = 12.5;

/** How far such a chart's plot stays from the right edge, so that the last of the axis's labels is not cut. */
export const roomForLastLabel = (labels) => Math.max(6, Math.ceil(widest(labels) / 2) + 2);

/**
 * Rows that are named above what they show, so that long names cost no width: invisible points at the left
 * edge with the names and, at the right edge, a text each. The axes must have the given bounds and lie `right` pixels
 * from the chart's right edge. `suffixes` are ends of names that are never cut; `opacity(i)` is how strongly a row is drawn.
 */
export function rowTexts({ names, suffixes = [], texts, min, max, width, above, right, opacity = () => 1 }) {
  const room = width - 12 - 24 - 1.05 * (widest(texts) + widest(suffixes));
  const cut = fitted(names, room / 1.05).map((name, i) => name + (suffixes[i] ?? ""));
  const side = (x, values, align, color) => ({
    type: "scatter",
    silent: true,
    symbolSize: 1,
    itemStyle: { color: "transparent" },
    data: values.map((_, i) => ({ value: [x, i], label: { opacity: opacity(i) } })),
    label: {
      show: true,
      formatter: ({ dataIndex }) => values[dataIndex],
      position: "right",
      align,
      offset: [align === "left" ? -10 : right - 8, -above],
      color: colour(color),
      fontSize: kRowText,
      backgroundColor: colour("paper"),
      padding: [1, 4],
    },
    z: 10,
  });
  return [side(min, cut, "left", "ink"), side(max, texts, "right", "soft")];
}

/** The vertical axis of such rows: the first on top. */
export function rowAxis(count, extra = {}) {
  return {
    type: "category",
    inverse: true,
    data: Array.from({ length: count }, (_, i) => String(i)),
    axisLine: { show: false },
    axisTick: { show: false },
    axisLabel: { show: false },
    splitLine: { show: false },
    ...extra,
  };
}

/** The room that such names take at the left: `most` pixels at most. */
export const namesRoom = (names, most) => Math.min(most, Math.ceil(widest(names)) + 14);

/** The vertical axis of rows that are named at their left, in `width` pixels; the first on top. */
export function namedRowAxis(names, width, extra = {}) {
  const cut = fitted(names, width);
  return rowAxis(names.length, {
    axisLabel: {
      interval: 0,
      color: colour("soft"),
      fontSize: 12,
      formatter: (_, i) => cut[i] ?? "",
    },
    ...extra,
  });
}

/** Where a series lies in pixels, for what is drawn over all of it. */
export const areaOf = ({ coordSys: { x, y, width, height } }) => ({ x, y, width, height });

/** The box of a limit's name at the right end of its line, `y` pixels from the top. */
export const rightEndBox = (text, y, area) => ({
  x: area.x + area.width - widthOf(text) - 12,
  y: y - 20,
  width: widthOf(text) + 12,
  height: 22,
});
