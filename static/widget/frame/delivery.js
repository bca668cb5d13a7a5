// Brings the outbox to the server: one message at a time, in order, over the socket or by POST.
// "Stored" is said only on an acknowledgement; without one the same message goes out again under the same name.
import { Refusal } from './api.js';

const ACK_MS = 10_000;
const PAUSE_MS = 5_000;

const LATER = ['rate_limited', 'unavailable'];
const UNKNOWN = ['unauthenticated', 'unknown_visitor'];
const REWRITE = ['invalid', 'too_long', 'too_large'];

export function createDelivery({ outbox, link, api, thread, session }) {
  let isBusy = false;
  let waiting = null;
  let pausedUntil = 0;

  async function pump() {
    if (isBusy) return;
    isBusy = true;
    try {
      let item = next();
      while (item && settle(item, await attempt(item))) item = next();
    } finally {
      isBusy = false;
    }
  }

  /** What begins a conversation waits until it is known what is asked first, and until that was answered. */
  function next() {
    const item = Date.now() >= pausedUntil && session.route() ? outbox.next() : null;
    if (!item || item.tried || item.conversation) return item;
    const form = thread.form();
    if (!form) return form === null ? item : null;
    hold(item, '', form);
    return next();
  }

  function hold(item, reason, form) {
    outbox.fail(item.client_id, reason);
    if (form) thread.offer(form, item);
  }

  function attempt(item) {
    const { client_id, body, conversation = null, fresh, attachments = [] } = item;
    item.tried = true; // it may have arrived, whatever we hear
    const message = { client_id, body, conversation, fresh: Boolean(fresh), attachments: attachments.map(({ id }) => id) };
    return session.route() === 'socket' ? overSocket(message) : overHttp(message);
  }

  function overSocket(message) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => link.drop(), ACK_MS); // dropping the line answers with "lost"
      waiting = {
        id: message.client_id,
        answer(outcome) {
          clearTimeout(timer);
          waiting = null;
          resolve(outcome);
        },
      };
      if (!link.send({ type: 'message', ...message })) waiting.answer({ lost: true });
    });
  }

  async function overHttp(message) {
    try {
      await session.ensureVisitor();
      return { ack: await api.post(message) };
    } catch (error) {
      return error instanceof Refusal ? { refusal: error } : { lost: true };
    }
  }

  /** True: go on with the next one. */
  function settle(item, { ack, refusal }) {
    if (ack) return stored(item, ack);
    return refusal ? refused(item, refusal) : false;
  }

  function stored(item, ack) {
    session.stored(item, ack);
    outbox.remove(item.client_id);
    return true;
  }

  function refused(item, { code, message, retryAfter, form }) {
    const id = item.client_id;
    if (LATER.includes(code)) return pause(retryAfter);
    if (UNKNOWN.includes(code)) {
      session.forget();
      return false;
    }
    if (code === 'not_found' && item.conversation) {
      session.gone(item); // the conversation; the text opens a new one
    } else if (code === 'conflict') {
      outbox.rename(id);
    } else if (REWRITE.includes(code)) {
      giveBack(item, message);
    } else {
      hold(item, message, form);
    }
    return true;
  }

  function giveBack(item, message) {
    if (thread.holds(item) && session.giveBack(item.body, message)) outbox.remove(item.client_id);
    else outbox.fail(item.client_id, message);
  }

  function pause(seconds) {
    const wait = seconds ? seconds * 1000 : PAUSE_MS;
    pausedUntil = Date.now() + wait;
    setTimeout(pump, wait + 10);
    return false;
  }

  /** Frames that speak of one message; an acknowledgement may also come after we stopped waiting for it. */
  function answer(frame) {
    const { client_id: id } = frame;
    const outcome = frame.type === 'ack' ? { ack: frame } : { refusal: toRefusal(frame) };
    if (waiting && waiting.id === id) waiting.answer(outcome);
    else if (frame.type === 'ack') late(id, frame);
  }

  function late(id, ack) {
    const item = outbox.items().find((other) => other.client_id === id);
    if (item) stored(item, ack);
  }

  function lost() {
    if (waiting) waiting.answer({ lost: true });
  }

  return { pump, answer, lost, inFlight: () => waiting && waiting.id };
}

function toRefusal({ type, code, message, retry_after: retryAfter, form }) {
  return { code: type === 'slow_down' ? 'rate_limited' : code, message, retryAfter, form };
}
