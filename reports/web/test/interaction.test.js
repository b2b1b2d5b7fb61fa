// What a reader does with a report: sort, zoom, choose, switch colours; with the mouse and with the keyboard.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, open } from "./support/browser.js";
import { example, makeReport } from "./support/program.js";

let browser;
let page;

before(async () => {
  const report = makeReport(example("nine-zone-p3"), "interaction");
  browser = await launch();
  page = await open(browser, report);
});
after(async () => {
  assert.deepEqual(page.mishaps, []);
  await browser.close();
});

const names = () => page.locator("#mixes tbody tr th bdi").allTextContents();
const optionOf = (id) => page.evaluate((chart) => globalThis.spotmix.charts()[chart].getOption(), id);
const shown = async (id) => {
  const { dataZoom } = await optionOf(id);
  return dataZoom[0].endValue - dataZoom[0].startValue;
};
const settled = () =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

test("a heading sorts the mixes, and again the other way round; late ones stay last", async () => {
  const costs = (late) =>
    page.evaluate(
      (selector) =>
        [...document.querySelectorAll(`#mixes tbody tr${selector} td:nth-child(2) > span`)].map((cell) =>
          Number(cell.firstChild.data.replace(/[$,]/g, "")),
        ),
      late ? ".late" : ":not(.late)",
    );
  const ascending = await costs(false);
  assert.ok(ascending.length >= 5);
  assert.deepEqual(
    ascending,
    [...ascending].sort((a, b) => a - b),
  );
  await page.getByRole("button", { name: "Cost", exact: true }).click();
  assert.deepEqual(await costs(false), [...ascending].reverse());
  assert.equal(await page.locator("#mixes th[aria-sort]").getAttribute("aria-sort"), "descending");
  await page.getByRole("button", { name: "Mix", exact: true }).focus();
  await page.keyboard.press("Enter");
  const all = await names();
  const late = (await costs(true)).length;
  assert.ok(late > 0);
  assert.equal(await page.locator("#mixes tbody tr").last().getAttribute("class"), "late");
  const byName = all.slice(0, -late);
  assert.deepEqual(
    byName,
    [...byName].sort((a, b) => a.localeCompare(b)),
  );
});

test("the buttons zoom the prices, and what is shown is sampled anew", async () => {
  const whole = await shown("chart-market");
  // Time, price, time, price, …
  const points = () =>
    page.evaluate(() => Array.from(globalThis.spotmix.charts()["chart-market"].getOption().series[0].data));
  const before = await points();
  for (let i = 0; i < 5; ++i)
    await page.getByRole("button", { name: "Zoom in: prices and capacity" }).click();
  await settled();
  assert.ok(Math.abs((await shown("chart-market")) - whole / 32) < whole / 320);
  const after = await points();
  assert.notDeepEqual(after, before);
  const span = after[after.length - 2] - after[0];
  assert.ok(span <= whole / 32 + 1, `${span} of ${whole}`);
  await page.getByRole("button", { name: "Later: prices and capacity" }).press("Enter");
  assert.notEqual((await points())[0], after[0]);
  await page.getByRole("button", { name: "Show all: prices and capacity" }).click();
  assert.deepEqual(await points(), before);
});

test("dragging the slider zooms the fleet", async () => {
  const whole = await shown("chart-fleet");
  await page.locator("#chart-fleet").scrollIntoViewIfNeeded();
  const box = await page.locator("#chart-fleet").boundingBox();
  const slider = { x: box.x + box.width - 12, y: box.y + box.height - 22 };
  await page.mouse.move(slider.x, slider.y);
  await page.mouse.down();
  await page.mouse.move(slider.x - box.width / 2, slider.y, { steps: 5 });
  await page.mouse.up();
  await settled();
  assert.ok((await shown("chart-fleet")) < 0.8 * whole, `${await shown("chart-fleet")} of ${whole}`);
});

test("another mix shows another fleet, with its own key and table", async () => {
  const bars = async () => (await optionOf("chart-fleet")).series[0].data.length;
  const rows = () => page.locator("#fleet tbody tr").count();
  await page.locator("#fleet-mix").selectOption({ label: "on demand" });
  assert.equal(await rows(), 1);
  const few = await bars();
  await page.locator("#fleet-mix").selectOption({ label: "spot, one zone" });
  assert.ok((await rows()) > 1);
  assert.notEqual(await bars(), few);
});

test("a pool that is not chosen is not drawn", async () => {
  const before = (await optionOf("chart-market")).series.length;
  await page.getByRole("checkbox", { name: "p3.2xlarge us-east-1c" }).uncheck();
  assert.equal((await optionOf("chart-market")).series.length, before - 1);
  await page.getByRole("checkbox", { name: "p3.2xlarge us-east-1c" }).check();
  assert.equal((await optionOf("chart-market")).series.length, before);
});

test("the button switches between light and dark, charts too", async () => {
  const colour = async () => (await optionOf("chart-odds")).textStyle.color;
  const light = await colour();
  await page.getByRole("button", { name: "Switch between light and dark" }).click();
  assert.notEqual(await colour(), light);
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  await page.getByRole("button", { name: "Switch between light and dark" }).click();
  assert.equal(await colour(), light);
});

test("charts follow the width of the window", async () => {
  const width = () => page.evaluate(() => globalThis.spotmix.charts()["chart-tradeoff"].getWidth());
  const before = await width();
  await page.setViewportSize({ width: 700, height: 900 });
  await page.waitForFunction((old) => globalThis.spotmix.charts()["chart-tradeoff"].getWidth() < old, before);
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.waitForFunction(
    (old) => globalThis.spotmix.charts()["chart-tradeoff"].getWidth() === old,
    before,
  );
});

test("a tooltip tells the odds of all mixes at a deadline", async () => {
  await page.locator("#chart-odds").scrollIntoViewIfNeeded();
  const box = await page.locator("#chart-odds").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 });
  const tip = page.locator("#chart-odds .tip");
  await tip.waitFor();
  assert.match(await tip.textContent(), /Deadline \d+.h.*spot, nine zones100.%/s);
});
