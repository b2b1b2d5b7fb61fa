// What the report of every example must do: open from a file without network, errors or requests, with all charts
// drawn, and be readable for everyone. Each example is a file of tests of its own, so that they run side by side.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { coloursOfCharts, launch, open } from "./browser.js";
import { example, makeReport } from "./program.js";

export const charts = ["tradeoff", "costs", "times", "odds", "causes", "purchases", "market", "fleet"].map(
  (id) => `chart-${id}`,
);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const looks = [
  { name: "1280-light", width: 1280, colorScheme: "light" },
  { name: "1280-dark", width: 1280, colorScheme: "dark" },
  { name: "390-light", width: 390, colorScheme: "light", isMobile: true, hasTouch: true },
  { name: "390-dark", width: 390, colorScheme: "dark", isMobile: true, hasTouch: true },
];

/** Violations of WCAG 2 at levels A and AA, a line each. The policy of the page forbids scripts, so axe is told
    to run by the debugger. */
async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
      resultTypes: ["violations"],
    }),
  );
  return result.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
  );
}

/** Tests an example's report. Gives what further tests need: its path, and pages by their look's name. */
export function testExample(name) {
  const made = { browser: null, report: null, pages: {} };

  before(async () => {
    made.report = makeReport(example(name), name);
    made.browser = await launch();
  });
  after(() => made.browser.close());

  for (const { name: look, ...options } of looks) {
    test(`${name}, ${look}: every chart is drawn at load, nothing is wider than the page`, async () => {
      const page = await open(made.browser, made.report, options);
      made.pages[look] = page;
      const colours = await coloursOfCharts(page);
      for (const id of charts) assert.ok(colours[id] > 5, `${id} shows ${colours[id]} colours`);
      for (const [id, seen] of Object.entries(colours)) assert.ok(seen > 5, `${id} shows ${seen} colours`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `the page is ${overflow} pixels too wide`);
      assert.deepEqual(page.mishaps, []);
      await page.screenshot({ path: path.join(path.dirname(made.report), `${look}.png`), fullPage: true });
    });
  }

  for (const look of ["1280-light", "1280-dark"]) {
    test(`${name}, ${look}: axe finds no violation of WCAG A or AA, with all data tables open`, async () => {
      const page = made.pages[look];
      await page.evaluate(() =>
        document.querySelectorAll("details").forEach((details) => (details.open = true)),
      );
      assert.deepEqual(await violations(page), []);
    });
  }
  return made;
}
