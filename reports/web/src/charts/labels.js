// Names beside points, as ECharts' custom series draw them.
import { colour } from "../page/theme.js";

/** A text for ECharts' custom series, in a box of data/label_places.js. */
export function labelText(text, box, style = {}) {
  return {
    type: "text",
    silent: true,
    style: {
      text,
      x: box.x,
      y: box.y + box.height / 2,
      verticalAlign: "middle",
      fill: colour("ink"),
      stroke: colour("paper"),
      lineWidth: 3,
      fontSize: 12,
      ...style,
    },
  };
}
