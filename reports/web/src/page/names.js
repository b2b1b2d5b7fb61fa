// Names come from scenarios that anyone may have written: in one line, of bounded length, without marks that turn
// the direction of writing.

const kDirectionMarks = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const kControls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\s]+/g;

export function shown(name, most = 160) {
  const line = name.replace(kDirectionMarks, "").replace(kControls, " ").trim();
  const letters = [...line.slice(0, 2 * most + 2)];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : line || "(no name)";
}
