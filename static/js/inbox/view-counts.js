// How many each saved view of the menu holds: asked for after the page is there, and again when the list has moved.
import { getJson } from './api.js';
import { when } from './bus.js';
import { listUrl } from './wanted.js';

const AT_MOST_EVERY = 5_000;
const MOST = 99;
const slots = () => [...document.querySelectorAll('[data-view-count]')];
let asked = 0;
let timer = 0;

export function startViewCounts() {
  if (slots().length) ask();
  when('frame:counts', soon);
  when('views:changed', soon);
  document.addEventListener('visibilitychange', soon);
}

function soon() {
  if (timer || document.hidden || !slots().length) return;
  timer = setTimeout(ask, Math.max(0, asked + AT_MOST_EVERY - Date.now()));
}

async function ask() {
  timer = 0;
  asked = Date.now();
  const reply = await getJson(`${listUrl('')}views/counts/`);
  if (!reply.ok) return;
  for (const slot of slots()) {
    const n = reply.data.counts[slot.dataset.viewCount];
    slot.textContent = n ? (n > MOST ? `${MOST}+` : String(n)) : '';
  }
}
