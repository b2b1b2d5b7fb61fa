// Headless Chromium, as Debian installs it, with the network off; pages note everything that should not happen.
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const places = [
  process.env.CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

export function launch() {
  const executablePath = places.find((place) => place && existsSync(place));
  if (!executablePath)
    throw new Error("no Chromium: .ci/install-packages web installs it, CHROMIUM names another");
  return chromium.launch({ executablePath, args: ["--no-sandbox"] });
}

/**
 * Opens a report. `page.mishaps` lists errors, warnings and requests, of which there should be none but those
 * that `allowed(url)` knows.
 */
export async function open(
  browser,
  file,
  { width = 1280, height = 900, allowed, threadTicks, ...options } = {},
) {
  const context = await browser.newContext({ viewport: { width, height }, offline: true, ...options });
  const page = await context.newPage();
  const url = pathToFileURL(file).href;
  page.mishaps = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      page.mishaps.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => page.mishaps.push(`uncaught: ${error.message}`));
  page.on("dialog", (dialog) => {
    page.mishaps.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    const asked = request.url();
    const inline = asked.startsWith("data:") || asked.startsWith("blob:");
    if (asked !== url && !inline && !allowed?.(asked)) page.mishaps.push(`request: ${asked}`);
  });
  if (threadTicks) page.busy = await countThreadTicks(context, page);
  await page.goto(url, { waitUntil: "load" });
  return page;
}

/** Returns what tells the seconds that the page's scripts and layout have kept a processor busy. */
async function countThreadTicks(context, page) {
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const counted = ["ScriptDuration", "LayoutDuration", "RecalcStyleDuration"];
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.filter(({ name }) => counted.includes(name)).reduce((sum, { value }) => sum + value, 0);
  };
}

/** How many different colours each chart's canvas shows, by the chart's id: 1 is an empty one. */
export function coloursOfCharts(page) {
  return page.evaluate(() => {
    const colours = {};
    for (const canvas of document.querySelectorAll(".canvas")) {
      const seen = new Set();
      for (const layer of canvas.querySelectorAll("canvas")) {
        const { data } = layer.getContext("2d").getImageData(0, 0, layer.width, layer.height);
        const words = new Uint32Array(data.buffer);
        for (let i = 0; i < words.length && seen.size < 1000; i += 3) seen.add(words[i]);
      }
      colours[canvas.id] = seen.size;
    }
    return colours;
  });
}
