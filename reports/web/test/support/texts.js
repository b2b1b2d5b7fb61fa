// The texts that a chart draws, each with its box in pixels of the chart.

/** {width, height, texts: {text, x, y, width, height, opacity}[]}; of a chart by its id. */
export function textsOf(page, id) {
  return page.evaluate((chartId) => {
    const chart = globalThis.spotmix.charts()[chartId];
    const texts = [];
    for (const shape of chart.getZr().storage.getDisplayList(true)) {
      if (shape.type !== "tspan" || shape.invisible || !shape.style.text?.trim()) continue;
      const box = shape.getBoundingRect().clone();
      if (shape.transform) box.applyTransform(shape.transform);
      const { x, y, width, height } = box;
      texts.push({ text: shape.style.text, x, y, width, height, opacity: shape.style.opacity ?? 1 });
    }
    return { width: chart.getWidth(), height: chart.getHeight(), texts };
  }, id);
}

const kRoom = 1;

/** What cannot be read of a chart's texts: those that reach beyond its edges, and those on top of each other. */
export async function unreadable(page, id) {
  const { width, height, texts } = await textsOf(page, id);
  const found = [];
  for (const { text, ...box } of texts) {
    const inside =
      box.x >= -kRoom &&
      box.y >= -kRoom &&
      box.x + box.width <= width + kRoom &&
      box.y + box.height <= height + kRoom;
    if (!inside) found.push(`${id}: "${text}" is cut at the edge`);
  }
  texts.forEach((a, i) =>
    texts.slice(i + 1).forEach((b) => {
      const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
      const tall = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
      if (wide > kRoom && tall > kRoom) found.push(`${id}: "${a.text}" lies on "${b.text}"`);
    }),
  );
  return found;
}

export const chartIds = (page) => page.evaluate(() => Object.keys(globalThis.spotmix.charts()));
