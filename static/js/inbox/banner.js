// The strip above the inbox: offline, interrupted, signed out. Quiet for the first seconds, because
// most interruptions are over before anybody needs to read about them.
import { when } from './bus.js';
import { hasEnded } from './socket.js';

const QUIET_FOR = 5_000;
const strip = document.getElementById('conn');
let timer = 0;

export function startBanner() {
  when('link:down', () => later());
  when('link:synced', () => { clearTimeout(timer); show(''); });
  when('link:ended', why => show(why));
  addEventListener('offline', () => show('offline'));
  addEventListener('online', () => show('polling'));
  later();
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => show(navigator.onLine ? 'polling' : 'offline'), QUIET_FOR);
}

function show(state) {
  if (hasEnded() && hasEnded() !== state) return;
  clearTimeout(timer);
  strip.hidden = !state;
  for (const words of strip.querySelectorAll('[data-when]')) words.hidden = words.dataset.when !== state;
  const link = strip.querySelector('[data-sign-in]');
  link.hidden = state !== 'signed-out';
  link.href = `${link.pathname}?next=${encodeURIComponent(location.pathname + location.search)}`;
}
