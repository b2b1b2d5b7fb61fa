// Rows that show the same are one row.

/** `rows` are {mix, …}; those with the same `key(row)` become one with all their `mixes`, at the first's place. */
export function foldAlike(rows, key) {
  const folded = new Map();
  for (const row of rows) {
    const known = folded.get(key(row));
    if (known) known.mixes.push(row.mix);
    else folded.set(key(row), { ...row, mixes: [row.mix] });
  }
  return [...folded.values()];
}

/** What such a row is called: `all` is how many mixes there are. */
export function alikeName({ mixes }, all) {
  if (mixes.length > 1 && mixes.length === all) return `all ${all} mixes`;
  return mixes[0].label + alikeSuffix({ mixes }, all);
}

/** What of that must not be cut. */
export function alikeSuffix({ mixes }, all) {
  return mixes.length === 1 || mixes.length === all ? "" : ` and ${mixes.length - 1} more`;
}
