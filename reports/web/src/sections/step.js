// One training step of each mix: what it waits for, and what it needs of a device's memory.
import { chartFigure } from "../charts/chart.js";
import { kindKey, stackedRows, stackedRowsHeight } from "../charts/stacked_rows.js";
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
  { name: "in all", colour: "capacity" }, // of a result that does not say which parts
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
          alike.length === mixes.length && mixes.length > 1
            ? "All mixes"
            : alike.map((mix) => mixName(mix, 40)),
        ),
        element("dd", {}, way),
      ),
    ),
  );
}

function timeFigure(rows) {
  const unit = timeUnit(Math.max(...rows.map(({ mix }) => mix.step.time_s)));
  return chartFigure({
    id: "chart-step",
    title: "Time of a step",
    lead: "Communication that runs beside computation costs no time; only what is left exposed is drawn.",
    label: `Time of a training step. ${rows.map(({ mix }) => `${shown(mix.name, 40)}: ${duration(mix.step.time_s)}`).join("; ")}.`,
    height: stackedRowsHeight(rows),
    option: (size) =>
      stackedRows(
        {
          rows,
          kinds: kKinds,
          format: duration,
          tick: (x) => String(Number(x.toPrecision(6))),
          axisName: `Time of a step, ${unit.name}`,
          scale: unit.seconds,
        },
        size,
      ),
    key: kindKey(kKinds, rows),
  });
}

function memoryFigure(rows) {
  if (rows.length === 0) return null;
  return chartFigure({
    id: "chart-memory",
    title: "Memory of a device",
    lead: "The fullest device at its peak, and what it has.",
    label: `Memory per device. ${rows.map(({ mix, text }) => `${shown(mix.name, 40)}: ${text}`).join("; ")}.`,
    height: stackedRowsHeight(rows),
    option: (size) =>
      stackedRows(
        { rows, kinds: kMemory, format: gib, tick: String, axisName: "Memory per device, GiB" },
        size,
      ),
    key: kindKey(kMemory, rows),
  });
}

/** "10.5 of 40.0 GiB": what the fullest device needs and has. */
function memoryText({ memory_per_device_gib: needed, memory_gib: parts }) {
  return parts ? `${decimal(needed, 1)} of ${gib(parts.limit)}` : gib(needed);
}

const memoryParts = ({ memory_per_device_gib: needed, memory_gib: parts }) =>
  kMemory.map(({ key }) => (key ? (parts?.[key] ?? 0) : parts ? 0 : needed));

export function stepSection(report) {
  const stepped = report.mixes.filter((mix) => mix.step);
  if (stepped.length === 0) return null;
  const timed = stepped.filter(({ step }) => step.time_s && step.compute_s !== null);
  const rows = timed.map((mix) => ({
    mix,
    parts: kKinds.map(({ key }) => mix.step[key]),
    text: [duration(mix.step.time_s), mix.step.samples_per_s && rate(mix.step.samples_per_s)]
      .filter(Boolean)
      .join(" · "),
  }));
  const memory = stepped
    .filter(({ step }) => step.memory_per_device_gib)
    .map((mix) => ({ mix, parts: memoryParts(mix.step), text: memoryText(mix.step) }));
  const or = (value, text) => (value === null || value === undefined ? null : text(value));
  return element(
    "section",
    { id: "step" },
    element("h2", {}, "One training step"),
    rows.length > 0
      ? element("div", { class: "pair" }, timeFigure(rows), memoryFigure(memory))
      : element(
          "p",
          { class: "lead" },
          "The scenario gives how fast each mix trains, so there is no step to break down.",
        ),
    divisions(stepped),
    dataTable(
      "One training step of each mix",
      [
        "Mix",
        "Step",
        "Compute",
        "Communication",
        "of it exposed",
        "Bubble",
        "Throughput",
        "Memory per device",
        ...kMemory.filter(({ key }) => key).map(({ name }) => `of it ${name}`),
        "Parallelism",
      ],
      stepped.map(({ name, step }) => [
        shown(name),
        or(step.time_s, duration),
        or(step.compute_s, duration),
        or(step.communication_s, duration),
        or(step.exposed_communication_s, duration),
        or(step.bubble_s, duration),
        or(step.samples_per_s, rate),
        step.memory_per_device_gib ? memoryText(step) : null,
        ...kMemory.filter(({ key }) => key).map(({ key }) => or(step.memory_gib?.[key], gib)),
        divided(step.parallelism),
      ]),
    ),
  );
}
