// Step functions of any length as few points as a screen can show.

/** The number of the last value of `ascending` that is ≤ `limit`, or −1. */
export function lastUpTo(ascending, limit) {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The points [time, value] of a step function within [from, to]. Where there are more than about
 * 2 × `buckets`, each bucket of time keeps its lowest and its highest value, in their order, so that no
 * spike gets lost. The first and the last point lie on the borders of what is known.
 */
export function sampled({ at, value, end }, from, to, buckets) {
  const begin = Math.max(from, at[0]);
  const until = Math.min(to, end);
  if (at.length === 0 || until < begin) return [];
  const first = lastUpTo(at, begin);
  const last = lastUpTo(at, until);
  const points = [[begin, value[first]]];
  const add = (i) => points.push([at[i], value[i]]);
  if (last - first <= 2 * buckets) {
    for (let i = first + 1; i <= last; ++i) add(i);
  } else {
    const width = (until - begin) / buckets;
    for (let i = first + 1; i <= last; ) {
      const border = begin + width * (Math.floor((at[i] - begin) / width) + 1);
      let low = i;
      let high = i;
      for (; i <= last && (at[i] < border || low === i); ++i) {
        if (value[i] < value[low]) low = i;
        if (value[i] > value[high]) high = i;
      }
      add(Math.min(low, high));
      if (low !== high) add(Math.max(low, high));
    }
  }
  points.push([until, value[last]]);
  return points;
}
