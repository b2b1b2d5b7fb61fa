// The axis for ECharts of values that lie as data/scale.js says.
import { valueAxis } from "./parts.js";
import { logTicks } from "../data/scale.js";

/** `tick` makes texts of numbers of the scale's unit; `most` ticks fit. A logarithmic axis says so in its name. */
export function scaledAxis(scale, { name, tick, most = 8, axisLabel, ...extra }) {
  const label = { showMinLabel: false, showMaxLabel: false, ...axisLabel };
  const options = { min: scale.min, max: scale.max, ...extra };
  if (!scale.logarithmic) return valueAxis({ ...options, name, axisLabel: { ...label, formatter: tick } });
  const customValues = logTicks(scale.from / scale.unit, scale.to / scale.unit, most).map(Math.log10);
  return valueAxis({
    ...options,
    name: `${name} (logarithmic)`,
    axisTick: { show: false, ...extra.axisTick, customValues },
    axisLabel: {
      ...label,
      showMinLabel: true,
      showMaxLabel: true,
      customValues,
      formatter: (place) => tick(Number((10 ** place).toPrecision(6))),
    },
  });
}
