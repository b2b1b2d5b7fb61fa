// A replayed replication laid out for drawing: bars of what job and instances did, marks, and a name for each row.
import { cutByJob, lanesOf } from "./lanes.js";

const kPurchases = { spot: "spot", on_demand: "on demand", reserved: "reserved" };

/** `drawnMarks`: the kinds of marks that are wanted. Times are seconds since the start. */
export function layOut(report, replay, drawnMarks) {
  const { spans, marks, instances } = replay;
  const activityOf = (i) => report.names.activities[spans.activity[i]];
  const job = [];
  const lives = Array.from(instances.number, (number, i) => ({
    number,
    pool: report.pools[instances.pool[i]],
    purchase: kPurchases[report.names.purchases[instances.purchase[i]]],
    group: instances.pool[i] * 4 + instances.purchase[i],
    from: Infinity,
    to: -Infinity,
    states: [],
  }));
  for (let i = 0; i < spans.track.length; ++i) {
    const span = { from: spans.from[i], to: spans.to[i], activity: activityOf(i) };
    if (spans.track[i] === 0) {
      job.push(span);
      continue;
    }
    const life = lives[spans.track[i] - 1];
    life.from = Math.min(life.from, span.from);
    life.to = Math.max(life.to, span.to);
    life.states.push(span);
  }
  const seen = lives.filter(({ states }) => states.length > 0);
  const { numbers, rows } = lanesOf(seen);
  const bars = job.map((span) => ({ ...span, row: 0, life: null }));
  seen.forEach((life, i) => {
    life.row = numbers[i] + 1;
    for (const state of life.states) {
      const parts = state.activity === "ready" ? cutByJob(state.from, state.to, job) : [state];
      bars.push(...parts.map((part) => ({ ...part, row: life.row, life })));
    }
  });
  bars.sort((a, b) => a.row - b.row || a.from - b.from);
  const placed = [];
  for (let i = 0; i < marks.track.length; ++i) {
    const kind = report.names.marks[marks.kind[i]];
    const life = marks.track[i] === 0 ? null : lives[marks.track[i] - 1];
    if (drawnMarks.has(kind)) placed.push({ kind, at: marks.at[i], row: life?.row ?? 0, life });
  }
  const groups = new Map(seen.map((life) => [life.group, life]));
  const names = [
    "Job",
    ...rows.map(({ group }) => `${groups.get(group).pool.zone} · ${groups.get(group).purchase}`),
  ];
  const end = Math.max(...bars.map(({ to }) => to), ...placed.map(({ at }) => at), 1e-9);
  return { bars, marks: placed, names, end, lives: seen, groupOf: [null, ...rows.map(({ group }) => group)] };
}
