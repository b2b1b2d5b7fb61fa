// What a result says about its own doubts: warnings, what nobody modeled, and what the spread comes from.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./support/browser.js";
import { example, kept, makeReport } from "./support/program.js";

const spread = {
  cost_usd: { market: 0.5, step_time: 0.5, convergence: 0 },
  time_to_train_s: { market: 0.25, step_time: 0.5, convergence: 0.25 },
};
const risk = { code: "no_interruption_risk", text: "nothing models interruptions of its spot instances" };
const warnings = [
  { code: "price_dated", mix: "on demand", text: "its price is 120 days older than the day simulated" },
  { ...risk, mix: "spot, one zone" },
  { ...risk, mix: "spot, nine zones" },
  ...Array.from({ length: 5 }, (_, i) => ({
    code: "zone_unknown",
    mix: null,
    text: `zone ${i} is not known`,
  })),
];
let browser;
let page;

/** The report with other things in its result. */
function changed(report, change) {
  const begin = '<script type="application/json" id="result">';
  const page = readFileSync(report, "utf8");
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf("</script>", from);
  const result = JSON.parse(page.slice(from, to));
  change(result);
  const file = path.join(path.dirname(report), "changed.html");
  writeFileSync(
    file,
    page.slice(0, from) + JSON.stringify(result).replaceAll("<", "\\u003c") + page.slice(to),
  );
  return file;
}

before(async () => {
  const certain = ["--set", "workload.step_error=none"];
  const report = makeReport(example("nine-zone-p3"), "doubts", "--replications", "50", ...certain);
  browser = await launch();
  page = await open(
    browser,
    changed(report, (result) => {
      result.warnings = warnings;
      for (const mix of result.mixes) mix.spread = null;
      result.mixes[2].spread = spread;
      result.mixes[2].interruptions_modeled = false;
    }),
  );
  await page.screenshot({ path: path.join(kept, "doubts", "1280.png"), fullPage: true });
});
after(async () => {
  assert.deepEqual(page.mishaps, []);
  await browser.close();
});

test("warnings stand below the verdict; what is said of several mixes is said once, and many are folded", async () => {
  const strip = page.locator("#verdict .warnings");
  assert.match(await strip.locator("p").textContent(), /^8 warnings$/);
  const lines = await strip.locator(":scope > ul > li").allTextContents();
  assert.equal(lines.length, 3);
  assert.match(lines[0], /^on demand: its price is 120 days older/);
  assert.match(lines[1], /^spot, one zone, spot, nine zones: nothing models/);
  assert.match(lines[2], /^zone 0 is not known4 more like it \(zone_unknown\)/);
  assert.equal(await strip.locator("details ul").isVisible(), false);
  await strip.locator("summary").click();
  assert.equal(await strip.locator("details li").count(), 4);
});

test("a winner whose interruptions nobody modeled has no risk of 0 %", async () => {
  const figures = await page.locator("#verdict .figures").textContent();
  assert.match(figures, /Risk of being latenot modelednothing in the scenario takes/);
});

test("the spread of cost and time is split by what it comes from, where the result tells", async () => {
  const rows = page.locator(".parts tbody tr");
  assert.equal(await rows.count(), 1);
  const [cost, time] = await rows.locator("td").all();
  assert.match((await cost.textContent()).replaceAll("\u00a0", " "), /market 50.0 %, step time 50.0 %$/);
  const widths = await time
    .locator(".shares span")
    .evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().width));
  assert.equal(widths.length, 3);
  assert.ok(Math.abs(widths[1] / widths[0] - 2) < 0.1, widths.join());
});

test("a result without warnings has no strip", async () => {
  const plain = await open(browser, path.join(kept, "doubts", "report.html"));
  const warned = await plain.evaluate(() => globalThis.spotmix.report.warnings.length);
  assert.equal(await plain.locator(".warnings").count(), Number(warned > 0));
  await plain.context().close();
});
