// Unpacks the columns of numbers that reports/html/column.h describes and reports/packed/packed.h packs.
import { unzlibSync } from "fflate";

const kMostPlanes = 8;

function bytesOfBase64(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The column's numbers. All lowest bytes of its steps come first, then all second bytes, and so on. */
export function columnOf({ n, origin, unit, packed }) {
  const values = new Float64Array(n);
  if (n === 0) return values;
  const bytes = unzlibSync(bytesOfBase64(packed), { out: new Uint8Array(kMostPlanes * n) });
  for (let begin = 0, weight = 1; begin < bytes.length; begin += n, weight *= 256) {
    for (let i = 0; i < n; ++i) values[i] += weight * bytes[begin + i];
  }
  let sum = 0;
  for (let i = 0; i < n; ++i) {
    const zigzag = values[i];
    sum += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
    values[i] = origin + unit * sum;
  }
  return values;
}
