// A row for each mix, named above it, of parts that add up: cost by cause, time of a step.
import { tip } from "./tip.js";
import { bottomAxis, plotGrid, rowAxis, rowTexts, tooltip } from "./parts.js";
import { element } from "../page/element.js";
import { mixName } from "../page/mix_style.js";
import { colour } from "../page/theme.js";

const kRowHeight = 50;
const kBelow = 46;

export const stackedRowsHeight = (rows) => 8 + kBelow + kRowHeight * rows.length;

const total = ({ parts }) => parts.reduce((sum, part) => sum + (part ?? 0), 0);

/**
 * `rows` are {mix, parts, text}, where `text` stands in place of the sum if there is room; `kinds` are {name, colour}, one for each part; `format` makes texts of values
 * and `tick` those of the axis; values are divided by `scale`.
 */
export function stackedRows({ rows, kinds, format, tick, axisName, scale = 1 }, { width }) {
  const most = Math.max(...rows.map(total)) / scale || 1;
  return {
    grid: plotGrid({ left: 6, right: 6, top: 8, bottom: kBelow }),
    xAxis: bottomAxis(axisName, {
      splitLine: { show: false },
      axisLine: { show: true, lineStyle: { color: colour("rule") } },
      axisTick: { show: true, lineStyle: { color: colour("rule") } },
      min: 0,
      max: most * 1.0001,
      axisLabel: { formatter: tick, showMaxLabel: false, alignMinLabel: "left" },
    }),
    yAxis: rowAxis(rows.length),
    tooltip: tooltip(
      (items) => {
        const row = rows[items[0].dataIndex];
        const named = kinds.map((kind, i) => [kindName(kind), row.parts[i]]).filter(([, value]) => value > 0);
        return tip(mixName(row.mix, 80), [
          ...named.map(([name, value]) => [name, format(value)]),
          ["Sum", format(total(row))],
        ]);
      },
      { trigger: "axis", axisPointer: { type: "none" } },
    ),
    series: [
      ...kinds.map((kind, i) => ({
        type: "bar",
        stack: "parts",
        barWidth: 16,
        itemStyle: { color: colour(kind.colour), borderColor: colour("paper"), borderWidth: 0.75 },
        data: rows.map(({ parts }) => (parts[i] ?? 0) / scale),
      })),
      ...rowTexts({
        names: rows.map(({ mix }) => mix.name),
        texts: rows.map((row) => (width > 420 && row.text) || format(total(row))),
        min: 0,
        max: most,
        width,
        above: 17,
      }),
    ],
  };
}

function kindName(kind) {
  return element(
    "span",
    {},
    element("span", { class: "patch", style: `background: var(--${kind.colour})` }),
    kind.name,
  );
}

/** The key of the kinds that occur in some row. */
export function kindKey(kinds, rows) {
  const used = kinds.filter((_, i) => !rows || rows.some(({ parts }) => parts[i] > 0));
  return element(
    "ul",
    { class: "key" },
    used.map((kind) => element("li", {}, kindName(kind))),
  );
}
