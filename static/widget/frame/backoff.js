// Full jitter: after an outage everybody comes back, but not everybody at once.

const STEP_MS = 500;
const MOST_MS = 30_000;

export function backoff(tries) {
  return Math.random() * Math.min(MOST_MS, STEP_MS * 2 ** tries);
}
