import assert from "node:assert/strict";
import { test } from "node:test";
import { testExample } from "./support/example.js";

const made = testExample("gang-16");

test("the memory of a device is drawn by part and told with what the device has", async () => {
  const page = made.pages["1280-light"];
  const { label, drawn, step } = await page.evaluate(() => ({
    label: document.getElementById("chart-memory").getAttribute("aria-label"),
    drawn: globalThis.spotmix
      .charts()
      ["chart-memory"].getOption()
      .series.filter(({ type }) => type === "bar")
      .map(({ data }) => data[0].value),
    step: globalThis.spotmix.report.mixes[0].step,
  }));
  assert.match(label, /\d of \d+\.\d GiB/);
  const { limit, ...parts } = step.memory_gib;
  assert.ok(limit >= step.memory_per_device_gib);
  assert.deepEqual(drawn.slice(0, 6), Object.values(parts));
  const sum = drawn.reduce((total, part) => total + part, 0);
  assert.ok(Math.abs(sum - step.memory_per_device_gib) < 1e-9, `${sum}`);
});
