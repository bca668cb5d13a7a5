// No socket: the thread is asked for every five seconds, the list and the header every fifteen.
import { when } from './bus.js';
import { refresh } from './list.js';
import { current } from './page.js';
import { refreshAround } from './panes.js';
import { hasEnded, isReady } from './socket.js';
import { fill } from './thread.js';

const EVERY = 5_000;
const LIST_EVERY = 3;
let timer = 0;
let round = 0;

export function startPolling() {
  when('link:down', begin);
  when('link:ready', stop);
  when('link:ended', stop);
  begin();
}

function begin() {
  stop();
  timer = setInterval(poll, EVERY);
}

function stop() {
  clearInterval(timer);
  round = 0;
}

async function poll() {
  if (isReady() || hasEnded() || !navigator.onLine) return;
  if (current()) await fill();
  if (round % LIST_EVERY === 0) await Promise.all([refresh(), refreshAround()]);
  round += 1;
}
