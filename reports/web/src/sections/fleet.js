// One replication of one mix: what each instance did, from its launch to its end, and what the provider did to it.
import { chartFigure, redraw } from "../charts/chart.js";
import { FleetChart } from "../charts/fleet_chart.js";
import { zoomButtons } from "../charts/zoom.js";
import { element } from "../page/element.js";
import { shown } from "../page/names.js";

const kId = "chart-fleet";

export function fleetSection(report) {
  if (report.replays.length === 0) return null;
  const chart = new FleetChart(report);
  const key = element("div", {}, chart.key());
  const table = element("div", {}, chart.table());
  const select = element(
    "select",
    { id: "fleet-mix" },
    report.replays.map(({ mix }, i) =>
      element("option", { value: String(i) }, shown(report.mixes[mix].name, 80)),
    ),
  );
  const choose = (number) => {
    chart.show(number);
    key.replaceChildren(chart.key());
    table.replaceChildren(chart.table());
  };
  const first = report.replays.findIndex(({ mix }) => mix === (report.verdict.best ?? report.verdict.likely));
  if (first > 0) {
    select.value = String(first);
    choose(first);
  }
  select.addEventListener("change", () => {
    choose(Number(select.value));
    redraw(kId);
  });
  const replication = report.replays[0].replication;
  return element(
    "section",
    { id: "fleet" },
    element("h2", {}, "The fleet over time"),
    chartFigure({
      id: kId,
      lead: `Replication ${replication}, one of ${report.replications}. The top row is the job; below, each row is a place that instances fill one after the other.`,
      label: `What the job and its instances did over time in replication ${replication}; the data table below lists the instances.`,
      height: () => chart.height(),
      option: (size) => chart.option(size),
      controls: element(
        "div",
        { class: "controls" },
        element("label", { for: "fleet-mix" }, "Mix "),
        select,
        zoomButtons(chart.zoom, "fleet"),
      ),
      ready: (drawn) => chart.zoom.follow(drawn),
      key,
      table,
    }),
  );
}
