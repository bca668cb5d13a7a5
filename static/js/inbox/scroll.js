// The newest message stays in sight, unless the person is reading further up.
import { getJson } from './api.js';
import { when } from './bus.js';
import { log, text } from './page.js';
import { apply, messages } from './thread.js';

const NEAR = 48;
let unseen = 0;
let pinned = true;
let loading = false;
const sizes = new ResizeObserver(() => pinned && toBottom());

export const isAtBottom = () => pinned;

export function startScroll() {
  when('panes:shown', attach);
  when('queued', toBottom);
  when('failed', () => pinned && toBottom());
  when('thread:changed', changed);
  document.addEventListener('click', event => {
    if (event.target.closest('#new-below')) toBottom();
    if (event.target.closest('#older')) loadOlder();
  });
}

function attach() {
  const open = log();
  sizes.disconnect();
  if (!open) return;
  sizes.observe(open);
  open.addEventListener('scroll', scrolled, { passive: true });
  toBottom();
}

function scrolled() {
  const open = log();
  pinned = open.scrollHeight - open.scrollTop - open.clientHeight < NEAR;
  if (pinned) forget();
  if (open.scrollTop < NEAR) loadOlder();
}

export function toBottom() {
  const open = log();
  if (!open) return;
  pinned = true;
  open.scrollTop = open.scrollHeight;
  forget();
}

function forget() {
  unseen = 0;
  showUnseen();
}

function changed({ added, mine }) {
  if (loading) return;
  if (pinned || mine) return toBottom();
  unseen += added;
  showUnseen();
}

function showUnseen() {
  const button = document.getElementById('new-below');
  if (!button) return;
  button.hidden = unseen === 0;
  button.querySelector('span').textContent = unseen === 1 ? text('newOne') : text('newMany', { n: unseen });
}

async function loadOlder() {
  const open = log();
  if (loading || open.dataset.older !== 'true') return;
  loading = true;
  const first = messages()[0]?.dataset.position ?? 0;
  const reply = await getJson(`${open.dataset.changes}?before=${first}&limit=50`);
  if (reply.ok && open === log()) keepPlace(open, () => show(open, reply.data));
  loading = false;
}

function show(open, answer) {
  open.dataset.older = String(answer.has_more);
  document.getElementById('older').hidden = !answer.has_more;
  // A screen reader must not read out what was said yesterday.
  open.setAttribute('aria-live', 'off');
  open.dataset.loadingOlder = 'true';
  apply(answer.rows);
  delete open.dataset.loadingOlder;
  requestAnimationFrame(() => open.removeAttribute('aria-live'));
}

function keepPlace(open, work) {
  const fromBottom = open.scrollHeight - open.scrollTop;
  work();
  open.scrollTop = open.scrollHeight - fromBottom;
}
