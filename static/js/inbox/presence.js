// Whether the visitor is on the site now: in the row, in the header and in the details.
import { when } from './bus.js';

// What is drawn was asked for before it arrives, and what is pushed was drawn before it was sent: a sign that came in
// between is newer than the picture. No answer takes longer than this (`PATIENCE` in api.js).
const NEWER_MS = 20_000;
const heard = new Map(); // conversation: { online, at }, the oldest first

export function startPresence() {
  when('frame:presence', receive);
  // Frames may have been missed: what is drawn from here on knows better.
  for (const event of ['link:ready', 'frame:resync']) when(event, () => heard.clear());
  for (const event of ['panes:shown', 'head:shown', 'head:changed']) when(event, () => correct(document));
  when('row:dressed', correct);
}

function receive({ conversation, online }) {
  heard.delete(conversation);
  heard.set(conversation, { online, at: performance.now() });
  forget();
  for (const sign of document.querySelectorAll(`[data-presence="${CSS.escape(conversation)}"]`)) sign.hidden = !online;
}

function correct(place) {
  forget();
  if (!heard.size) return;
  for (const sign of place.querySelectorAll('[data-presence]')) {
    const newer = heard.get(sign.dataset.presence);
    if (newer) sign.hidden = !newer.online;
  }
}

function forget() {
  for (const [conversation, { at }] of heard) {
    if (performance.now() - at < NEWER_MS) return;
    heard.delete(conversation);
  }
}
