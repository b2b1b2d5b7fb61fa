// Whatever mixes there are, on a desktop and on a phone: what a report says can be read, and what decides stands
// first. Boxes are measured, so that nothing depends on how it looks to somebody.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, open } from "./support/browser.js";
import { example, kept, makeReport } from "./support/program.js";
import { reportOfMany, reportOfOutliers } from "./support/scenarios.js";
import { chartIds, textsOf, unreadable } from "./support/texts.js";

const widths = [1280, 375];
const reports = {
  demo: () => makeReport(example("nine-zone-p3"), "readable-demo"),
  many: reportOfMany,
  outliers: reportOfOutliers,
};
const pages = {};
let browser;

before(async () => {
  browser = await launch();
  for (const [name, make] of Object.entries(reports)) {
    const report = make();
    for (const width of widths) {
      const phone = width < 600 ? { isMobile: true, hasTouch: true } : {};
      const page = (pages[`${name} ${width}`] = await open(browser, report, { width, ...phone }));
      await page.screenshot({ path: path.join(kept, `${name}-${width}.png`), fullPage: true });
    }
  }
});
after(async () => {
  for (const page of Object.values(pages)) assert.deepEqual(page.mishaps, []);
  await browser.close();
});

const everywhere = Object.keys(reports).flatMap((name) => widths.map((width) => `${name} ${width}`));
const known = (page) => page.evaluate(() => globalThis.spotmix.report.mixes);
const optionOf = (page, id) =>
  page.evaluate((chart) => {
    const { xAxis, yAxis, series } = globalThis.spotmix.charts()[chart].getOption();
    return { xAxis, yAxis, series: series.map(({ type, id: own, data }) => ({ type, id: own, data })) };
  }, id);

for (const look of everywhere) {
  test(`${look}: no text of a chart is cut or lies on another, and names of axes are whole`, async () => {
    const page = pages[look];
    for (const id of await chartIds(page)) {
      assert.deepEqual(await unreadable(page, id), []);
      const { xAxis, yAxis } = await optionOf(page, id);
      const drawn = (await textsOf(page, id)).texts.map(({ text }) => text);
      for (const { name } of [...xAxis, ...yAxis])
        if (name) assert.ok(drawn.includes(name), `${id} draws ${name}`);
    }
  });

  test(`${look}: the winner is named beside its point, and at its step of the cost by deadline`, async () => {
    const page = pages[look];
    const winner = (await known(page)).find(({ wins }) => wins);
    for (const id of ["chart-tradeoff", "chart-cost-by-deadline"]) {
      const { texts } = await textsOf(page, id);
      const begin = winner.label.slice(0, 4);
      const named = texts.some(({ text }) => text.startsWith(begin) || text.startsWith("…"));
      assert.ok(named, `${id} names ${winner.label}`);
    }
  });

  test(`${look}: no range breaks in a table or below the verdict, and no row is empty`, async () => {
    const broken = await pages[look].evaluate(() => {
      const lines = (part) => Math.round(part.getBoundingClientRect().height / 16);
      const ranges = [...document.querySelectorAll("#mixes td small, #verdict .whole")];
      const rows = [...document.querySelectorAll("#mixes tbody tr")];
      return {
        ranges: ranges.filter((part) => part.textContent && lines(part) > 1).map((part) => part.textContent),
        rows: rows.filter((row) => [...row.cells].slice(1).every((cell) => cell.textContent.length < 2))
          .length,
      };
    });
    assert.deepEqual(broken, { ranges: [], rows: 0 });
  });
}

for (const name of Object.keys(reports)) {
  test(`${name} on a phone: cost, time and odds of each mix are in view`, async () => {
    const hidden = await pages[`${name} 375`].evaluate(() => {
      const wanted = ["Cost", "Time to train", "On time"];
      const cells = [...document.querySelectorAll("#mixes tbody td")].filter((cell) =>
        wanted.includes(cell.dataset.heading),
      );
      const outside = cells.filter((cell) => {
        const box = cell.getBoundingClientRect();
        return box.left < 0 || box.right > innerWidth || box.height < 20;
      });
      const figured = [...document.querySelectorAll("#mixes tbody tr")].filter(
        (row) => !row.querySelector(".instead"),
      );
      return { cells: cells.length - 3 * figured.length, outside: outside.length };
    });
    assert.deepEqual(hidden, { cells: 0, outside: 0 });
  });

  test(`${name}: mixes that make it stand first by cost, then late ones, then those that cannot train`, async () => {
    const page = pages[`${name} 1280`];
    const rows = await page.evaluate(() =>
      [...document.querySelectorAll("#mixes tbody tr")].map((row) => Number(row.dataset.mix)),
    );
    const mixes = await known(page);
    const order = rows.map((i) => mixes[i]);
    const standings = order.map(({ standing }) => standing);
    assert.deepEqual(
      standings,
      [...standings].sort((a, b) => a - b),
    );
    assert.ok(order[0].wins);
    const costs = order.filter(({ standing }) => standing === 0).map(({ cost_usd: cost }) => cost.mean);
    assert.deepEqual(
      costs,
      [...costs].sort((a, b) => a - b),
    );
    for (const mix of mixes) {
      const late = mix.feasible && mix.on_time_probability < 0.95;
      assert.equal(mix.standing, mix.feasible ? Number(late) : 2, mix.name);
    }
  });
}

test("late mixes are gray wherever they are drawn", async () => {
  const page = pages["many 1280"];
  const colours = await page.evaluate(() => {
    const { series } = globalThis.spotmix.charts()["chart-tradeoff"].getOption();
    const { ranked } = globalThis.spotmix.report;
    const points = series.find(({ id }) => id === "mixes").data;
    return ranked
      .filter(({ cost_usd: cost }) => cost)
      .map((mix, i) => [mix.standing, points[i].itemStyle.color]);
  });
  const late = colours.filter(([standing]) => standing > 0).map(([, colour]) => colour);
  assert.ok(late.length >= 4);
  assert.equal(new Set(late).size, 1);
  assert.ok(colours.every(([standing, colour]) => standing > 0 || colour !== late[0]));
});

test("a chart with a mix that dwarfs the others has a logarithmic or a broken axis, and says so", async () => {
  const page = pages["outliers 1280"];
  const { xAxis, yAxis } = await optionOf(page, "chart-tradeoff");
  assert.match(xAxis[0].name, /logarithmic/);
  assert.match(yAxis[0].name, /logarithmic/);
  const [causes] = (await optionOf(page, "chart-causes")).xAxis;
  assert.match(causes.name, /^Mean cost, without \$\d+ to \$[\d,]+$/);
  assert.equal(causes.breaks.length, 1);
  // The cheap ones take a fifth of the axis at least.
  const { texts } = await textsOf(page, "chart-causes");
  assert.ok(texts.some(({ text }) => text === "far too slow"));
  const demo = (await optionOf(pages["demo 1280"], "chart-causes")).xAxis[0];
  assert.equal(demo.name, "Mean cost");
});

test("mixes whose steps are the same are one row, which says how many they are", async () => {
  const page = pages["many 1280"];
  const counts = await page.evaluate(() => {
    const steps = globalThis.spotmix.report.mixes.filter(({ step }) => step?.time_s);
    const distinct = new Set(steps.map(({ step }) => JSON.stringify(step)));
    const { series } = globalThis.spotmix.charts()["chart-step"].getOption();
    return {
      mixes: steps.length,
      distinct: distinct.size,
      drawn: series.find(({ type }) => type === "bar").data.length,
      rows: document.querySelector("#chart-step").closest("figure").querySelectorAll("tbody tr").length,
    };
  });
  assert.ok(counts.distinct < counts.mixes / 2);
  assert.equal(counts.drawn, counts.distinct);
  assert.equal(counts.rows, counts.mixes);
  const { texts } = await textsOf(page, "chart-step");
  assert.ok(texts.some(({ text }) => / and \d+ more$/.test(text)));
});

test("the names of many mixes differ wherever they are shortened", async () => {
  for (const width of widths) {
    const page = pages[`many ${width}`];
    const mixes = (await known(page)).filter(({ cost_usd: cost }) => cost);
    assert.equal(new Set(mixes.map(({ label }) => label)).size, mixes.length);
    const { texts } = await textsOf(page, "chart-costs");
    const names = texts.filter(({ x, text }) => x < 20 && !/^[$\d]/.test(text)).map(({ text }) => text);
    assert.equal(new Set(names).size, mixes.length);
  }
});

const opacities = (page) =>
  page.evaluate(() => {
    const { series } = globalThis.spotmix.charts()["chart-tradeoff"].getOption();
    return series.find(({ id }) => id === "mixes").data.map(({ itemStyle }) => itemStyle.opacity);
  });
const frame = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

test("a mix that is pointed at stands out, one that is selected stays so until Escape", async () => {
  const page = await open(browser, path.join(kept, "many", "report.html"));
  assert.ok((await opacities(page)).every((opacity) => opacity === 1));
  await page.locator("#tradeoff").scrollIntoViewIfNeeded();
  const [first, second] = [0, 1].map((i) => page.locator("#tradeoff .key button").nth(i));
  await first.hover();
  await frame(page);
  let drawn = await opacities(page);
  assert.equal(drawn[0], 1);
  assert.ok(drawn.slice(1).every((opacity) => opacity < 0.3));
  await second.focus();
  await page.keyboard.press("Enter");
  await page.mouse.move(1, 1);
  await frame(page);
  drawn = await opacities(page);
  assert.deepEqual([drawn[1], drawn[0] < 0.3], [1, true]);
  assert.equal(await second.getAttribute("aria-pressed"), "true");
  assert.equal((await page.locator("#odds .key button[aria-pressed=true]").count()) > 0, true);
  await page.keyboard.press("Escape");
  await frame(page);
  assert.ok((await opacities(page)).every((opacity) => opacity === 1));
  assert.deepEqual(page.mishaps, []);
  await page.context().close();
});

test("pointing at a point of a chart highlights its mix in the table", async () => {
  const page = await open(browser, path.join(kept, "outliers", "report.html"));
  await page.locator("#chart-tradeoff").scrollIntoViewIfNeeded();
  const [x, y] = await page.evaluate(() => {
    const chart = globalThis.spotmix.charts()["chart-tradeoff"];
    const { data } = chart.getOption().series.find(({ id }) => id === "mixes");
    return chart.convertToPixel({ gridIndex: 0 }, data[1].value);
  });
  const box = await page.locator("#chart-tradeoff").boundingBox();
  await page.mouse.move(box.x + x, box.y + y, { steps: 3 });
  await frame(page);
  const faint = await page.locator("#mixes tbody tr.faint").count();
  assert.equal(faint, (await page.locator("#mixes tbody tr").count()) - 1);
  await page.context().close();
});

test("the memory of a device is held against its limit", async () => {
  const page = pages["many 1280"];
  const { series, xAxis } = await optionOf(page, "chart-memory");
  const limits = series.find(({ id }) => id === "limits").data.map(([limit]) => limit);
  assert.ok(limits.length > 0);
  const limit = await page.evaluate(
    () => globalThis.spotmix.report.mixes.find(({ step }) => step?.memory_gib).step.memory_gib.limit,
  );
  assert.ok(limits.every((each) => each === limit));
  assert.ok(xAxis[0].max >= limit);
});

test("each pool is drawn once, whatever number of mixes buys in it", async () => {
  const report = makeReport(example("spot-advisor"), "pools", "--replications", "20");
  const page = await open(browser, report);
  const pools = await page.locator("#market .choice label").allTextContents();
  assert.ok(pools.length > 1);
  assert.equal(new Set(pools).size, pools.length);
  assert.deepEqual(page.mishaps, []);
  await page.context().close();
});

test("the waterfall leads from the reference to the winner, and its table adds up", async () => {
  const page = pages["demo 1280"];
  const { waterfall, from, to } = await page.evaluate(() => {
    const { waterfall: steps, mixes } = globalThis.spotmix.report;
    const mean = (i) => mixes[i].cost_usd.mean;
    return { waterfall: steps, from: mean(steps.from), to: mean(steps.to) };
  });
  const sum = waterfall.steps.reduce((total, { usd }) => total + usd, from);
  assert.ok(Math.abs(sum - to) < 1e-9, `${sum} is not ${to}`);
  const cells = await page.locator("#why tbody tr").allTextContents();
  assert.equal(cells.length, waterfall.steps.length + 2);
  const { texts } = await textsOf(page, "chart-why");
  assert.ok(texts.some(({ text }) => text === "cheaper hours"));
  const cents = texts.filter(({ text }) => /^[−+]?\$\d+\.\d\d$/.test(text)).map(({ text }) => text);
  const amounts = cents.map((text) => Math.round(100 * Number(text.replace("−", "-").replace(/[$+]/g, ""))));
  const [first, ...others] = amounts;
  assert.equal(
    others.slice(0, -1).reduce((total, amount) => total + amount, first),
    others[others.length - 1],
  );
});

test("the rates of each mix are a table with the columns that are known", async () => {
  const page = pages["many 1280"];
  const headings = await page.locator("#rates thead th").allTextContents();
  assert.ok(headings.includes("MFU") && headings.includes("Tokens/s"), headings.join());
  assert.equal(await page.locator("#rates tbody tr").count(), (await known(page)).length);
});
