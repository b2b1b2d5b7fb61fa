// Behind the figures: where every number comes from, the scenario itself, and how to get the same again.
import { element } from "../page/element.js";
import { shown } from "../page/names.js";
import { scrollable } from "../page/table.js";

function copyButton(text, what) {
  const button = element("button", { type: "button", class: "plain" }, `Copy ${what}`);
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copying is not allowed here";
    }
  });
  return button;
}

export function scenarioSection(report) {
  const text = report.reproduction?.scenario_text;
  if (!text) return null;
  return element(
    "section",
    { id: "scenario" },
    element("h2", {}, "The scenario"),
    element(
      "div",
      { class: "code" },
      copyButton(text, "the scenario"),
      scrollable("The scenario's text", element("pre", {}, text)),
    ),
  );
}

const kRoles = {
  scenario: "scenario",
  prices: "prices",
  capacity: "capacity",
  kernel_profile: "kernel profile",
  catalog: "catalogue of instance types",
};

export function reproduceSection(report) {
  const known = report.reproduction;
  const facts = [
    ["Program", `spotmix ${report.version}`],
    ["Seed", String(report.seed)],
    ["Replications", String(report.replications)],
    ...report.settings.map((setting) => ["Set in the scenario", shown(setting, 300)]),
  ];
  return element(
    "section",
    { id: "reproduce" },
    element("h2", {}, "How to reproduce"),
    element(
      "p",
      { class: "lead" },
      "The same program, scenario, data and seed give the same results to the last digit, on any number of threads.",
    ),
    known?.command_line
      ? element(
          "div",
          { class: "code" },
          copyButton(known.command_line, "the command"),
          scrollable("The command line", element("pre", {}, known.command_line)),
        )
      : null,
    element(
      "dl",
      { class: "facts" },
      facts.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))),
    ),
    known?.inputs.length
      ? scrollable(
          "Inputs with their hashes",
          element(
            "table",
            { class: "hashes" },
            element("caption", {}, "What the results depend on"),
            element(
              "thead",
              {},
              element(
                "tr",
                {},
                ["Input", "Name", "SHA-256"].map((heading) => element("th", { scope: "col" }, heading)),
              ),
            ),
            element(
              "tbody",
              {},
              known.inputs.map(({ role, name, sha256 }) =>
                element(
                  "tr",
                  {},
                  element("th", { scope: "row" }, kRoles[role] ?? role),
                  element("td", {}, element("bdi", {}, shown(name))),
                  element("td", { class: "hash" }, sha256),
                ),
              ),
            ),
          ),
        )
      : null,
    element(
      "details",
      { class: "data" },
      element("summary", {}, "Fingerprints of what happened"),
      element(
        "ul",
        { class: "fingerprints" },
        report.mixes
          .filter((mix) => mix.fingerprint)
          .map((mix) =>
            element("li", {}, element("code", {}, mix.fingerprint), " ", element("bdi", {}, shown(mix.name))),
          ),
      ),
    ),
  );
}
