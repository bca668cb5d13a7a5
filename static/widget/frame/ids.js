// UUID version 7 from getRandomValues: crypto.randomUUID does not exist in a frame on a plain http page.

const hex = (number, width) => number.toString(16).padStart(width, '0');

export function uuid7(now = Date.now()) {
  const random = Array.from(crypto.getRandomValues(new Uint8Array(9)), (byte) => hex(byte, 2)).join('');
  const digits = `${hex(now, 12)}7${random.slice(0, 3)}8${random.slice(3)}`;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
