// The fleet of one replication over time: the job in the top row, below it the places that instances fill.
import { bottomAxis, namedRowAxis, namesRoom, plotGrid, tooltip } from "./parts.js";
import { tip } from "./tip.js";
import { hasMouse, Zoom, zoomControls } from "./zoom.js";
import { layOut } from "../data/fleet_layout.js";
import { visibleBars } from "../data/lanes.js";
import { element, svg } from "../page/element.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { colour } from "../page/theme.js";
import { date, duration, isDated, timeUnit } from "../text/units.js";

const kRow = 20;
const kMostRows = 40;
const kBelow = 84;
const kMostNames = 0.42;

const kStates = {
  training: { name: "training", colour: "useful" },
  lost: { name: "training that was lost", colour: "lost" },
  checkpoint: { name: "checkpoint", colour: "checkpoint" },
  restart: { name: "restart", colour: "startup" },
  boot: { name: "starting", colour: "startup" },
  pending: { name: "asked for", colour: "pending" },
  ready: { name: "ready", colour: "waiting" },
  waiting: { name: "waiting", colour: "waiting" },
};
const kMarks = {
  notice: { name: "notice", symbol: "M0 -5L5 4H-5Z", colour: "mark-notice" },
  rebalance_recommendation: {
    name: "rebalance recommendation",
    symbol: "M0 -5L5 0L0 5L-5 0Z",
    colour: "mark-notice",
  },
  interrupted: { name: "interrupted", symbol: "M-4 -4L4 4M4 -4L-4 4", colour: "mark-lost", stroke: true },
  launch_failed: {
    name: "launch failed",
    symbol: "M0 -4A4 4 0 1 0 0 4A4 4 0 1 0 0 -4Z",
    colour: "ink",
    stroke: true,
  },
};

export class FleetChart {
  constructor(report) {
    this.report = report;
    this.layouts = new Map();
    this.zoom = new Zoom([0, 1], () => [this.bars()]);
    this.show(0);
  }

  show(number) {
    this.replay = this.report.replays[number];
    if (!this.layouts.has(number))
      this.layouts.set(number, layOut(this.report, this.replay, new Set(Object.keys(kMarks))));
    this.layout = this.layouts.get(number);
    this.unit = timeUnit(this.layout.end);
    this.zoom.reset([0, this.layout.end / this.unit.seconds]);
  }

  /** Each group of rows is named once, at its first. */
  rowNames(roomy) {
    const { names, groupOf } = this.layout;
    const repeated = (i) => i > 0 && groupOf[i] === groupOf[i - 1];
    return names.map((name, i) => (repeated(i) ? "" : roomy ? name : name.split(" · ")[0]));
  }

  rowsShown() {
    return Math.min(kMostRows, this.layout.names.length);
  }

  height() {
    return 10 + kRow * this.rowsShown() + kBelow;
  }

  bars() {
    const scale = this.unit.seconds;
    const [from, to] = this.zoom.shown.map((value) => value * scale);
    this.drawn = visibleBars(this.layout.bars, from, to, (to - from) / this.width);
    const colours = Object.fromEntries(
      Object.entries(kStates).map(([key, state]) => [key, colour(state.colour)]),
    );
    return {
      type: "custom",
      id: "bars",
      clip: true,
      data: this.drawn.map((bar) => [bar.from / scale, bar.to / scale, bar.row]),
      encode: { x: [0, 1], y: 2 },
      renderItem: ({ dataIndex }, api) => {
        const bar = this.drawn[dataIndex];
        const [x1, y] = api.coord([api.value(0), api.value(2)]);
        const [x2] = api.coord([api.value(1), api.value(2)]);
        const tall = bar.activity === "pending" ? 4 : bar.row === 0 ? kRow - 5 : kRow - 8;
        const shape = { x: x1, y: y - tall / 2, width: Math.max(0.5, x2 - x1), height: tall };
        return { type: "rect", shape, style: { fill: colours[bar.activity] } };
      },
    };
  }

  option({ width }) {
    this.width = width;
    const { marks, names } = this.layout;
    const scale = this.unit.seconds;
    const rows = this.rowNames(width > 560);
    const left = namesRoom(rows, width * kMostNames);
    const sides = { left, right: names.length > kMostRows ? 30 : 12 };
    const mark = {
      type: "custom",
      id: "marks",
      clip: true,
      z: 5,
      data: marks.map(({ at, row }) => [at / scale, row]),
      encode: { x: 0, y: 1 },
      renderItem: ({ dataIndex }, api) => {
        const [x, y] = api.coord([api.value(0), api.value(1)]);
        const kind = kMarks[marks[dataIndex].kind];
        const paint = colour(kind.colour);
        const style = kind.stroke
          ? { fill: "none", stroke: paint, lineWidth: 2 }
          : { fill: paint, stroke: colour("paper"), lineWidth: 1 };
        return {
          type: "path",
          x,
          y,
          shape: { pathData: kind.symbol, x: -5, y: -5, width: 10, height: 10 },
          style,
        };
      },
    };
    return {
      grid: plotGrid({ ...sides, top: 10, height: kRow * this.rowsShown() }),
      xAxis: bottomAxis(`Since the start, ${this.unit.name}`, {
        min: 0,
        max: this.zoom.full[1],
        position: "bottom",
        axisLabel: { formatter: (x) => String(Number(x.toPrecision(5))), showMaxLabel: false },
      }),
      yAxis: namedRowAxis(rows, left - 12),
      dataZoom: [
        ...zoomControls([0], this.zoom, { slider: { ...sides, bottom: 12 }, mouse: hasMouse() }),
        ...(names.length > kMostRows
          ? [
              {
                id: "rows",
                type: "slider",
                yAxisIndex: 0,
                right: 4,
                width: 14,
                top: 10,
                height: kRow * kMostRows,
                startValue: 0,
                endValue: kMostRows - 1,
                zoomLock: true,
                showDetail: false,
                showDataShadow: false,
                brushSelect: false,
                borderColor: colour("rule"),
                fillerColor: colour("faint-fill"),
              },
            ]
          : []),
      ],
      tooltip: tooltip(({ seriesId, dataIndex }) =>
        this.tip(seriesId === "marks" ? marks[dataIndex] : this.drawn[dataIndex]),
      ),
      series: [this.bars(), mark],
    };
  }

  when(seconds) {
    const { start } = this.replay;
    return isDated(start) ? `${date(start + seconds)} UTC` : duration(seconds);
  }

  tip(item) {
    const { life } = item;
    const who = life ? `Instance ${life.number}` : "Job";
    const where = life
      ? [
          ["Pool", `${shown(life.pool.instance_type, 40)} ${shown(life.pool.zone, 40)}`],
          ["Bought", life.purchase],
        ]
      : [];
    if (item.kind) return tip(`${who}: ${kMarks[item.kind].name}`, [["At", this.when(item.at)], ...where]);
    return tip(`${who}: ${kStates[item.activity].name}`, [
      ["From", this.when(item.from)],
      ["For", duration(item.to - item.from)],
      ...where,
    ]);
  }

  key() {
    const used = new Set(this.layout.bars.map(({ activity }) => activity));
    const marked = new Set(this.layout.marks.map(({ kind }) => kind));
    const states = Object.entries(kStates).filter(([key]) => used.has(key));
    const distinct = states.filter(
      ([, { colour: own }], i) => states.findIndex(([, other]) => other.colour === own) === i,
    );
    const sameColour = (own) =>
      states.filter(([, other]) => other.colour === own).map(([, { name }]) => name);
    return element(
      "ul",
      { class: "key" },
      distinct.map(([, { colour: own }]) =>
        element(
          "li",
          {},
          element("span", { class: "patch", style: `background: var(--${own})` }),
          sameColour(own).join(", "),
        ),
      ),
      Object.entries(kMarks)
        .filter(([key]) => marked.has(key))
        .map(([, { name, symbol, colour: own, stroke }]) =>
          element(
            "li",
            {},
            svg(
              "svg",
              { viewBox: "-7 -7 14 14", class: "swatch", "aria-hidden": "true" },
              svg("path", {
                d: symbol,
                style: stroke ? `fill: none; stroke: var(--${own}); stroke-width: 2` : `fill: var(--${own})`,
              }),
            ),
            name,
          ),
        ),
    );
  }

  table() {
    const { lives, marks } = this.layout;
    const fates = new Map(
      marks
        .filter(({ life, kind }) => life && (kind === "interrupted" || kind === "launch_failed"))
        .map(({ life, kind }) => [life, kMarks[kind].name]),
    );
    return dataTable(
      `Instances of replication ${this.replay.replication}`,
      ["Instance", "Pool", "Bought", "Asked for", "Ended", "End"],
      lives.map((life) => [
        String(life.number),
        `${shown(life.pool.instance_type, 60)} ${shown(life.pool.zone, 60)}`,
        life.purchase,
        duration(life.from),
        duration(life.to),
        fates.get(life) ?? "stopped",
      ]),
    );
  }
}
