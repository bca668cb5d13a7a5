// Full jitter: after a restart of the server the clients come back spread out, not as one herd.
const BASE = 500;
const CEILING = 30_000;

export const backoff = attempt => Math.random() * Math.min(CEILING, BASE * 2 ** attempt);
export const pause = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));
