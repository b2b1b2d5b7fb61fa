// Quantities as people read them: the texts of reports/text/units.h, a little shorter.

const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ",");

/** $1,234.56; below a cent two significant digits. */
export function money(usd) {
  const sign = usd < 0 ? "−" : "";
  const amount = Math.abs(usd);
  if (amount > 0 && amount < 0.01) return `${sign}$${Number(amount.toPrecision(2))}`;
  const [whole, cents] = amount.toFixed(2).split(".");
  return `${sign}$${grouped(whole)}.${cents}`;
}

/** Dollars on an axis, without cents where they would all be zero. */
export function moneyTick(usd) {
  if (Math.abs(usd) >= 10 || Number.isInteger(usd))
    return money(Math.round(usd * 100) / 100).replace(/\.00$/, "");
  return Math.abs(usd) < 0.1 && usd !== 0 ? `$${Number(usd.toPrecision(3))}` : money(usd);
}

/** A price per hour, which may need more than cents. */
export function price(usdPerHour) {
  return `$${usdPerHour.toFixed(usdPerHour < 100 ? 4 : 2)}`;
}

/** The two largest fitting units: "3 h 12 min", "72 h", "12 min 5 s", "5.3 s", "120 ms"; hours are the largest. */
export function duration(seconds) {
  if (seconds < 0) return `−${duration(-seconds)}`;
  if (seconds === 0) return "0\u00a0s";
  if (seconds < 0.9995) return `${Number((seconds * 1e3).toPrecision(3))}\u00a0ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}\u00a0s`;
  if (seconds < 3599.5) {
    const whole = Math.round(seconds);
    return `${Math.floor(whole / 60)}\u00a0min ${whole % 60}\u00a0s`;
  }
  const minutes = Math.round(seconds / 60);
  const hours = `${grouped(String(Math.floor(minutes / 60)))}\u00a0h`;
  return minutes % 60 === 0 ? hours : `${hours} ${minutes % 60}\u00a0min`;
}

/** How much more or less than another: "+36.3 %". */
export function relative(ratio) {
  if (Math.abs(ratio) < 5e-4) return "same";
  return `${ratio > 0 ? "+" : "−"}${decimal(Math.abs(ratio) * 100)}\u00a0%`;
}

/** One decimal; "100 %" and "0 %" are kept for exactly all and nothing. */
export function percent(fraction) {
  if (fraction === 0) return "0\u00a0%";
  if (fraction === 1) return "100\u00a0%";
  return `${Math.min(99.9, Math.max(0.1, fraction * 100)).toFixed(1)}\u00a0%`;
}

export function count(number) {
  return Number.isInteger(number) ? grouped(String(number)) : String(number);
}

/** Up to three decimals, thousands separated. */
export function decimal(number, digits = 1) {
  const [whole, rest] = number.toFixed(digits).split(".");
  return grouped(whole) + (rest ? `.${rest}` : "");
}

const kDash = "\u00a0– ";
const joined = (low, high) => `${low}${kDash}${high}`.replaceAll(" ", "\u00a0");

/** "$37.68 – $41.78", without cents where both have four digits; one amount where both read the same. */
export function moneyRange(low, high) {
  const large = low >= 1000 && high >= 1000;
  const [from, to] = [low, high].map((usd) =>
    large ? money(Math.round(usd)).replace(/\.00$/, "") : money(usd),
  );
  return from === to ? from : joined(from, to);
}

/** "41.1 – 47.6 h": both in the unit that serves the longer. */
export function durationRange(low, high) {
  const unit =
    kRangeUnits.find(({ seconds }) => Math.abs(high) >= seconds) ?? kRangeUnits[kRangeUnits.length - 1];
  const text = (seconds) => decimal(seconds / unit.seconds, 1);
  const [from, to] = [text(low), text(high)];
  return `${from === to ? from : joined(from, to)}\u00a0${unit.short}`;
}

const kRangeUnits = [
  { short: "h", seconds: 3600 },
  { short: "min", seconds: 60 },
  { short: "s", seconds: 1 },
  { short: "ms", seconds: 1e-3 },
];

/** "99.6 – 100 %". */
export function percentRange(low, high) {
  const [from, to] = [percent(low), percent(high)];
  return from === to ? from : joined(from.replace("\u00a0%", ""), to);
}

/** "4 – 14". */
export function countRange(low, high) {
  const [from, to] = [low, high].map((value) => String(Number(value.toFixed(1))));
  return from === to ? from : joined(from, to);
}

/** If all replications came to the same; older results do not keep the least and the most. */
export function isConstant({ min, max, stddev }) {
  return typeof min === "number" && typeof max === "number" ? min === max : stddev === 0;
}

/**
 * The 5th to 95th percentile of a summary by `range`, or "always" if no replication differs; nothing of a single
 * replication. A range does not break.
 */
export function spread(summary, range) {
  if (summary.stddev === null && summary.p05 === summary.p95) return "";
  return isConstant(summary) ? "always" : range(summary.p05, summary.p95);
}

/** Which unit an axis of times up to `seconds` has. */
export function timeUnit(seconds) {
  if (seconds > 21 * 86400) return { name: "days", short: "d", seconds: 86400 };
  if (seconds >= 2 * 3600) return { name: "hours", short: "h", seconds: 3600 };
  if (seconds >= 120) return { name: "minutes", short: "min", seconds: 60 };
  if (seconds >= 2) return { name: "seconds", short: "s", seconds: 1 };
  return { name: "milliseconds", short: "ms", seconds: 1e-3 };
}

/** Seconds since 1970 as "2023-02-15 22:08" (UTC). */
export function date(seconds) {
  return new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ");
}

/** Traces without dates begin at 0; nothing dated is that old. */
export function isDated(seconds) {
  return seconds > 10 * 365 * 86400;
}
