// Statistics of replications.

/** Linear between order statistics (type 7 of Hyndman and Fan 1996); `ascending` must not be empty. */
export function quantile(ascending, q) {
  const place = q * (ascending.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (place - below) * (ascending[above] - ascending[below]);
}

/** How many lie in each of `bins` equal parts of [from, to]; values at `to` count in the last. */
export function histogram(ascending, from, to, bins) {
  const counts = new Array(bins).fill(0);
  const width = (to - from) / bins || 1;
  for (const value of ascending) {
    counts[Math.min(bins - 1, Math.max(0, Math.floor((value - from) / width)))] += 1;
  }
  return counts;
}

/** The smallest value that at least the share `q` of `count` draws do not exceed; undefined if none is. */
export function reachedBy(ascending, count, q) {
  const needed = Math.max(1, Math.ceil(q * count - 1e-9));
  return needed <= ascending.length ? ascending[needed - 1] : undefined;
}

/** The share of `count` draws that do not exceed `limit`. */
export function shareUpTo(ascending, count, limit) {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= limit) low = middle + 1;
    else high = middle;
  }
  return low / count;
}

/** The odds that count for a mix: on time where there is a deadline, finished elsewhere. */
export const oddsOf = (mix) => mix.on_time_probability ?? mix.finished_fraction;
