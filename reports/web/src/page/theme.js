// Light, dark or as the system asks; the colours themselves are custom properties of style/colours.css.

const kRemembered = "spotmix-theme";
const listeners = [];
const darkSystem = matchMedia("(prefers-color-scheme: dark)");
const printing = matchMedia("print");

function remembered() {
  try {
    return localStorage.getItem(kRemembered);
  } catch {
    return null; // storage is off for files
  }
}

function remember(choice) {
  try {
    localStorage.setItem(kRemembered, choice);
  } catch {
    // then the choice lasts as long as the page
  }
}

export function isDark() {
  return document.documentElement.dataset.theme === "dark" && !printing.matches;
}

/** Calls `listener` when colours have changed. */
export function onThemeChange(listener) {
  listeners.push(listener);
}

const tell = () => listeners.forEach((listener) => listener());

function show(theme) {
  document.documentElement.dataset.theme = theme;
  tell();
}

const systems = () => (darkSystem.matches ? "dark" : "light");

export function startTheme() {
  const chosen = remembered();
  show(chosen === "dark" || chosen === "light" ? chosen : systems());
  darkSystem.addEventListener("change", () => show(systems()));
  printing.addEventListener("change", tell);
}

export function toggleTheme() {
  const next = isDark() ? "light" : "dark";
  remember(next);
  show(next);
}

const known = new Map();
listeners.push(() => known.clear());

/** The custom property `--name` as it is now. */
export function colour(name) {
  if (!known.has(name)) {
    known.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  }
  return known.get(name);
}
