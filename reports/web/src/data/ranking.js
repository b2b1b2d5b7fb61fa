// In which order mixes stand in tables and charts: those that make it by their cost, then late ones, then those
// that cannot train.
import { oddsOf } from "./statistics.js";
import { shown } from "../page/names.js";
import { shortenedApart } from "../text/apart.js";

const kLabel = 36;

/** 0 makes it, 1 is late (or mostly does not finish) while another makes it, 2 cannot train. */
function standingOf(mix, verdict) {
  if (!mix.feasible || !mix.cost_usd) return 2;
  const makesIt = verdict.best === null || mix.index === verdict.best || oddsOf(mix) >= verdict.good_odds;
  return makesIt ? 0 : 1;
}

/**
 * Gives each mix its `standing`, its `place` in the order, which decides on its colour, and `label`, a short name
 * unlike the others; returns the mixes in order.
 */
export function rank(mixes, verdict) {
  const labels = shortenedApart(
    mixes.map(({ name }) => shown(name, 400)),
    kLabel,
  );
  mixes.forEach((mix, i) => {
    mix.standing = standingOf(mix, verdict);
    mix.label = labels[i];
    mix.wins = mix.index === verdict.best;
  });
  const cost = (mix) => mix.cost_usd?.mean ?? Infinity;
  const ranked = [...mixes].sort(
    (a, b) => a.standing - b.standing || b.wins - a.wins || cost(a) - cost(b) || a.index - b.index,
  );
  ranked.forEach((mix, place) => (mix.place = place));
  return ranked;
}
