// Which mixes a reader looks at: those pointed at, for as long as they are, and those selected, until they are
// selected again or Escape is pressed. Charts and tables draw all others faintly.

const kFaint = 0.14;
const listeners = [];
const selected = new Set();
let pointed = [];

const isActive = (mix) => selected.has(mix) || pointed.includes(mix);
const anyActive = () => selected.size > 0 || pointed.length > 0;

/** How strongly a mix is drawn, from 0 to 1. */
export const strength = (mix) => (anyActive() && !isActive(mix) ? kFaint : 1);

/** Of a row that stands for several mixes: as strongly as the strongest. */
export const strengthOfAny = (mixes) => Math.max(...mixes.map(strength));

/** Calls `listener` when that has changed. */
export function onHighlight(listener) {
  listeners.push(listener);
}

function tell() {
  for (const part of document.querySelectorAll("[data-mix]")) {
    const mine = (mix) => String(mix.index) === part.dataset.mix;
    const chosen = [...selected].some(mine);
    part.classList.toggle("selected", chosen);
    part.classList.toggle("faint", anyActive() && !chosen && !pointed.some(mine));
    if (part.tagName === "BUTTON") part.setAttribute("aria-pressed", String(chosen));
  }
  listeners.forEach((listener) => listener());
}

/** From now on these mixes are pointed at; none of an empty list. */
export function pointAt(mixes) {
  if (mixes.length === pointed.length && mixes.every((mix, i) => mix === pointed[i])) return;
  pointed = mixes;
  tell();
}

/** Selects what is not selected, and the other way round; together. */
export function toggleSelected(mixes) {
  const remove = mixes.every((mix) => selected.has(mix));
  mixes.forEach((mix) => (remove ? selected.delete(mix) : selected.add(mix)));
  tell();
}

/** What an element that stands for a mix must do: pointing at it highlights the mix. */
export const pointing = (mix) => ({
  "data-mix": String(mix.index),
  onpointerenter: ({ pointerType }) => pointerType === "mouse" && pointAt([mix]),
  onpointerleave: () => pointAt([]),
});

addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !anyActive()) return;
  selected.clear();
  pointed = [];
  tell();
});
