// What the result warns of, right below the verdict: one line each, those of one kind folded where there are many.
import { element } from "../page/element.js";
import { shown } from "../page/names.js";

const kShownOfAKind = 2;
const kMostMixes = 3;

/** What is said of several mixes is said once. */
function lines(warnings) {
  const texts = new Map();
  for (const { text, mix } of warnings) {
    if (!texts.has(text)) texts.set(text, []);
    if (mix) texts.get(text).push(mix);
  }
  return [...texts].map(([text, mixes]) => ({ text, mixes }));
}

function names(mixes) {
  const listed = mixes.slice(0, kMostMixes).map((name) => shown(name, 60));
  const more = mixes.length - listed.length;
  return listed.join(", ") + (more > 0 ? ` and ${more} more` : "");
}

function sentence({ text, mixes }) {
  return element(
    "span",
    {},
    mixes.length > 0 ? element("strong", {}, element("bdi", {}, names(mixes)), ": ") : null,
    element("bdi", {}, shown(text, 600)),
  );
}

/** The warnings of one code; many of them are folded behind their number and the first. */
function kind([code, warnings]) {
  const all = lines(warnings);
  const list = all.map((line) => element("li", {}, sentence(line)));
  if (all.length <= kShownOfAKind) return list;
  return element(
    "li",
    {},
    sentence(all[0]),
    element(
      "details",
      {},
      element("summary", {}, `${all.length - 1} more like it (`, element("code", {}, shown(code, 60)), ")"),
      element("ul", {}, list.slice(1)),
    ),
  );
}

/** Null if there is nothing to warn of. */
export function warningStrip({ warnings }) {
  if (warnings.length === 0) return null;
  const kinds = new Map();
  for (const warning of warnings) kinds.set(warning.code, [...(kinds.get(warning.code) ?? []), warning]);
  return element(
    "aside",
    { class: "warnings", "aria-label": "Warnings" },
    element("p", {}, warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`),
    element("ul", {}, [...kinds].map(kind)),
  );
}
