// What every report must do: open from a file without network, errors or requests, with all charts drawn.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { coloursOfCharts, launch, open } from "./support/browser.js";
import { example, makeReport } from "./support/program.js";

const examples = ["nine-zone-p3", "gang-16", "elastic-three-zones"];
const charts = ["tradeoff", "costs", "times", "odds", "causes", "purchases", "market", "fleet"].map(
  (id) => `chart-${id}`,
);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const looks = [
  { name: "1280-light", width: 1280, colorScheme: "light" },
  { name: "1280-dark", width: 1280, colorScheme: "dark" },
  { name: "390-light", width: 390, colorScheme: "light", isMobile: true, hasTouch: true },
  { name: "390-dark", width: 390, colorScheme: "dark", isMobile: true, hasTouch: true },
];
const reports = {};
let browser;

before(async () => {
  for (const name of examples) reports[name] = makeReport(example(name), name);
  browser = await launch();
});
after(() => browser.close());

/** Violations of WCAG 2 at levels A and AA, a line each. The policy of the page forbids scripts, so axe is told
    to run by the debugger. */
async function violations(page) {
  await page.evaluate(axe);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] }),
  );
  return result.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
  );
}

for (const name of examples) {
  test(`${name}: every chart is drawn at load, at every width and in every colour scheme`, async () => {
    for (const { name: look, ...options } of looks) {
      const page = await open(browser, reports[name], options);
      const colours = await coloursOfCharts(page);
      for (const id of charts) assert.ok(colours[id] > 5, `${look}: ${id} shows ${colours[id]} colours`);
      for (const [id, seen] of Object.entries(colours))
        assert.ok(seen > 5, `${look}: ${id} shows ${seen} colours`);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${look}: the page is ${overflow} pixels too wide`);
      assert.deepEqual(page.mishaps, [], look);
      await page.screenshot({ path: path.join(path.dirname(reports[name]), `${look}.png`), fullPage: true });
      await page.context().close();
    }
  });

  test(`${name}: axe finds no violation of WCAG A or AA, light or dark, with all data tables open`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      const page = await open(browser, reports[name], { colorScheme });
      await page.evaluate(() =>
        document.querySelectorAll("details").forEach((details) => (details.open = true)),
      );
      assert.deepEqual(await violations(page), [], colorScheme);
      await page.context().close();
    }
  });
}

test("each chart says in words what it shows and has its data as a table", async () => {
  const page = await open(browser, reports["nine-zone-p3"]);
  const missing = await page.evaluate(() =>
    [...document.querySelectorAll("figure.chart")]
      .filter((figure) => {
        const label = figure.querySelector("[role=img]").getAttribute("aria-label");
        const section = figure.closest("section");
        return label.length < 20 || section.querySelectorAll("details.data table tbody tr").length === 0;
      })
      .map((figure) => figure.querySelector(".canvas").id),
  );
  assert.deepEqual(missing, []);
  await page.context().close();
});

test("the end tells how to get the same again: the command line, and inputs whose hashes are theirs", async () => {
  const page = await open(browser, reports["nine-zone-p3"]);
  const section = page.locator("#reproduce");
  assert.match(
    await section.locator("pre").textContent(),
    /^spotmix run .*nine-zone-p3\.json --out .* --formats html --quiet$/,
  );
  const hash = createHash("sha256")
    .update(readFileSync(example("nine-zone-p3")))
    .digest("hex");
  assert.ok((await section.locator(".hash").allTextContents()).includes(hash));
  assert.ok(
    (await page.locator("#scenario pre").textContent()) === readFileSync(example("nine-zone-p3"), "utf8"),
  );
  assert.ok((await page.locator("#sources tbody tr").count()) > 5);
  await page.context().close();
});

test("on paper the report is light, as wide as the paper, and without what only a screen can do", async () => {
  const page = await open(browser, reports["nine-zone-p3"], { colorScheme: "dark" });
  const pdf = await page.pdf({
    path: path.join(path.dirname(reports["nine-zone-p3"]), "print.pdf"),
    format: "A4",
    printBackground: true,
  });
  assert.ok(pdf.length > 30_000, `the PDF has ${pdf.length} bytes`);
  await page.emulateMedia({ media: "print" });
  await page.waitForTimeout(200);
  const paper = await page.evaluate(() => ({
    background: getComputedStyle(document.body).backgroundColor,
    buttons: [...document.querySelectorAll(".zoom, .theme")].filter((part) => part.offsetParent !== null)
      .length,
    axis: globalThis.spotmix.charts()["chart-odds"].getOption().textStyle.color,
  }));
  assert.deepEqual(paper, { background: "rgb(255, 255, 255)", buttons: 0, axis: "#59616b" });
  const colours = await coloursOfCharts(page);
  for (const id of charts) assert.ok(colours[id] > 5, `${id} shows ${colours[id]} colours on paper`);
  await page.screenshot({
    path: path.join(path.dirname(reports["nine-zone-p3"]), "print.png"),
    fullPage: true,
  });
  assert.deepEqual(page.mishaps, []);
  await page.context().close();
});
