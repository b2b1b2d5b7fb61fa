import assert from "node:assert/strict";
import { test } from "node:test";
import { shown } from "../src/page/names.js";
import { count, duration, money, moneyTick, percent, relative, timeUnit } from "../src/text/units.js";

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
