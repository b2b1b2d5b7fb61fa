// Names made short without becoming alike: what is cut is what they have in common (as base/text/apart.h does for
// terminals).

const lettersOf = (text) => [...text];

/** At most `most` letters; what is too much is cut from the middle. */
function cutInTheMiddle(letters, most) {
  if (letters.length <= most) return letters.join("");
  const tail = (most - 1) >> 1;
  const head = most - 1 - tail;
  return `${letters.slice(0, head).join("")}…${letters.slice(letters.length - tail).join("")}`;
}

/** How many letters all begin with; whole words where that leaves any. */
function sharedBegin(names) {
  const [first] = names;
  let shared = 0;
  while (names.every((letters) => shared < letters.length && letters[shared] === first[shared])) ++shared;
  const words = first.lastIndexOf(" ", shared - 1) + 1;
  return words > 0 ? words : shared;
}

const reversed = (letters) => [...letters].reverse();

/** One name of those that a cut would make alike: the part that tells it apart, with as much before it as fits. */
function aroundDifference(letters, begin, end, most) {
  const core = letters.slice(begin, letters.length - end);
  const after = end > 0 ? "…" : "";
  const room = most - core.length - 1 - after.length;
  if (room < 0) return null;
  const head = letters.slice(0, Math.min(begin, room));
  const between = head.length < begin ? "…" : "";
  return `${head.join("")}${between}${core.join("")}${after}`;
}

function cutApart(names, most) {
  const groups = new Map();
  const cuts = names.map((letters) => cutInTheMiddle(letters, most));
  cuts.forEach((cut, i) => groups.set(cut, [...(groups.get(cut) ?? []), i]));
  for (const alike of groups.values()) {
    const distinct = new Set(alike.map((i) => names[i].join("")));
    if (distinct.size < 2) continue;
    const group = alike.map((i) => names[i]);
    const begin = sharedBegin(group);
    const rests = group.map((letters) => reversed(letters.slice(begin)));
    const end = sharedBegin(rests);
    const whole = group.map((letters) => aroundDifference(letters, begin, end, most));
    const parts = whole.includes(null)
      ? cutApart(
          rests.map((rest) => reversed(rest.slice(end))),
          Math.max(1, most - 2),
        ).map((part) => `…${part}${end > 0 ? "…" : ""}`)
      : whole;
    alike.forEach((i, k) => (cuts[i] = parts[k]));
  }
  return cuts;
}

/** In how many names each word occurs. */
function namesWith(words) {
  const counts = new Map();
  for (const word of words.flatMap((own) => [...new Set(own)])) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** The name without words that most names have, until it fits: those next to a word of its own stay longest. */
function withoutCommonWords(words, counts, names, most) {
  const isCommon = (word) => counts.get(word) > Math.max(1, names / 2);
  const own = words.flatMap((word, i) => (isCommon(word) ? [] : [i]));
  const common = words
    .map((word, i) => ({ word, i, away: Math.min(words.length, ...own.map((other) => Math.abs(other - i))) }))
    .filter(({ word }) => isCommon(word))
    .sort((a, b) => b.away - a.away || a.i - b.i);
  const dropped = new Set();
  const text = () =>
    words
      .map((word, i) => (dropped.has(i) ? "…" : word))
      .join(" ")
      .replace(/…( …)+/g, "…")
      .replace(/ ?… ?/g, "…");
  for (const { i } of common) {
    if (lettersOf(text()).length <= most) break;
    dropped.add(i);
  }
  for (const { i } of common.toReversed()) {
    const isAlone = [i - 1, i + 1].every((k) => words[k] === undefined || dropped.has(k));
    if (!isAlone && dropped.delete(i) && lettersOf(text()).length > most) dropped.add(i);
  }
  return text();
}

/** Each name in at most `most` letters; two that differ stay different as long as letters are left for that. */
export function shortenedApart(names, most) {
  const room = Math.max(3, most);
  const distinct = [...new Set(names)];
  const words = distinct.map((name) => name.split(" "));
  const counts = namesWith(words);
  const shorter = words.map((own) => withoutCommonWords(own, counts, distinct.length, room));
  const alike = new Set(shorter).size < distinct.length;
  const cuts = cutApart((alike ? distinct : shorter).map(lettersOf), room);
  const cut = new Map(distinct.map((name, i) => [name, cuts[i]]));
  return names.map((name) => cut.get(name));
}
