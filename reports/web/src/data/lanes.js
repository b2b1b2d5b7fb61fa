// Instances of a replication in lanes: one after the other in one row where they do not overlap, so that a row is
// a place in the fleet rather than one of hundreds of short lives.

/** `lives` are {from, to, group}; gives each its lane's number; lanes of a group stand together. */
export function lanesOf(lives) {
  const groups = new Map();
  const order = lives.map((_, i) => i).sort((a, b) => lives[a].from - lives[b].from || a - b);
  for (const i of order) {
    const { from, to, group } = lives[i];
    if (!groups.has(group)) groups.set(group, []);
    const lanes = groups.get(group);
    let lane = lanes.find(({ until }) => until <= from);
    if (!lane) lanes.push((lane = { until: from, members: [] }));
    lane.until = Math.max(to, from);
    lane.members.push(i);
  }
  const numbers = new Array(lives.length);
  const rows = [];
  for (const [group, lanes] of [...groups].sort(([a], [b]) => a - b)) {
    for (const { members } of lanes) {
      members.forEach((i) => (numbers[i] = rows.length));
      rows.push({ group });
    }
  }
  return { numbers, rows };
}

/**
 * The bars that can be seen between `from` and `to`, where a pixel is `pixel` long: bars are in order within
 * their rows, and what is narrower than a part of a pixel goes with the bar before it.
 */
export function visibleBars(bars, from, to, pixel) {
  const narrow = 0.4 * pixel;
  const last = new Map();
  const seen = [];
  for (const bar of bars) {
    if (bar.to < from || bar.from > to) continue;
    const before = last.get(bar.row);
    if (before && bar.to - bar.from < narrow && bar.from - before.to < narrow) {
      before.to = bar.to;
      continue;
    }
    const drawn = { ...bar };
    last.set(bar.row, drawn);
    seen.push(drawn);
  }
  return seen;
}

/** The parts of [from, to] with what the job did in each: `job` is {from, to, activity}[], in order. */
export function cutByJob(from, to, job) {
  const parts = [];
  let low = 0;
  let high = job.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (job[middle].to <= from) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < job.length && job[i].from < to; ++i) {
    parts.push({ from: Math.max(from, job[i].from), to: Math.min(to, job[i].to), activity: job[i].activity });
  }
  return parts;
}
