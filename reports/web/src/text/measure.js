// How wide texts are on the screen, as charts draw them.
import { shortenedApart } from "./apart.js";

let context = null;
let font = "";

/** Texts are measured in this font from now on. */
export function measureIn(family, size = 12) {
  font = `${size}px ${family}`;
}

export function widthOf(text) {
  context ??= document.createElement("canvas").getContext("2d");
  context.font = font;
  return context.measureText(text).width;
}

export const widest = (texts) => Math.max(0, ...texts.map(widthOf));

/** The names; those wider than `pixels` cut apart from each other until they are not. */
export function fitted(names, pixels) {
  const longest = Math.max(0, ...names.map((name) => [...name].length));
  let low = 3;
  let high = longest;
  if (widest(names) <= pixels) return names;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widest(shortenedApart(names, middle)) <= pixels) low = middle;
    else high = middle - 1;
  }
  const cut = shortenedApart(names, low);
  return names.map((name, i) => (widthOf(name) <= pixels ? name : cut[i]));
}
