// Names beside points: each where there is room, none on top of another; the first in the list choose first.
import { widthOf } from "../text/measure.js";

export const kLabelHeight = 16;
const kGap = 3;

const overlap = (a, b) =>
  Math.max(0, Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y));

const within = (box, area) =>
  box.x >= area.x &&
  box.y >= area.y &&
  box.x + box.width <= area.x + area.width &&
  box.y + box.height <= area.y + area.height;

/** The box moved into the area, which must be larger. */
const movedInto = (box, area) => ({
  ...box,
  x: Math.max(area.x, Math.min(box.x, area.x + area.width - box.width)),
  y: Math.max(area.y, Math.min(box.y, area.y + area.height - box.height)),
});

/** Right of the point, left, above, below, then the corners; `reach` is the size of its mark. */
function around({ x, y }, width, reach) {
  const [height, far] = [kLabelHeight, reach / 2 + kGap];
  const at = (left, top) => ({ x: left, y: top, width, height });
  return [
    at(x + far, y - height / 2),
    at(x - far - width, y - height / 2),
    at(x - width / 2, y - far - height),
    at(x - width / 2, y + far),
    at(x + far, y - far - height),
    at(x + far, y + far),
    at(x - far - width, y - far - height),
    at(x - far - width, y + far),
  ];
}

/**
 * `points` are {x, y, text, must}, in the order in which they choose; `taken` are boxes that must stay free;
 * `sides(point, width, reach)` are the boxes that come into question. Gives {x, y, width, height} of each name, null
 * where there is no room; what `must` be named takes the least bad place.
 */
export function placeLabels(points, { area, taken = [], reach = 14, sides = around, measure = widthOf }) {
  const marks = points.map(({ x, y }) => ({
    x: x - reach / 2,
    y: y - reach / 2,
    width: reach,
    height: reach,
  }));
  const used = [...taken];
  return points.map((point, i) => {
    const others = [...used, ...marks.filter((_, k) => k !== i)];
    const cost = (box) => others.reduce((sum, other) => sum + overlap(box, other), 0);
    const boxes = sides(point, Math.ceil(measure(point.text)), reach);
    let chosen = boxes.find((box) => within(box, area) && cost(box) === 0) ?? null;
    if (!chosen && point.must) {
      const moved = boxes.map((box) => movedInto(box, area));
      chosen = moved.reduce((best, box) => (cost(box) < cost(best) ? box : best));
    }
    if (chosen) used.push(chosen);
    return chosen;
  });
}
