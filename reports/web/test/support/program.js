// Runs the built program and makes the reports that the tests open.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../..");
export const program = process.env.SPOTMIX ?? path.join(repository, "build/release/spotmix");
/** What the tests leave for people to look at. */
export const kept = path.join(repository, "build/web-test");

export function runSpotmix(...words) {
  return execFileSync(program, words, { cwd: repository, encoding: "utf8", maxBuffer: 1 << 28 });
}

/** Like runSpotmix, but never throws: {status, stdout, stderr}. */
export function trySpotmix(...words) {
  return spawnSync(program, words, { cwd: repository, encoding: "utf8", maxBuffer: 1 << 28 });
}

/** Makes the HTML report of a scenario; returns its path. More words go on the command line. */
export function makeReport(scenario, name, ...words) {
  const folder = path.join(kept, name);
  mkdirSync(folder, { recursive: true });
  runSpotmix("run", scenario, "--out", folder, "--formats", "html", "--quiet", ...words);
  return path.join(folder, "report.html");
}

export const example = (name) => path.join(repository, "scenarios/examples", `${name}.json`);
