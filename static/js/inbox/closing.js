// What a close code asks of us (protocol, section 8).
export const SIGNED_OUT = 'signed-out';
export const REMOVED = 'removed';

const FOR_GOOD = { 4401: SIGNED_OUT, 4403: REMOVED, 4404: REMOVED };
const AT_ONCE = new Set([4008, 4409]);
const RESTART = 1012;

export const endOf = code => FOR_GOOD[code] ?? null;

/** Milliseconds that the server asks us to wait, or null: wait as the back-off says. */
export function askedWait({ code, reason }) {
  if (AT_ONCE.has(code)) return 0;
  return code === RESTART && /^\d+$/.test(reason) ? Number(reason) : null;
}
