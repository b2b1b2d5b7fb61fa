// How values lie along an axis: evenly, or by their logarithms, or with a part left out, where a few would dwarf all
// others.
/**
 * Whether the largest of these values would leave the most of them no room on an even axis that begins at `from`:
 * they lie within a fifth of it.
 */
export function dwarfed(values, from = 0) {
  const ascending = [...values].sort((a, b) => a - b);
  if (ascending.length < 2 || !(ascending[0] > 0)) return false;
  const largest = ascending[ascending.length - 1];
  const middle = ascending[(ascending.length - 1) >> 1];
  return largest > 2 * middle && largest - from > 5 * (middle - from);
}

const kSteps = [
  [1],
  [1, 3],
  [1, 2, 5],
  [1, 1.5, 2, 3, 4, 6, 8],
  [1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9],
];

/** Round numbers within [from, to], at most `most` of them and, where that can be, at least three. */
export function logTicks(from, to, most) {
  let ticks = [];
  for (const steps of kSteps) {
    const finer = [];
    for (let decade = Math.floor(Math.log10(from)); 10 ** decade <= to; ++decade)
      finer.push(...steps.map((step) => Number((step * 10 ** decade).toPrecision(3))));
    const within = finer.filter((tick) => tick >= from && tick <= to);
    if (within.length > most && ticks.length > 0) break;
    ticks = within;
    if (ticks.length >= 4) break;
  }
  return ticks;
}

export class Scale {
  /** Of an axis from `from` to `to`; `unit` is what its numbers count. */
  constructor({ from, to, logarithmic = false, unit = 1 }) {
    Object.assign(this, { from, to, logarithmic, unit });
    this.min = this.place(from);
    this.max = this.place(to);
  }

  /** Where a value lies, in the axis's own numbers. */
  place(value) {
    const counted = value / this.unit;
    return this.logarithmic ? Math.log10(Math.max(counted, 1e-12)) : counted;
  }

  /** The value at such a number. */
  value(place) {
    return (this.logarithmic ? 10 ** place : place) * this.unit;
  }
}

/**
 * From a little below the least to a little above the most of `values`; by logarithms where `judged`, the values
 * that must be told apart, would be dwarfed.
 */
export function scaleOf(values, { judged = values, zero = false, room = [0.05, 0.05], unit = 1 }) {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  if (dwarfed(judged, zero ? 0 : Math.min(...judged)) && least > 0) {
    const width = Math.log(most / least);
    return new Scale({
      from: least * Math.exp(-width * room[0]),
      to: most * Math.exp(width * room[1]),
      logarithmic: true,
      unit,
    });
  }
  if (zero) return new Scale({ from: 0, to: niceAbove(most), unit });
  const width = most - least || Math.abs(most) * 0.2 || 1;
  return new Scale({ from: Math.max(0, least - room[0] * width), to: most + room[1] * width, unit });
}

function niceAbove(value) {
  if (!(value > 0)) return 1;
  const step = 10 ** Math.floor(Math.log10(value)) / 5;
  return Number((Math.ceil((value * 1.04) / step) * step).toPrecision(6));
}

/**
 * What an even axis from 0 of values that end at `ends` leaves out, [from, to] each: the widest gaps above most of
 * them, until the largest leaves these a fifth of the axis; nothing if it does so anyway.
 */
export function breaksOf(ends) {
  if (!dwarfed(ends)) return [];
  const ascending = [...ends].sort((a, b) => a - b);
  const half = (ascending.length - 1) >> 1;
  const middle = ascending[half];
  const step = 10 ** Math.floor(Math.log10(middle));
  const round = (value, up) => Number(((up ? Math.ceil : Math.floor)(value / step) * step).toPrecision(12));
  const gaps = ascending
    .slice(half + 1)
    .map((end, i) => [round(ascending[half + i] + middle / 4, true), round(end - middle / 4, false)])
    .filter(([from, to]) => to - from > middle)
    .sort((a, b) => b[1] - b[0] - (a[1] - a[0]));
  const breaks = [];
  let left = ascending[ascending.length - 1];
  for (const [from, to] of gaps) {
    if (left <= 5 * middle) break;
    breaks.push([from, to]);
    left -= to - from;
  }
  return breaks.sort((a, b) => a[0] - b[0]);
}
