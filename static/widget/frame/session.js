// One visitor's line to MiniChat: which conversation, and which way is open.
// The socket is a hint, the database is the truth: after every welcome the gap is filled first,
// then what is unsent goes out.
import { Refusal, createApi } from './api.js';
import { createDelivery } from './delivery.js';
import { createInbound } from './inbound.js';
import { createLink } from './link.js';
import { createMarks } from './marks.js';
import { createOutbox } from './outbox.js';
import { createPoll } from './poll.js';
import { createSync } from './sync.js';
import { createThread } from './thread.js';
import { createTyping } from './typing.js';
import { createVisitor } from './visitor.js';

const PATIENCE_MS = 5_000; // without a socket, then polling begins
const CHECK_MS = 2_000; // for the push of an acknowledged message, then the gap is filled
const UNKNOWN = ['unauthenticated', 'unknown_visitor'];

export function createSession({ config, host, view, isSeen }) {
  let hasBegun = false;
  let isLive = false; // welcomed, and the gap is filled
  let isAnswered = false; // the last poll reached the server
  let patience = 0;

  const visitor = createVisitor({ ticket: config.ticket, lang: config.lang, host });
  const thread = createThread();
  const outbox = createOutbox({ onChange: outboxChanged });
  const api = createApi(config.api, visitor.token);
  const sync = createSync({ api, thread, onChange: changed });
  const link = createLink({ url: config.socket, hello: visitor.hello, onFrame: (frame) => inbound(frame), onDown, onStop });
  const poll = createPoll(pollOnce);
  const typing = createTyping({ send: sendTyping, onChange: view.typing });
  const marks = createMarks({ key: config.key, thread, send: sendMarks, canRead: isSeen, onUnread: (count) => host.send('unread', count) });
  const ensureVisitor = () => visitor.ensure(api);
  const delivery = createDelivery({ outbox, link, api, thread, session: { route, ensureVisitor, stored, forget, giveBack: view.giveBack } });
  const inbound = createInbound({ thread, delivery, typing, view, host, session: { welcome, adopt, changed, fill, forget, repeatMarks } });

  function changed() {
    view.draw();
    marks.update();
  }

  function outboxChanged() {
    host.send('outbox', outbox.texts());
    changed();
  }

  // --- the line opens ----------------------------------------------------------------------------

  function begin() {
    if (hasBegun) return;
    hasBegun = true;
    link.open();
    expectSocket();
  }

  /** Counted from the first failure on: each further attempt would otherwise start the wait anew. */
  function expectSocket() {
    if (!patience) patience = setTimeout(poll.start, PATIENCE_MS);
  }

  function settle() {
    clearTimeout(patience);
    patience = 0;
    poll.stop();
  }

  async function welcome(frame) {
    visitor.answered();
    if (frame.token) visitor.keep(frame.token);
    learn(frame);
    settle();
    if (thread.id && (!thread.isLoaded || thread.isBehind())) await fill();
    if (!link.isUp()) return;
    isLive = true;
    changed();
    view.status();
    delivery.pump();
  }

  function learn({ conversation, operators, online, limits }) {
    view.team({ operators, online });
    if (limits) view.limit(limits.body);
    adopt(conversation ? conversation.id : null);
    if (!conversation) return;
    thread.expect(conversation.seq);
    marks.expect(conversation.unread, conversation.seq);
  }

  function adopt(id) {
    if (id === thread.id) return;
    thread.reset(id);
    marks.reset();
    changed();
  }

  /** A failed fill is tried again, but never holds up what is unsent. */
  async function fill() {
    try {
      await sync.fill();
    } catch (error) {
      if (isRefused(error, ...UNKNOWN)) forget();
      else if (isRefused(error, 'not_found')) adopt(null);
      else setTimeout(() => link.isUp() && fill(), PATIENCE_MS);
    }
  }

  // --- the line is lost --------------------------------------------------------------------------

  function onDown(code) {
    const inFlight = delivery.inFlight();
    isLive = false;
    visitor.answered();
    if (code === 4401 && visitor.token()) forget();
    if (code === 4413 && inFlight) outbox.fail(inFlight, '');
    typing.stop();
    marks.repeat();
    delivery.lost();
    expectSocket();
    view.status();
  }

  function onStop(code) {
    settle();
    host.send('error', { code: code === 4404 ? 'not_found' : 'forbidden' });
    view.stopped(code);
  }

  async function pollOnce() {
    try {
      if (visitor.token()) await catchUp();
      isAnswered = Boolean(visitor.token()) || navigator.onLine;
    } catch (error) {
      isAnswered = error instanceof Refusal && error.code !== 'unavailable';
      if (isRefused(error, ...UNKNOWN)) forget();
      else if (isRefused(error, 'not_found') && thread.id) adopt(null);
      else if (isRefused(error, 'not_found')) link.stop(4404);
      else if (isRefused(error, 'forbidden')) link.stop(4403);
    }
    view.status();
    marks.update();
    if (poll.isOn()) await delivery.pump();
  }

  async function catchUp() {
    if (!thread.id) learn(await api.state());
    if (thread.id) await sync.fill();
  }

  // --- what goes out -----------------------------------------------------------------------------

  function route() {
    if (isLive) return 'socket';
    return poll.isOn() && !link.isUp() ? 'http' : null;
  }

  function forget() {
    visitor.forget();
    adopt(null);
    link.drop();
  }

  function stored(item, ack) {
    adopt(ack.conversation);
    thread.expect(ack.seq);
    if (!thread.has(ack.id)) thread.put(fromAck(item, ack));
    if (!thread.isLoaded) fill();
    else setTimeout(() => thread.isBehind() && fill(), CHECK_MS);
  }

  function sendTyping() {
    return isLive && link.send({ type: 'typing', conversation: thread.id });
  }

  function sendMarks(news, accepted) {
    const conversation = thread.id;
    if (isLive) {
      const sent = Object.entries(news).map(([type, position]) => link.send({ type, conversation, position }));
      if (sent.every(Boolean)) accepted(news);
    } else if (poll.isOn()) {
      api.marks(conversation, news).then(() => accepted(news), () => {});
    }
  }

  function repeatMarks(seconds) {
    marks.repeat();
    setTimeout(marks.update, (seconds || 1) * 1000);
  }

  function hurry() {
    link.wake();
    poll.now();
    delivery.pump();
  }

  return {
    thread,
    outbox,
    sync,
    typing,
    marks,
    begin,
    hurry,
    doubt: link.doubt,
    start({ token, page, texts }) {
      visitor.become(token);
      visitor.moveTo(page);
      outbox.restore(texts);
      if (token || texts.length) begin();
    },
    post(body) {
      outbox.add(body);
      begin();
      hurry();
    },
    retry(id) {
      outbox.retry(id);
      hurry();
    },
    moveTo(page) {
      visitor.moveTo(page);
      if (isLive) link.send({ type: 'page', url: page.url, title: page.title });
    },
    /** Another tab of the site became, or stopped being, this visitor. */
    become(token) {
      if (token === visitor.token()) return;
      visitor.become(token);
      adopt(null);
      link.drop();
    },
    status() {
      if (link.isUp()) return 'live';
      if (!navigator.onLine || (poll.isOn() && !isAnswered)) return 'lost';
      return poll.isOn() ? 'polling' : 'opening';
    },
  };
}

function isRefused(error, ...codes) {
  return error instanceof Refusal && codes.includes(error.code);
}

function fromAck({ body }, ack) {
  const { id, client_id, conversation, position, seq, created_at } = ack;
  return { id, client_id, conversation, position, seq, kind: 'visitor', body, author: null, created_at };
}
