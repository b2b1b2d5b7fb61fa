import assert from "node:assert/strict";
import { test } from "node:test";
import { zlibSync } from "fflate";
import { placeLabels } from "../src/data/label_places.js";
import { breaksOf, dwarfed, logTicks, Scale, scaleOf } from "../src/data/scale.js";
import { alikeName, foldAlike } from "../src/data/alike.js";
import { columnOf } from "../src/data/columns.js";
import { cutByJob, lanesOf, visibleBars } from "../src/data/lanes.js";
import { lastUpTo, sampled } from "../src/data/sampling.js";
import { histogram, quantile, reachedBy, shareUpTo } from "../src/data/statistics.js";

/** Steps as reports/packed/packed.cpp lays them out, in `planes` bytes each. */
function packed(steps, planes) {
  const bytes = Array.from({ length: planes }, (_, plane) =>
    steps.map((step) => Math.floor(step / 256 ** plane) % 256),
  );
  return Buffer.from(zlibSync(Uint8Array.from(bytes.flat()))).toString("base64");
}

test("columns are sums of zigzag steps, of as many bytes as the largest needs", () => {
  const column = (n, text) => [...columnOf({ n, origin: 100, unit: 0.5, packed: text })];
  assert.deepEqual(column(4, packed([0, 2, 3, 254], 1)), [100, 100.5, 99.5, 163]);
  assert.deepEqual(column(3, packed([0, 0xffffffff, 2], 4)), [100, 100 - 2 ** 30, 100.5 - 2 ** 30]);
  assert.deepEqual(column(2, packed([0, 2 ** 41], 8)), [100, 100 + 2 ** 39]);
  assert.deepEqual(column(2, packed([], 0)), [100, 100]);
  assert.deepEqual(column(0, packed([], 0)), []);
});

test("shares count what did not finish", () => {
  const times = Float64Array.of(1, 2, 3, 4);
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

test("rows that show the same are one, at the place of the first", () => {
  const rows = ["a", "b", "c", "d"].map((label, i) => ({ mix: { label }, value: i % 2 }));
  const folded = foldAlike(rows, ({ value }) => value);
  assert.deepEqual(
    folded.map(({ value, mixes }) => [value, mixes.map(({ label }) => label).join("")]),
    [
      [0, "ac"],
      [1, "bd"],
    ],
  );
  assert.equal(alikeName(folded[0], 4), "a and 1 more");
  assert.equal(alikeName({ mixes: rows.map(({ mix }) => mix) }, 4), "all 4 mixes");
});

test("an axis is logarithmic where one value would leave the others a fifth of it", () => {
  assert.ok(dwarfed([40, 50, 60, 5000]));
  assert.ok(!dwarfed([40, 50, 60, 120]));
  assert.ok(dwarfed([40, 41, 42, 200], 40));
  assert.ok(!dwarfed([0, 1, 100]));
  const scale = scaleOf([40, 50, 60, 5000], { zero: true });
  assert.ok(scale.logarithmic && scale.from < 40 && scale.to > 5000);
  assert.ok(Math.abs(scale.value(scale.place(60)) - 60) < 1e-9);
  const even = scaleOf([40, 50, 60, 120], { zero: true });
  assert.deepEqual([even.logarithmic, even.from], [false, 0]);
  assert.equal(new Scale({ from: 3600, to: 7200, unit: 3600 }).place(5400), 1.5);
});

test("the ticks of a logarithmic axis are round numbers, some but not too many", () => {
  assert.deepEqual(logTicks(30, 6000, 8), [30, 100, 300, 1000, 3000]);
  assert.deepEqual(logTicks(40, 230, 8), [40, 60, 80, 100, 150, 200]);
  for (const [from, to] of [
    [1, 1e9],
    [0.011, 0.013],
    [95, 105],
    [3, 700],
  ]) {
    const ticks = logTicks(from, to, 6);
    assert.ok(ticks.every((tick) => tick >= from && tick <= to));
    assert.ok(ticks.length >= 1, `${from} to ${to}: ${ticks}`);
  }
});

test("an axis leaves out what lies between most rows and those that would dwarf them", () => {
  assert.deepEqual(breaksOf([40, 50, 60]), []);
  assert.deepEqual(breaksOf([40, 5200, 50, 125]), [[140, 5180]]);
  assert.deepEqual(breaksOf([40, 9000, 5200, 50, 60, 125]), [
    [140, 5180],
    [5220, 8980],
  ]);
  assert.deepEqual(breaksOf([0.25, 0.3, 2]), [[0.4, 1.9]]);
});

test("labels keep off each other and the points; the first have the choice, and what must be named is", () => {
  const measure = (text) => 7 * text.length;
  const area = { x: 0, y: 0, width: 300, height: 200 };
  const points = Array.from({ length: 30 }, (_, i) => ({
    x: 150 + (i % 6) * 4,
    y: 100 + Math.floor(i / 6) * 4,
    text: `a long name ${i}`,
    must: i === 29,
  }));
  const boxes = placeLabels(points, { area, measure });
  const placed = boxes.filter(Boolean);
  assert.ok(boxes[0] && boxes[29] && placed.length < 30);
  const apart = (a, b) =>
    a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
  const free = boxes.slice(0, 29).filter(Boolean);
  free.forEach((a, i) => free.slice(i + 1).forEach((b) => assert.ok(apart(a, b))));
  for (const { x, y, width, height } of placed)
    assert.ok(x >= 0 && y >= 0 && x + width <= 300 && y + height <= 200);
});
