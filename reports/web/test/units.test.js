import assert from "node:assert/strict";
import { test } from "node:test";
import { shown } from "../src/page/names.js";
import { shortenedApart } from "../src/text/apart.js";
import {
  count,
  countRange,
  duration,
  durationRange,
  money,
  moneyRange,
  moneyTick,
  percent,
  percentRange,
  relative,
  spread,
  timeUnit,
} from "../src/text/units.js";

const plain = (text) => text.replaceAll("\u00a0", " ");

test("money has thousands and cents, and two digits below a cent", () => {
  assert.equal(money(1234.56), "$1,234.56");
  assert.equal(money(1234567.891), "$1,234,567.89");
  assert.equal(money(0), "$0.00");
  assert.equal(money(0.00456), "$0.0046");
  assert.equal(money(-3), "−$3.00");
  assert.equal(moneyTick(1500), "$1,500");
  assert.equal(moneyTick(2.5), "$2.50");
});

test("times have their two largest units; whole hours stand alone", () => {
  assert.equal(plain(duration(11520)), "3 h 12 min");
  assert.equal(plain(duration(259200)), "72 h");
  assert.equal(plain(duration(725)), "12 min 5 s");
  assert.equal(plain(duration(5.34)), "5.3 s");
  assert.equal(plain(duration(0.12)), "120 ms");
  assert.equal(plain(duration(0)), "0 s");
  assert.equal(plain(duration(3599.6)), "1 h");
  assert.equal(timeUnit(90_000).name, "hours");
  assert.equal(timeUnit(1e7).name, "days");
});

test("only exactly all and nothing are 100 % and 0 %", () => {
  assert.equal(plain(percent(1)), "100 %");
  assert.equal(plain(percent(0.99999)), "99.9 %");
  assert.equal(plain(percent(0.00001)), "0.1 %");
  assert.equal(plain(percent(0)), "0 %");
  assert.equal(plain(relative(1.019)), "+101.9 %");
  assert.equal(plain(relative(-0.25)), "−25.0 %");
  assert.equal(count(12345), "12,345");
});

test("names are shown in one line of bounded length, without marks of direction", () => {
  assert.equal(shown("two\nlines\tand \u0007a bell"), "two lines and a bell");
  assert.equal(shown("\u202eabc\u2066"), "abc");
  assert.equal(shown("x".repeat(10_000), 20), `${"x".repeat(19)}…`);
  assert.equal(shown("\ud83d\ude80".repeat(30), 10), `${"\ud83d\ude80".repeat(9)}…`);
  assert.equal(shown(" \n"), "(no name)");
});

test("a range is one text in one unit, and a value where its ends read the same", () => {
  assert.equal(plain(moneyRange(37.68, 41.78)), "$37.68 – $41.78");
  assert.equal(plain(moneyRange(52_900.4, 112_520)), "$52,900 – $112,520");
  assert.equal(plain(durationRange(41 * 3600 + 480, 47 * 3600 + 2280)), "41.1 – 47.6 h");
  assert.equal(plain(durationRange(30, 90)), "0.5 – 1.5 min");
  assert.equal(plain(durationRange(7200, 7201)), "2.0 h");
  assert.equal(plain(percentRange(0.996, 1)), "99.6 – 100 %");
  assert.equal(plain(countRange(4, 14)), "4 – 14");
  assert.doesNotMatch(moneyRange(1, 2), / /);
});

test("a figure is called constant only if no replication differs", () => {
  const summary = (p05, p95, min, max) => ({ stddev: 1, p05, p95, min, max });
  assert.equal(spread(summary(2, 2, 2, 2), moneyRange), "always");
  assert.equal(spread(summary(2, 2, 1, 3), moneyRange), "$2.00");
  assert.equal(spread(summary(2, 2, null, null), moneyRange), "$2.00");
  assert.equal(plain(spread(summary(1, 2, 1, 3), moneyRange)), "$1.00 – $2.00");
  assert.equal(spread({ stddev: 0, p05: 2, p95: 2 }, moneyRange), "always");
  assert.equal(spread({ stddev: null, p05: 2, p95: 2, min: 2, max: 2 }, moneyRange), "");
});

test("names are shortened at what they have in common, never at what tells them apart", () => {
  const distinct = (names, most) => {
    const cut = shortenedApart(names, most);
    assert.equal(new Set(cut).size, new Set(names).size, cut.join(" | "));
    for (const name of cut) assert.ok([...name].length <= most, name);
    return cut;
  };
  assert.deepEqual(distinct(["on demand", "spot"], 9), ["on demand", "spot"]);
  assert.deepEqual(distinct(["spot across zones in us-east-1", "on demand"], 12)[0], "spot a…ast-1");
  assert.deepEqual(distinct(["spot across zones in us-east-1"], 12), ["spot a…ast-1"]);
  const sweep = [10, 20, 30].flatMap((interval) =>
    [16, 32].map((count) => `p5.48xlarge in us-east-1, on spot, count ${count}, interval ${interval} min`),
  );
  assert.equal(distinct(["on demand", ...sweep], 30)[1], "…count 16, interval 10 min");
  const zones = ["a", "b"].map((zone) => `spot in zone ${zone} until it is done`);
  assert.equal(distinct(zones, 16)[0], "…zone a until…");
  for (const most of [12, 16, 20, 40]) distinct(["on demand", ...sweep], most);
  distinct(["one-long-word-16-without-any-space", "one-long-word-32-without-any-space", "other"], 14);
  const tails = ["a x", "a y", "b x", "b y"].map((begin) => `${begin} ${"q".repeat(20)}`);
  distinct(tails, 10);
  assert.deepEqual(shortenedApart([], 10), []);
});
