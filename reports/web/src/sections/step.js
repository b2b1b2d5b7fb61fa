// One training step of each mix: what it waits for, and what it needs of a device's memory.
import { chartFigure } from "../charts/chart.js";
import { foldedRows, kindKey, stackedRows, stackedRowsHeight } from "../charts/stacked_rows.js";
import { alikeName } from "../data/alike.js";
import { element } from "../page/element.js";
import { mixName } from "../page/mix_style.js";
import { shown } from "../page/names.js";
import { dataTable } from "../page/table.js";
import { decimal, duration, timeUnit } from "../text/units.js";

const kKinds = [
  { key: "compute_s", name: "compute", colour: "useful" },
  { key: "exposed_communication_s", name: "exposed communication", colour: "lost" },
  { key: "bubble_s", name: "pipeline bubble", colour: "waiting" },
];
const kMemory = [
  { key: "parameters", name: "weights", colour: "weights" },
  { key: "gradients", name: "gradients", colour: "gradients" },
  { key: "optimizer", name: "optimizer state", colour: "optimizer" },
  { key: "activations", name: "activations", colour: "activations" },
  { key: "buffers", name: "buffers", colour: "buffers" },
  { key: "reserved", name: "kept by driver and allocator", colour: "kept" },
  { name: "all together", colour: "capacity" }, // of a result that does not say which parts
];

const rate = (samples) => `${decimal(samples, samples < 100 ? 1 : 0)} samples/s`;
const gib = (value) => `${decimal(value, 1)} GiB`;

/** "data 8 × tensor 2 × pipeline 4, micro-batch 2, 1f1b, recompute full, sharding zero1": what applies of it. */
function divided(parallelism) {
  if (!parallelism) return null;
  const { data, tensor, pipeline, expert, micro_batch, schedule, chunks, recompute, sharding } = parallelism;
  const named = (name, value) => value && value !== "none" && `${name} ${shown(String(value), 30)}`;
  return [
    `data ${data} × tensor ${tensor} × pipeline ${pipeline}`,
    expert > 1 && named("experts over", expert),
    named("micro-batch", micro_batch),
    pipeline > 1 && named("schedule", schedule),
    chunks > 1 && named("chunks", chunks),
    named("recompute", recompute),
    named("sharding", sharding),
    parallelism.sequence_parallel && "sequence parallel",
    named("gradients by", parallelism.gradient_sync?.kind),
  ]
    .filter(Boolean)
    .join(", ");
}

/** A line for each way in which mixes divide the work, with the mixes that do. */
function divisions(mixes) {
  const ways = new Map();
  for (const mix of mixes) {
    const way = divided(mix.step.parallelism);
    if (way) ways.set(way, [...(ways.get(way) ?? []), mix]);
  }
  if (ways.size === 0) return null;
  return element(
    "dl",
    { class: "divisions" },
    [...ways].map(([way, alike]) =>
      element(
        "div",
        {},
        element(
          "dt",
          {},
          alike.length === mixes.length && mixes.length > 1 ? "All mixes" : alike.map((mix) => mixName(mix)),
        ),
        element("dd", {}, way),
      ),
    ),
  );
}

const or = (value, text) => (value === null || value === undefined ? null : text(value));
const onBar =
  (rows) =>
  ({ seriesType, dataIndex }) =>
    seriesType === "bar" ? rows[dataIndex].mixes : null;

function timeFigure(rows, mixes) {
  const unit = timeUnit(Math.max(...rows.map(({ mix }) => mix.step.time_s)));
  return chartFigure({
    id: "chart-step",
    title: "Time of a step",
    lead: "Communication that runs beside computation costs no time; only what is left exposed is drawn.",
    label: `Time of a training step. ${rows.map((row) => `${alikeName(row, mixes.length)}: ${duration(row.mix.step.time_s)}`).join("; ")}.`,
    height: stackedRowsHeight(rows),
    option: (size) =>
      stackedRows(
        {
          rows,
          kinds: kKinds,
          format: duration,
          tick: (x) => String(Number(x.toPrecision(6))),
          axisName: `Time of a step, ${unit.name}`,
          all: mixes.length,
          scale: unit.seconds,
        },
        size,
      ),
    mixesAt: onBar(rows),
    key: kindKey(kKinds, rows),
    table: dataTable(
      "Time of a training step of each mix",
      ["Mix", "Step", "Compute", "Communication", "of it exposed", "Bubble", "Throughput"],
      mixes.map(({ name, step }) => [
        shown(name),
        or(step.time_s, duration),
        or(step.compute_s, duration),
        or(step.communication_s, duration),
        or(step.exposed_communication_s, duration),
        or(step.bubble_s, duration),
        or(step.samples_per_s, rate),
      ]),
    ),
  });
}

function memoryFigure(rows, mixes) {
  if (rows.length === 0) return null;
  const parts = kMemory.filter(({ key }) => key);
  return chartFigure({
    id: "chart-memory",
    title: "Memory of a device",
    lead: "The fullest device at its peak; the frame and its line are what the device has.",
    label: `Memory per device. ${rows.map((row) => `${alikeName(row, mixes.length)}: ${row.text}`).join("; ")}.`,
    height: stackedRowsHeight(rows),
    option: (size) =>
      stackedRows(
        {
          rows,
          kinds: kMemory,
          format: gib,
          tick: (x) => String(Number(x.toPrecision(6))),
          axisName: "Memory per device, GiB",
          all: mixes.length,
        },
        size,
      ),
    mixesAt: onBar(rows),
    key: kindKey(kMemory, rows),
    table: dataTable(
      "Memory of the fullest device of each mix",
      ["Mix", "Memory per device", ...parts.map(({ name }) => `of it ${name}`)],
      mixes.map(({ name, step }) => [
        shown(name),
        memoryText(step),
        ...parts.map(({ key }) => or(step.memory_gib?.[key], gib)),
      ]),
    ),
  });
}

/** "10.5 of 40.0 GiB": what the fullest device needs and has. */
function memoryText({ memory_per_device_gib: needed, memory_gib: parts }) {
  return parts ? `${decimal(needed, 1)} of ${gib(parts.limit)}` : gib(needed);
}

const memoryParts = ({ memory_per_device_gib: needed, memory_gib: parts }) =>
  kMemory.map(({ key }) => (key ? (parts?.[key] ?? 0) : parts ? 0 : needed));

/** How the steps are divided, and how fast those are that the scenario gives. */
function stepTable(mixes) {
  return dataTable(
    "One training step of each mix",
    ["Mix", "Step", "Throughput", "Parallelism"],
    mixes.map(({ name, step }) => [
      shown(name),
      or(step.time_s, duration),
      or(step.samples_per_s, rate),
      divided(step.parallelism),
    ]),
  );
}

export function stepSection(report) {
  const stepped = report.ranked.filter((mix) => mix.step);
  if (stepped.length === 0) return null;
  const timed = stepped.filter(({ step }) => step.time_s && step.compute_s !== null);
  const rows = foldedRows(
    timed.map((mix) => ({
      mix,
      parts: kKinds.map(({ key }) => mix.step[key]),
      text: [duration(mix.step.time_s), mix.step.samples_per_s && rate(mix.step.samples_per_s)]
        .filter(Boolean)
        .join(" · "),
    })),
  );
  const sized = stepped.filter(({ step }) => step.memory_per_device_gib);
  const memory = foldedRows(
    sized.map((mix) => ({
      mix,
      parts: memoryParts(mix.step),
      text: memoryText(mix.step),
      limit: mix.step.memory_gib?.limit,
    })),
  );
  return element(
    "section",
    { id: "step" },
    element("h2", {}, "One training step"),
    rows.length > 0
      ? element("div", { class: "pair" }, timeFigure(rows, timed), memoryFigure(memory, sized))
      : element(
          "p",
          { class: "lead" },
          "The scenario gives how fast each mix trains, so there is no step to break down.",
        ),
    divisions(stepped),
    stepTable(stepped),
  );
}
