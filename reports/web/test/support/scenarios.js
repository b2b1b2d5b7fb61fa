// Scenarios that strain the page: many mixes with long names, and mixes that dwarf all others.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { kept, makeReport } from "./program.js";

const kZones = ["us-east-1a", "us-east-1b", "us-east-1c"];

const group = (instance, more = {}) => ({ instance, ...more });

/**
 * BERT-large on sizes, intervals and zones that differ: the small ones are late, the last cannot train. There is no step
 * error, so that they stay late and the others on time.
 */
function manyMixes() {
  const spot = (count, interval) => ({
    name: `p3.2xlarge in us-east-1, on spot, count ${count}, checkpoint every ${interval} min, then nothing else`,
    groups: [group("p3.2xlarge", { count })],
    policy: "spot_only",
    recovery: { checkpoint: { interval_min: interval } },
  });
  return {
    name: "many mixes",
    workload: {
      model: "bert-large",
      precision: "fp16",
      optimizer: "lamb",
      sequence_length: 128,
      global_batch: 2048,
      samples: 4_000_000,
      step_error: "none",
    },
    parallelism: { tensor: 1, pipeline: 1, micro_batch: 32, recompute: "none", sharding: "none" },
    market: {
      pools: kZones.map((zone, i) => ({
        instance: "p3.2xlarge",
        zone,
        spot_usd_per_h: 0.9 + 0.05 * i,
        on_demand_usd_per_h: 3.06,
      })),
      interruptions: { hazard: { per_hour: 0.01 } },
    },
    mixes: [
      {
        name: "p3.2xlarge in us-east-1, on demand, count 16",
        groups: [group("p3.2xlarge", { purchase: "on_demand", zones: [kZones[0]], count: 16 })],
        policy: "on_demand",
      },
      ...[2, 4, 8, 16, 32].flatMap((count) => [5, 15, 30, 60].map((interval) => spot(count, interval))),
      { ...spot(16, 10), name: "another of 16" },
      {
        name: "as the first, for comparison",
        groups: [group("p3.2xlarge", { purchase: "on_demand", zones: [kZones[1]], count: 16 })],
        policy: "on_demand",
      },
      {
        name: "a single one on spot",
        groups: [group("p3.2xlarge", { count: 1 })],
        policy: "spot_only",
        recovery: { checkpoint: { interval_min: 15 } },
      },
    ],
    replications: 60,
    seed: 3,
    deadline_h: 4.3,
    budget_usd: 150,
  };
}

/** One mix costs a hundred times as much as the others, one takes twenty times as long, two do not fit. */
function outliers() {
  const given = (cluster, samples_per_s) => ({ cluster, samples_per_s, source: "made for a test" });
  const onDemand = (name, instance, count = 1) => ({
    name,
    groups: [group(instance, { purchase: "on_demand", zones: ["us-east-1a"], count })],
    policy: "on_demand",
  });
  return {
    name: "outliers",
    workload: {
      model: "llama2-7b",
      precision: "fp16",
      optimizer: "adam",
      sequence_length: 4096,
      global_batch: 8,
      samples: 12_000,
      samples_per_s: [given({ "g5.48xlarge": 1 }, 0.012)],
    },
    market: {
      pools: [
        { instance: "p4d.24xlarge", zone: "us-east-1a", spot_usd_per_h: 11.5, on_demand_usd_per_h: 32.77 },
        { instance: "g5.48xlarge", zone: "us-east-1a", spot_usd_per_h: 6.5, on_demand_usd_per_h: 16.29 },
        { instance: "p3.2xlarge", zone: "us-east-1a", spot_usd_per_h: 0.9, on_demand_usd_per_h: 3.06 },
      ],
      interruptions: { hazard: { per_hour: 0.02 } },
    },
    mixes: [
      onDemand("on demand", "p4d.24xlarge"),
      {
        name: "spot",
        groups: [group("p4d.24xlarge")],
        policy: "spot_only",
        recovery: { checkpoint: { interval_min: 10 } },
      },
      onDemand("far too slow", "g5.48xlarge"),
      onDemand("does not fit", "p3.2xlarge"),
      onDemand("does not fit either, whatever the name of it, which is long", "p3.2xlarge"),
    ],
    replications: 60,
    seed: 3,
    deadline_h: 48,
  };
}

function report(name, scenario) {
  const folder = path.join(kept, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "scenario.json"), JSON.stringify(scenario));
  return makeReport(path.join(folder, "scenario.json"), name);
}

export const reportOfMany = () => report("many", manyMixes());
export const reportOfOutliers = () => report("outliers", outliers());
