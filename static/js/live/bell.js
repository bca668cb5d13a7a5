// The bell: a number that the socket keeps true, a list that is fetched when it opens, entries that come in live.
import { tell, when } from '../inbox/bus.js';
import { element, elements, morphInside } from '../inbox/html.js';
import { isReady } from '../inbox/socket.js';
import { getHtml, getJson, post } from './requests.js';

const MOST = 99;
const LATEST = 8;
const ASK_EVERY = 30_000;

export const bell = document.getElementById('bell');
const button = document.getElementById('bell-button');
const panel = document.getElementById('bell-panel');
const list = document.getElementById('bell-list');
let asking = null;

export function startBell() {
  if (!bell) return;
  when('frame:welcome', frame => drawCount(frame.bell));
  when('frame:bell', frame => drawCount(frame.unread));
  when('frame:notification', receive);
  when('frame:notifications_read', forget);
  when('link:ready', refresh);
  when('frame:resync', () => { refresh(); askCount(); });
  button.addEventListener('click', open);
  panel.addEventListener('toggle', event => shown(event.newState === 'open'));
  panel.addEventListener('keydown', walk);
  document.addEventListener('submit', submit);
  document.addEventListener('click', follow);
  panel.querySelector('[data-bell-again]').addEventListener('click', load);
  button.setAttribute('aria-haspopup', 'dialog');
  button.setAttribute('aria-expanded', 'false');
  // No socket: ask now and then, and whenever somebody comes back to look.
  setInterval(() => document.hidden || isReady() || askCount(), ASK_EVERY);
  document.addEventListener('visibilitychange', () => document.hidden || isReady() || askCount());
}

// --- The number ------------------------------------------------------------------------------------------------------

function drawCount(unread) {
  for (const slot of document.querySelectorAll('[data-bell-count]')) {
    slot.textContent = unread ? (unread > MOST ? `${MOST}+` : String(unread)) : '';
  }
  for (const form of document.querySelectorAll('[data-notifications-read-all]')) form.hidden = unread === 0;
  const { none, one, many } = bell.dataset;
  document.getElementById('bell-words').textContent = unread === 0 ? none : unread === 1 ? one : many.replace('{n}', unread > MOST ? `${MOST}+` : unread);
}

async function askCount() {
  const reply = await getJson(bell.dataset.countUrl);
  if (reply) drawCount(reply.unread);
}

// --- The list --------------------------------------------------------------------------------------------------------

// A click with a key held opens the page beside, as with every link.
function open(event) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0 || isNarrow()) return;
  event.preventDefault();
  panel.togglePopover();
}

const isNarrow = () => matchMedia('(max-width: 720px)').matches;

function shown(isOpen) {
  button.setAttribute('aria-expanded', String(isOpen));
  if (!isOpen) {
    if (panel.contains(document.activeElement) || document.activeElement === document.body) button.focus();
    return;
  }
  load();
  panel.querySelector('a, button')?.focus();
}

/** After a gap the open list is looked at again. */
const refresh = () => { if (panel.matches(':popover-open')) load(); };

function load() {
  asking ??= loadNow().finally(() => { asking = null; });
}

async function loadNow() {
  show('wait', list.childElementCount === 0);
  show('failed', false);
  const html = await getHtml(bell.dataset.latest);
  show('wait', false);
  show('failed', html === null);
  list.hidden = html === null;
  if (html !== null) morphInside(list, elements(html));
}

const show = (name, isShown) => { panel.querySelector(`[data-bell-${name}]`).hidden = !isShown; };

// The arrows go from entry to entry, Home and End to the first and the last.
function walk(event) {
  const links = [...list.querySelectorAll('[data-notification-link]')];
  const here = links.indexOf(document.activeElement);
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: links.length - 1 }[event.key];
  if (to === undefined || links.length === 0) return;
  event.preventDefault();
  links[Math.max(0, Math.min(links.length - 1, to))].focus();
}

// --- What comes in ---------------------------------------------------------------------------------------------------

function receive(frame) {
  if (frame.html) {
    for (const place of document.querySelectorAll('#bell-list [data-notifications], [data-notifications-live]')) add(place, frame);
    document.getElementById('live').textContent = frame.text;
  }
  tell('notification', frame);
}

function add(place, frame) {
  if (place.querySelector(`[data-notification="${CSS.escape(frame.id)}"]`)) return;
  const entry = element(frame.html);
  entry.classList.add('is-fresh');
  place.prepend(entry);
  if (list.contains(place)) [...place.children].slice(LATEST).forEach(old => old.remove());
  drawNone(place);
}

function drawNone(place) {
  const none = place.parentElement.querySelector('[data-notifications-none]');
  if (none) none.hidden = place.childElementCount > 0;
}

// --- Reading ---------------------------------------------------------------------------------------------------------

function forget({ ids, targets }) {
  for (const entry of document.querySelectorAll('[data-notification].is-unread')) {
    if (ids === null || ids.includes(entry.dataset.notification) || targets.includes(entry.dataset.target)) drawRead(entry);
  }
}

function drawRead(entry) {
  const form = entry.querySelector('[data-notification-read]');
  const hadFocus = form.contains(document.activeElement);
  entry.classList.remove('is-unread');
  form.hidden = true;
  const word = entry.querySelector('[data-unread-word]');
  if (word) word.hidden = true;
  if (hadFocus) entry.querySelector('[data-notification-link]')?.focus();
}

async function submit(event) {
  const form = event.target.closest('[data-notification-read], [data-notifications-read-all]');
  if (!form) return;
  event.preventDefault();
  const entries = form.matches('[data-notification-read]') ? [form.closest('[data-notification]')] : unreadEntries();
  if (await post(form.action)) {
    entries.forEach(drawRead);
    if (form.matches('[data-notifications-read-all]')) {
      if (form.contains(document.activeElement)) (panel.contains(form) ? panel.querySelector('.bell-f a') : document.getElementById('main')).focus();
      drawCount(0);
    } else if (!isReady()) {
      askCount();
    }
  } else {
    document.dispatchEvent(new CustomEvent('minichat:toast', { detail: { text: bell.dataset.failed, level: 'error' } }));
  }
}

const unreadEntries = () => [...document.querySelectorAll('[data-notification].is-unread')];

// Whoever follows an entry has read it; the request outlives the page.
function follow(event) {
  const entry = event.target.closest('[data-notification-link]')?.closest('[data-notification].is-unread');
  if (entry) readLater(entry);
}

function readLater(entry) {
  post(entry.querySelector('[data-notification-read]').action, { keepalive: true });
  drawRead(entry);
}
