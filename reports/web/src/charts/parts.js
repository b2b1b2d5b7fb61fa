// Parts that the charts' options share.
import { colour } from "../page/theme.js";
import { shown } from "../page/names.js";

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
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { lineStyle: { color: colour("rule") } },
    axisLabel: { color: colour("soft"), hideOverlap: true, ...axisLabel },
    nameTextStyle: { color: colour("soft") },
    ...others,
  };
}

/** A horizontal axis with its name below, in the middle. */
export function bottomAxis(name, extra = {}) {
  return valueAxis({ name, nameLocation: "middle", nameGap: 28, ...extra });
}

/**
 * A limit that the scenario sets: a dashed line with its name. `at` is {xAxis: …} or {yAxis: …}; `inverse` where
 * the vertical axis points down.
 */
export function limitLine(at, text, inverse = false) {
  return {
    silent: true,
    symbol: "none",
    animation: false,
    lineStyle: { color: colour("ink"), type: [5, 4], width: 1.25 },
    label: {
      formatter: () => text,
      color: colour("ink"),
      position: "xAxis" in at ? (inverse ? "start" : "end") : "insideEndTop",
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

/**
 * Rows that are named above what they show, so that long names cost no width: invisible points at the left
 * edge with the names and, at the right edge, a text each. The axes must have the given bounds.
 */
export function rowTexts({ names, texts, min, max, width, above, axis = 0 }) {
  const half = Math.max(80, width - 12);
  const side = (x, values, align, color, share) => ({
    type: "scatter",
    silent: true,
    symbolSize: 1,
    itemStyle: { color: "transparent" },
    xAxisIndex: axis,
    yAxisIndex: axis,
    data: values.map((_, i) => [x, i]),
    label: {
      show: true,
      formatter: ({ dataIndex }) => values[dataIndex],
      position: "right",
      align,
      offset: [align === "left" ? -10 : -2, -above],
      color: colour(color),
      fontSize: 12.5,
      width: half * share,
      overflow: "truncate",
      backgroundColor: colour("paper"),
      padding: [1, 4],
    },
    z: 10,
  });
  return [
    side(
      min,
      names.map((name) => shown(name, 80)),
      "left",
      "ink",
      0.56,
    ),
    side(max, texts, "right", "soft", 0.44),
  ];
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

/** The vertical axis of rows that are named at their left, in `width` pixels; the first on top. */
export function namedRowAxis(names, width, extra = {}) {
  return rowAxis(names.length, {
    axisLabel: {
      interval: 0,
      color: colour("soft"),
      width,
      overflow: "truncate",
      formatter: (_, i) => (names[i] ? shown(names[i], 40) : ""),
    },
    ...extra,
  });
}
