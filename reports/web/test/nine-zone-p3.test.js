// The report of the first example, and what one report shows for all: tables, reproduction, paper.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { coloursOfCharts, open } from "./support/browser.js";
import { charts, testExample } from "./support/example.js";
import { example } from "./support/program.js";

const made = testExample("nine-zone-p3");

test("each chart says in words what it shows and has its data as a table", async () => {
  const page = made.pages["1280-light"];
  const missing = await page.evaluate(() =>
    [...document.querySelectorAll("figure.chart")]
      .filter((figure) => {
        const label = figure.querySelector("[role=img]").getAttribute("aria-label");
        return label.length < 20 || figure.querySelectorAll("details.data table tbody tr").length === 0;
      })
      .map((figure) => figure.querySelector(".canvas").id),
  );
  assert.deepEqual(missing, []);
});

test("the end tells how to get the same again: the command line, and inputs whose hashes are theirs", async () => {
  const page = made.pages["1280-light"];
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
});

test("on paper the report is light, as wide as the paper, and without what only a screen can do", async () => {
  const page = await open(made.browser, made.report, { colorScheme: "dark" });
  await page.emulateMedia({ media: "print" });
  await page.waitForFunction(
    (soft) => globalThis.spotmix.charts()["chart-odds"].getOption().textStyle.color === soft,
    "#59616b",
  );
  const paper = await page.evaluate(() => ({
    background: getComputedStyle(document.body).backgroundColor,
    buttons: [...document.querySelectorAll(".zoom, .theme")].filter((part) => part.offsetParent !== null)
      .length,
  }));
  assert.deepEqual(paper, { background: "rgb(255, 255, 255)", buttons: 0 });
  const colours = await coloursOfCharts(page);
  for (const id of charts) assert.ok(colours[id] > 5, `${id} shows ${colours[id]} colours on paper`);
  await page.screenshot({
    path: path.join(path.dirname(made.report), "print.png"),
    fullPage: true,
  });
  const pdf = await page.pdf({
    path: path.join(path.dirname(made.report), "print.pdf"),
    format: "A4",
    printBackground: true,
  });
  assert.ok(pdf.length > 30_000, `the PDF has ${pdf.length} bytes`);
  assert.deepEqual(page.mishaps, []);
});
