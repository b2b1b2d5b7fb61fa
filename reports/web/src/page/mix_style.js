// Each mix keeps its colour, its symbol and its line through all charts, by its place in the order of mixes: eight
// colours that colour-blind readers can tell apart, then the same with other symbols and lines; late ones are gray.
import { colour } from "./theme.js";
import { element, svg } from "./element.js";
import { pointing, toggleSelected } from "./highlight.js";
import { shown } from "./names.js";

const kColours = 8;
const kSymbols = ["circle", "rect", "triangle", "diamond", "roundRect", "arrow"];
const kLines = ["solid", "dashed", "dotted"];
const kPaths = {
  circle: "M7 2a5 5 0 1 0 0 10a5 5 0 1 0 0-10z",
  rect: "M2.5 2.5h9v9h-9z",
  triangle: "M7 2l5.5 10h-11z",
  diamond: "M7 1l5 6l-5 6l-5-6z",
  roundRect: "M4.5 2.5h5a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2z",
  arrow: "M7 1l5 12l-5-3l-5 3z",
};

const round = (mix) => Math.floor(mix.place / kColours);
const colourName = (mix) => (mix.standing > 0 ? "mix-late" : `mix-${(mix.place % kColours) + 1}`);

export const mixColour = (mix) => colour(colourName(mix));
export const mixSymbol = (mix) => kSymbols[(mix.place + round(mix)) % kSymbols.length];
export const mixLine = (mix) => kLines[round(mix) % kLines.length];

function symbolOf(mix, attributes, ...inner) {
  const path = svg("path", { d: kPaths[mixSymbol(mix)], style: `fill: var(--${colourName(mix)})` });
  return svg("svg", { viewBox: "0 0 14 14", class: "swatch", ...attributes }, ...inner, path);
}

/** The mix's symbol in its colour beside its name. */
const mixSwatch = (mix) => symbolOf(mix, { "aria-hidden": "true" });

/** The mix's symbol alone, in place of its name. */
export function mixSign(mix) {
  const name = shown(mix.name, 60);
  return symbolOf(mix, { role: "img", "aria-label": name }, svg("title", {}, name));
}

/** With its whole name, up to `most` letters; without a number with the short one. */
export function mixName(mix, most) {
  const name = most ? shown(mix.name, most) : mix.label;
  return element("span", { class: "mix-name" }, mixSwatch(mix), element("bdi", {}, name));
}

/** The key below charts that have a mark for each mix; its entries select. */
export function mixKey(mixes) {
  return element(
    "ul",
    { class: "key mixes" },
    mixes.map((mix) =>
      element(
        "li",
        {},
        element(
          "button",
          {
            type: "button",
            title: shown(mix.name, 200),
            "aria-pressed": "false",
            ...pointing(mix),
            onclick: () => toggleSelected([mix]),
          },
          mixName(mix),
        ),
      ),
    ),
  );
}
