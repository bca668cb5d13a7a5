// Draws the thread: stored messages by position, then what is still unsent. Elements are kept under a key,
// so that a message that becomes stored changes in place and nothing flickers.
import { dayKey, dayName } from './dates.js';
import { buildLine, buildMessage, eventSentence, fillMessage } from './message.js';

const SAME_BREATH_MS = 5 * 60_000;

export function createLog({ log, greeting, typing, scroll, session, onRetry }) {
  const drawn = new Map(); // key → { element, print }
  let first = null;

  function draw() {
    scroll.keeping(() => {
      const [message] = session().thread.messages();
      const wasFirst = first;
      first = message ? message.id : null;
      greeting.classList.toggle('off', session().thread.hasOlder());
      place(entries());
      return wasFirst !== null && wasFirst !== first; // older ones came in above
    });
  }

  /** Everything to show, in order: day lines, events, messages. */
  function entries() {
    const { thread, outbox } = session();
    const list = [];
    let day = '';
    const add = (message, state) => {
      if (day !== dayKey(message.created_at)) {
        day = dayKey(message.created_at);
        list.push({ key: `day ${day}`, line: dayName(message.created_at) });
      }
      if (message.kind !== 'event') list.push({ key: message.client_id || message.id, message, state });
      else if (eventSentence(message)) list.push({ key: message.id, line: eventSentence(message) });
    };
    thread.messages().forEach((message) => add(message, message.kind === 'visitor' ? thread.stateOf(message) : ''));
    outbox.items().filter(thread.holds).forEach((item) => add(pending(item), item.state));
    return list;
  }

  function place(list) {
    const keys = new Set(list.map((entry) => entry.key));
    for (const [key, { element }] of drawn) {
      if (keys.has(key)) continue;
      element.remove();
      drawn.delete(key);
    }
    let before = greeting;
    list.forEach((entry, index) => {
      const element = elementFor(entry);
      element.classList.toggle('run', isRun(entry, list[index + 1]));
      if (before.nextElementSibling !== element) before.after(element);
      before = element;
    });
    if (log.lastElementChild !== typing) log.append(typing);
  }

  function elementFor(entry) {
    const known = drawn.get(entry.key);
    const print = JSON.stringify(entry);
    if (known && known.print === print) return known.element;
    const element = known ? known.element : build(entry);
    if (entry.message) fillMessage(element, entry.message, entry.state);
    else element.firstElementChild.textContent = entry.line;
    drawn.set(entry.key, { element, print });
    return element;
  }

  const build = (entry) => (entry.message ? buildMessage(entry.message.kind, onRetry) : buildLine(entry.line));

  return {
    draw,
    /** Words have come that were missing. */
    redraw() {
      drawn.forEach((one) => { one.print = ''; });
      draw();
    },
  };
}

function pending({ client_id, body, at, reason, attachments }) {
  return { id: client_id, client_id, kind: 'visitor', body, created_at: at, reason, attachments };
}

/** In one breath: the time and the state stand below the last message only. */
function isRun(entry, next) {
  if (!entry.message || !next || !next.message || entry.state !== next.state || entry.state === 'failed') return false;
  const [a, b] = [entry.message, next.message];
  const sameAuthor = a.kind === b.kind && (a.author || {}).name === (b.author || {}).name;
  return sameAuthor && new Date(b.created_at) - new Date(a.created_at) < SAME_BREATH_MS;
}
