// Names come from whoever wrote the scenario. Whatever they hold, nothing of it runs or is fetched.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { coloursOfCharts, launch, open } from "./support/browser.js";
import { kept, makeReport } from "./support/program.js";

const hostile = [
  "<script>globalThis.hacked = 1</script>",
  '"><img src=x onerror="globalThis.hacked = 1">',
  "</script><script>globalThis.hacked = 1</script><!--",
  "=cmd()|' /C calc'!A1",
  "two\nlines\tand \u0007a bell",
  "\u202eright to left\u2066 and back",
  "{b|rich} {a} {c} ${1+1} <b>bold</b> &amp; ' ` \\",
  "x".repeat(10_000),
  "javascript:globalThis.hacked=1",
];
let browser;
let report;

before(async () => {
  const folder = path.join(kept, "hostile");
  mkdirSync(folder, { recursive: true });
  const scenario = {
    name: hostile[0],
    description: hostile.slice(1).join(" "),
    workload: {
      samples: 3600000,
      samples_per_s: [{ cluster: { "p3.2xlarge": 1 }, samples_per_s: 100, source: hostile[1] }],
    },
    market: {
      pools: hostile.map((zone, i) => ({
        instance: "p3.2xlarge",
        zone,
        spot_usd_per_h: 1 + i / 10,
        on_demand_usd_per_h: 3,
      })),
      interruptions: { hazard: { per_hour: 0.05 } },
    },
    mixes: hostile.map((name, i) => ({
      name,
      groups: [{ instance: "p3.2xlarge", zones: [hostile[i]] }],
      policy: "spot_only",
      recovery: { checkpoint: { interval_min: 10, size_gb: 0.1 } },
    })),
    replications: 50,
    deadline_h: 12,
    thresholds: { "cost_usd.mean": ["< 1000"], [`${hostile[3]}/cost_usd.p95`]: ["< 999"] },
  };
  writeFileSync(path.join(folder, "scenario.json"), JSON.stringify(scenario));
  report = makeReport(path.join(folder, "scenario.json"), "hostile");
  browser = await launch();
});
after(() => browser.close());

test("hostile names stay names", async () => {
  for (const width of [1280, 390]) {
    const page = await open(browser, report, { width });
    await page.evaluate(() =>
      document.querySelectorAll("details").forEach((details) => (details.open = true)),
    );
    for (const id of ["chart-tradeoff", "chart-fleet", "chart-market", "chart-odds"]) {
      const box = await page.locator(`#${id}`).boundingBox();
      await page.locator(`#${id}`).scrollIntoViewIfNeeded();
      for (let x = 0.1; x < 1; x += 0.2) await page.mouse.move(box.x + box.width * x, 450);
    }
    const found = await page.evaluate(() => ({
      hacked: globalThis.hacked ?? null,
      scripts: document.scripts.length,
      images: document.images.length,
      bold: document.querySelectorAll("b").length,
      handlers: [...document.querySelectorAll("*")].filter((part) =>
        [...part.attributes].some(({ name }) => name.startsWith("on")),
      ).length,
      links: [...document.links].filter(({ protocol }) => protocol === "javascript:").length,
      names: [...document.querySelectorAll("#mixes tbody bdi")].map((name) => name.textContent),
      overflow: document.documentElement.scrollWidth - innerWidth,
    }));
    assert.equal(found.hacked, null);
    assert.equal(found.scripts, 4);
    assert.deepEqual([found.images, found.bold, found.handlers, found.links], [0, 0, 0, 0]);
    assert.equal(found.names.length, hostile.length);
    assert.ok(found.names.includes(hostile[0]));
    assert.ok(found.names.every((name) => name.length <= 200));
    assert.ok(found.overflow <= 0, `the page is ${found.overflow} pixels too wide at ${width}`);
    const colours = await coloursOfCharts(page);
    for (const [id, seen] of Object.entries(colours)) assert.ok(seen > 5, `${id} shows ${seen} colours`);
    assert.deepEqual(page.mishaps, []);
    await page.screenshot({ path: path.join(kept, "hostile", `${width}.png`), fullPage: true });
    await page.context().close();
  }
});

test("a script that gets into the page all the same is not run by the browser", async () => {
  const broken = readFileSync(report, "utf8").replace(
    "</body>",
    '<script>globalThis.hacked = 1</script><img src="https://example.org/x.png"></body>',
  );
  const file = path.join(kept, "hostile", "broken.html");
  writeFileSync(file, broken);
  const page = await open(browser, file);
  assert.equal(await page.evaluate(() => globalThis.hacked ?? null), null);
  const blocked = page.mishaps.filter((mishap) =>
    /violates the following Content Security Policy/.test(mishap),
  );
  assert.equal(blocked.length, 2, page.mishaps.join("\n"));
  await page.context().close();
});
