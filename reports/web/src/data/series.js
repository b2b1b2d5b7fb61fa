// Step functions of time: prices and capacity of a pool. The page is drawn from an overview of the long ones; what
// they are in full stands at the page's end and is unpacked when somebody zooms, or before that when the browser
// has nothing else to do.
import { columnOf } from "./columns.js";
import { lastUpTo } from "./sampling.js";

let wholes = null;

/** The list of long series; null as long as the browser has not read it. */
function wholesOfPage() {
  if (!wholes && document.readyState !== "loading")
    wholes = JSON.parse(document.getElementById("series").textContent);
  return wholes;
}

export class Series {
  constructor({ at, value, end, summary, whole }) {
    this.at = columnOf(at);
    this.value = columnOf(value);
    this.end = end;
    this.summary = summary; // of all points, weighted by time: {least, mean, most, positive, changes}
    this.number = whole;
    this.unpacked = whole === null ? this : null;
  }

  /** With all points; the overview until the page has been read. */
  whole() {
    if (this.unpacked) return this.unpacked;
    const list = wholesOfPage();
    if (!list) return this;
    const { at, value } = list[this.number];
    list[this.number] = null;
    this.unpacked = { at: columnOf(at), value: columnOf(value), end: this.end };
    return this.unpacked;
  }

  /** What holds at a time; null where nothing is known. */
  valueAt(seconds) {
    const { at, value, end } = this.whole();
    return seconds >= at[0] && seconds <= end ? value[lastUpTo(at, seconds)] : null;
  }
}

const whenIdle = (work) =>
  globalThis.requestIdleCallback ? requestIdleCallback(work) : setTimeout(work, 200);

/** Unpacks one after the other while the browser has nothing else to do, so that the first zoom need not wait. */
export function unpackWhenIdle(series) {
  const waiting = series.filter(({ unpacked }) => !unpacked);
  const next = () => {
    waiting.shift()?.whole();
    if (waiting.length > 0) whenIdle(next);
  };
  if (waiting.length > 0) addEventListener("load", () => whenIdle(next));
}
