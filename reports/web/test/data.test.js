import assert from "node:assert/strict";
import { test } from "node:test";
import { zlibSync } from "fflate";
import { columnReader } from "../src/data/columns.js";
import { cutByJob, lanesOf, visibleBars } from "../src/data/lanes.js";
import { lastUpTo, sampled } from "../src/data/sampling.js";
import { histogram, quantile, reachedBy, shareUpTo, sorted } from "../src/data/statistics.js";

/** A column's bytes as reports/html/columns.cpp lays them out. */
function planes(words) {
  return [0, 8, 16, 24].flatMap((shift) => words.map((word) => (word >>> shift) & 0xff));
}
const base64 = (bytes) => Buffer.from(zlibSync(Uint8Array.from(bytes))).toString("base64");

test("columns: integers are sums of zigzag steps, floats keep their bits", () => {
  const float = (value) => new Uint32Array(Float32Array.of(value).buffer)[0];
  const integers = { kind: "integers", at: 0, n: 4, origin: 100, unit: 0.5 };
  const floats = { kind: "floats", at: 16, n: 2 };
  const none = { kind: "integers", at: 0, n: 0 };
  const packed = base64([...planes([0, 2, 3, 0xffffffff]), ...planes([float(1.5), float(NaN)])]);
  const read = columnReader(packed, { deep: [{ integers }, null], floats });
  assert.deepEqual([...read(integers)], [100, 100.5, 99.5, 99.5 - 2 ** 30]);
  assert.deepEqual([...read(floats)], [1.5, NaN]);
  assert.deepEqual([...read(none)], []);
});

test("statistics leave out what did not finish, and count it where shares are asked for", () => {
  const times = sorted(Float32Array.of(4, NaN, 1, 3, 2));
  assert.deepEqual([...times], [1, 2, 3, 4]);
  assert.equal(quantile(times, 0.5), 2.5);
  assert.equal(quantile(times, 1), 4);
  assert.equal(shareUpTo(times, 5, 3), 0.6);
  assert.equal(shareUpTo(times, 5, 0.5), 0);
  assert.equal(reachedBy(times, 5, 0.8), 4);
  assert.equal(reachedBy(times, 5, 0.81), undefined);
  assert.deepEqual(histogram(times, 1, 4, 3), [1, 1, 2]);
});

test("a step function is sampled from what holds at the left to what holds at the right", () => {
  const series = { at: Float64Array.of(0, 10, 20, 30), value: Float64Array.of(1, 2, 3, 4), end: 40 };
  assert.deepEqual(sampled(series, 5, 25, 100), [
    [5, 1],
    [10, 2],
    [20, 3],
    [25, 3],
  ]);
  assert.deepEqual(sampled(series, -5, 100, 100), [
    [0, 1],
    [10, 2],
    [20, 3],
    [30, 4],
    [40, 4],
  ]);
  assert.deepEqual(sampled(series, 50, 60, 100), []);
  assert.equal(lastUpTo(series.at, 10), 1);
  assert.equal(lastUpTo(series.at, -1), -1);
});

test("however many points there are, few are drawn, and no spike is lost", () => {
  const n = 1_000_000;
  const series = {
    at: Float64Array.from({ length: n }, (_, i) => i),
    value: new Float64Array(n).fill(1),
    end: n,
  };
  series.value[123_456] = 99;
  series.value[765_432] = -7;
  const points = sampled(series, 0, n, 500);
  assert.ok(points.length <= 2 * 500 + 4, `${points.length} points`);
  assert.ok(points.some(([at, value]) => at === 123_456 && value === 99));
  assert.ok(points.some(([at, value]) => at === 765_432 && value === -7));
  assert.ok(points.every(([at], i) => i === 0 || at >= points[i - 1][0]));
});

test("instances that follow one another share a lane; those of a pool stand together", () => {
  const { numbers, rows } = lanesOf([
    { from: 0, to: 5, group: 1 },
    { from: 0, to: 9, group: 0 },
    { from: 5, to: 8, group: 1 },
    { from: 6, to: 7, group: 1 },
  ]);
  assert.deepEqual(numbers, [1, 0, 1, 2]);
  assert.deepEqual(
    rows.map(({ group }) => group),
    [0, 1, 1],
  );
});

test("a ready instance does what the job does", () => {
  const job = [
    { from: 0, to: 10, activity: "waiting" },
    { from: 10, to: 20, activity: "training" },
    { from: 20, to: 22, activity: "checkpoint" },
  ];
  assert.deepEqual(cutByJob(5, 21, job), [
    { from: 5, to: 10, activity: "waiting" },
    { from: 10, to: 20, activity: "training" },
    { from: 20, to: 21, activity: "checkpoint" },
  ]);
  assert.deepEqual(cutByJob(30, 40, job), []);
});

test("of ten thousand short bars only as many are drawn as there are pixels, without gaps", () => {
  const bars = Array.from({ length: 20_000 }, (_, i) => ({
    row: i % 2,
    from: i >> 1,
    to: (i >> 1) + 1,
    activity: "training",
  }));
  bars.sort((a, b) => a.row - b.row || a.from - b.from);
  const drawn = visibleBars(bars, 0, 10_000, 100);
  assert.ok(drawn.length <= 2 * 251, `${drawn.length} bars`);
  assert.equal(drawn.filter(({ row }) => row === 1).at(-1).to, 10_000);
  assert.equal(visibleBars(bars, 5000, 5010, 0.1).length, 24);
});
