// The top of the page and the list of its parts.
import { element } from "./element.js";
import { shown } from "./names.js";
import { onThemeChange, isDark, toggleTheme } from "./theme.js";
import { facts } from "../sections/verdict.js";

function themeButton() {
  const button = element("button", { type: "button", class: "plain theme", onclick: toggleTheme });
  const name = () => (button.textContent = isDark() ? "Light" : "Dark");
  name();
  onThemeChange(name);
  button.setAttribute("aria-label", "Switch between light and dark");
  return button;
}

export function pageHeader(report) {
  return element(
    "header",
    {},
    element("div", { class: "top" }, element("span", { class: "program" }, "spotmix"), themeButton()),
    element("h1", {}, element("bdi", {}, shown(report.scenario, 200))),
    report.description
      ? element("p", { class: "description" }, element("bdi", {}, shown(report.description, 1000)))
      : null,
    element(
      "ul",
      { class: "conditions" },
      facts(report).map((fact) => element("li", {}, fact)),
    ),
  );
}

/** Links to the sections that are there. */
export function contents(sections) {
  const entries = sections.map((section) => [
    section.id,
    section.querySelector("h2")?.textContent ?? "Verdict",
  ]);
  const links = entries.map(([id, title]) => element("a", { href: `#${id}` }, title));
  const mark = new IntersectionObserver(
    (seen) => {
      const current = seen.filter(({ isIntersecting }) => isIntersecting).pop();
      if (!current) return;
      links.forEach((link) => {
        if (link.hash === `#${current.target.id}`) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    },
    { rootMargin: "-20% 0px -70% 0px" },
  );
  sections.forEach((section) => mark.observe(section));
  return element(
    "nav",
    { "aria-label": "Parts of the report" },
    element(
      "ol",
      {},
      links.map((link) => element("li", {}, link)),
    ),
  );
}
