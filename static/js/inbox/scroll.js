// The newest message stays in sight, unless the person is reading further up, or came to see an older one.
import { getJson } from './api.js';
import { when } from './bus.js';
import { markHits } from './hits.js';
import { log, text } from './page.js';
import { apply, messages, newestPosition } from './thread.js';

const NEAR = 48;
const PAGE = 50;
const ASK_AGAIN = 5; // while messages keep coming
let unseen = 0;
let pinned = true;
let loading = false;
const sizes = new ResizeObserver(() => pinned && toBottom());

export const isAtBottom = () => pinned;

export function startScroll() {
  when('panes:shown', attach);
  when('queued', toNewest);
  when('failed', () => pinned && toBottom());
  when('thread:changed', changed);
  document.addEventListener('click', event => {
    if (event.target.closest('#new-below')) toNewest();
    if (event.target.closest('#older')) loadOlder();
  });
}

const endsEarly = () => log()?.dataset.newer === 'true';

function attach() {
  const open = log();
  sizes.disconnect();
  forget();
  if (!open) return;
  sizes.observe(open);
  open.addEventListener('scroll', scrolled, { passive: true });
  markHits(open);
  const wanted = open.dataset.at && open.querySelector(`[data-position="${open.dataset.at}"]`);
  if (wanted) showMessage(open, wanted);
  else toBottom();
}

function showMessage(open, message) {
  pinned = false;
  message.classList.add('is-wanted');
  message.scrollIntoView({ block: 'center' });
  scrolled();
  showBelow();
}

function scrolled() {
  const open = log();
  const isNear = open.scrollHeight - open.scrollTop - open.clientHeight < NEAR;
  pinned = isNear && !endsEarly();
  if (pinned) forget();
  if (isNear && endsEarly()) loadNewer();
  if (open.scrollTop < NEAR) loadOlder();
}

export function toBottom() {
  const open = log();
  if (!open) return;
  pinned = true;
  open.scrollTop = open.scrollHeight;
  forget();
}

/** To the newest message, also when what lies between is not loaded: then the thread begins there. */
async function toNewest() {
  if (!endsEarly()) return toBottom();
  const open = log();
  const answer = await fetchNewest(open);
  if (!answer) return;
  messages().forEach(message => message.remove());
  open.dataset.newer = 'false';
  showOlder(open, answer.has_more);
  quietly(open, 'loadingOlder', answer.rows);
  toBottom();
}

/** What is pushed while we ask stands below all that is loaded and is not drawn: then the answer is too old. */
async function fetchNewest(open, tries = ASK_AGAIN) {
  const answer = await fetchPage(open, `after=-1&limit=${PAGE}`);
  const isOld = answer && Number(open.dataset.beyond) > Math.max(...answer.rows.map(row => row.position));
  return isOld && tries ? fetchNewest(open, tries - 1) : answer;
}

function forget() {
  unseen = 0;
  showBelow();
}

function changed({ added, mine }) {
  if (loading) return;
  if (mine || pinned) return toNewest();
  unseen += added;
  showBelow();
}

function showBelow() {
  const button = document.getElementById('new-below');
  if (!button) return;
  button.hidden = unseen === 0 && !endsEarly();
  button.querySelector('span').textContent = unseen === 1 ? text('newOne') : unseen ? text('newMany', { n: unseen }) : text('toNewest');
}

async function loadOlder() {
  const open = log();
  if (open.dataset.older !== 'true') return;
  const answer = await fetchPage(open, `before=${messages()[0]?.dataset.position ?? 0}&limit=${PAGE}`);
  if (!answer) return;
  keepPlace(open, () => {
    showOlder(open, answer.has_more);
    quietly(open, 'loadingOlder', answer.rows);
  });
}

async function loadNewer(tries = ASK_AGAIN) {
  const open = log();
  const answer = await fetchPage(open, `following=${newestPosition()}&limit=${PAGE}`);
  if (!answer) return;
  quietly(open, 'loadingNewer', answer.rows);
  const isOld = !answer.has_newer && Number(open.dataset.beyond) > newestPosition();
  if (isOld && tries) return loadNewer(tries - 1);
  open.dataset.newer = String(answer.has_newer || isOld);
  if (!endsEarly()) forget();
}

async function fetchPage(open, query) {
  if (loading) return null;
  loading = true;
  const reply = await getJson(`${open.dataset.changes}?${query}`);
  loading = false;
  return reply.ok && open === log() ? reply.data : null;
}

function showOlder(open, has) {
  open.dataset.older = String(has);
  document.getElementById('older').hidden = !has;
}

/** A screen reader must not read out what was said yesterday, and it is news to nobody. */
function quietly(open, flag, rows) {
  open.setAttribute('aria-live', 'off');
  open.dataset[flag] = 'true';
  loading = true;
  apply(rows);
  loading = false;
  delete open.dataset[flag];
  requestAnimationFrame(() => open.removeAttribute('aria-live'));
}

function keepPlace(open, work) {
  const fromBottom = open.scrollHeight - open.scrollTop;
  work();
  open.scrollTop = open.scrollHeight - fromBottom;
}
