// Notifications of the browser: shown when nobody looks at any tab of ours, once for all tabs. Asked for on a click only.
import { when } from '../inbox/bus.js';
import { bell } from './bell.js';
import { post } from './requests.js';

const ANSWER_WITHIN = 200;
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('minichat-looking') : null;
let heard = null;

// Chrome on Android has the name and refuses to be called from a page.
const isSupported = 'Notification' in window && !/Android/.test(navigator.userAgent);
const state = () => (isSupported ? Notification.permission : 'unsupported');

export function startBrowserNotifications() {
  channel?.addEventListener('message', ({ data }) => {
    if (data === 'who looks?' && isLooking()) channel.postMessage('I do');
    if (data === 'I do') heard?.();
  });
  when('notification', frame => frame.browser && consider(frame));
  startCard();
}

const isLooking = () => !document.hidden && document.hasFocus();

async function consider(frame) {
  if (state() !== 'granted' || isLooking() || await somebodyLooks()) return;
  show(frame.id, frame.text, frame.url);
}

/** Whether another tab is in front of somebody's eyes. */
function somebodyLooks() {
  if (!channel) return false;
  return new Promise(resolve => {
    heard = () => resolve(true);
    channel.postMessage('who looks?');
    setTimeout(() => resolve(false), ANSWER_WITHIN);
  });
}

// The tag makes of the same notification from several tabs one.
function show(tag, body, url) {
  const shown = new Notification('MiniChat', { body, tag, lang: document.documentElement.lang });
  shown.addEventListener('click', () => {
    focus();
    shown.close();
    if (url) go(tag, url);
  });
}

async function go(id, url) {
  const entry = document.getElementById(`n-${id}`);
  const reading = entry?.querySelector('[data-notification-read]').action ?? `${new URL(bell.querySelector('#bell-button').href).pathname}${id}/reading/`;
  if (!id.startsWith('held-')) await post(reading, { keepalive: true });
  const isTaken = !document.dispatchEvent(new CustomEvent('minichat:go', { detail: url, cancelable: true }));
  if (!isTaken) location.assign(url);
}

// --- The card on the settings page -----------------------------------------------------------------------------------

function startCard() {
  const card = document.querySelector('[data-browser-notifications]');
  if (!card) return;
  drawCard(card);
  card.querySelector('[data-browser-allow]').addEventListener('click', async () => {
    await Notification.requestPermission();
    drawCard(card);
  });
  const example = card.querySelector('[data-browser-test]');
  example.addEventListener('click', () => show('example', example.dataset.browserTest, ''));
  // Somebody may change their mind in the browser's own settings.
  navigator.permissions?.query({ name: 'notifications' }).then(permission => permission.addEventListener('change', () => drawCard(card))).catch(() => {});
}

function drawCard(card) {
  const hadFocus = card.contains(document.activeElement);
  card.dataset.browserNotifications = state();
  for (const part of card.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== state();
  if (hadFocus && document.activeElement === document.body) card.querySelector('[data-when]:not([hidden]) button')?.focus();
}
