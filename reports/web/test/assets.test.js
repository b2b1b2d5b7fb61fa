// Many reports beside each other, with the page's code once for all.
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { coloursOfCharts, launch, open } from "./support/browser.js";
import { example, kept, runSpotmix } from "./support/program.js";

const folder = path.join(kept, "shared");
const names = ["gang-16", "elastic-three-zones"];
let browser;

before(async () => {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const words = ["--out", folder, "--formats", "html", "--assets", "dir", "--replications", "20", "--quiet"];
  runSpotmix("run", ...names.map(example), ...words);
  browser = await launch();
});
after(() => browser.close());

test("reports with shared assets are small, and open with nothing but the assets", async () => {
  assert.equal(readdirSync(path.join(folder, "assets")).length, 2);
  for (const name of names) {
    const file = path.join(folder, name, "report.html");
    assert.ok(statSync(file).size < 200_000, `${statSync(file).size} bytes`);
    const page = await open(browser, file, { allowed: (url) => url.includes("/shared/assets/report-") });
    const colours = await coloursOfCharts(page);
    assert.ok(Object.keys(colours).length >= 6);
    for (const [id, seen] of Object.entries(colours)) assert.ok(seen > 5, `${id} shows ${seen} colours`);
    assert.deepEqual(page.mishaps, []);
    await page.context().close();
  }
});
