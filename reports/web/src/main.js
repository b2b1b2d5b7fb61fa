// Puts the page together from the report's data and draws all charts.
import { chartsById, drawCharts } from "./charts/chart.js";
import { readReport } from "./data/report.js";
import { pageHeader, contents } from "./page/header.js";
import { element } from "./page/element.js";
import { startTheme } from "./page/theme.js";
import { reproduceSection, scenarioSection } from "./sections/background.js";
import { breakdownSection } from "./sections/breakdown.js";
import { distributionsSection } from "./sections/distributions.js";
import { fleetSection } from "./sections/fleet.js";
import { marketSection } from "./sections/market.js";
import { mixesSection } from "./sections/mixes.js";
import { oddsSection } from "./sections/odds.js";
import { ratesSection } from "./sections/rates.js";
import { sourcesSection } from "./sections/sources.js";
import { stepSection } from "./sections/step.js";
import { tradeoffSection } from "./sections/tradeoff.js";
import { verdictSection } from "./sections/verdict.js";
import { whySection } from "./sections/why.js";

const kSections = [
  verdictSection,
  mixesSection,
  whySection,
  tradeoffSection,
  distributionsSection,
  oddsSection,
  breakdownSection,
  marketSection,
  fleetSection,
  stepSection,
  ratesSection,
  sourcesSection,
  scenarioSection,
  reproduceSection,
];

function start() {
  const begun = performance.now();
  startTheme();
  const report = readReport();
  const read = performance.now();
  const sections = kSections.map((section) => section(report)).filter(Boolean);
  document.body.append(
    element("a", { class: "skip", href: "#verdict" }, "Skip to the verdict"),
    pageHeader(report),
    element("div", { class: "page" }, contents(sections), element("main", {}, sections)),
  );
  drawCharts();
  // For tests: what was drawn, and when, in milliseconds since the browser began to open the page.
  globalThis.spotmix = {
    charts: chartsById,
    report,
    timing: { begun, read, drawn: performance.now() },
  };
}

start();
