// One visitor's line to MiniChat: which conversation, and which way is open.
// The socket is a hint, the database is the truth: after every welcome the gap is filled first,
// then what is unsent goes out.
import { Refusal, createApi } from './api.js';
import { createChats } from './chats.js';
import { createDelivery } from './delivery.js';
import { uuid7 } from './ids.js';
import { createInbound } from './inbound.js';
import { createLink } from './link.js';
import { createMarks } from './marks.js';
import { createOutbox } from './outbox.js';
import { createPoll } from './poll.js';
import { createSync } from './sync.js';
import { createThread, isTheirs } from './thread.js';
import { createTyping } from './typing.js';
import { createVisitor } from './visitor.js';

const PATIENCE_MS = 5_000; // without a socket, then polling begins
const CHECK_MS = 2_000; // for the push of an acknowledged message, then the gap is filled
const UNKNOWN = ['unauthenticated', 'unknown_visitor'];
const REASONS = { 4403: 'forbidden', 4404: 'not_found', 4405: 'identity_required' };

export function createSession({ config, host, view, isSeen }) {
  let isAllowed = false; // the page, or the visitor, has said that we may keep things
  let hasBegun = false;
  let isLive = false; // welcomed, and the gap is filled
  let isAnswered = false; // the last poll reached the server
  let patience = 0;
  let doubt = 0;

  const visitor = createVisitor({ ticket: config.ticket, lang: config.lang, host });
  const thread = createThread();
  const chats = createChats({ onChange: view.chats, onDoubt: askSoon });
  const outbox = createOutbox({ onChange: outboxChanged });
  const api = createApi(config.api, visitor.token);
  const sync = createSync({ api, thread, onChange: filled });
  const link = createLink({ url: config.socket, hello: visitor.hello, onFrame, onDown, onStop });
  const poll = createPoll(pollOnce);
  // For `person.js`, which sets `hear`.
  const line = { base: config.api, host, link, visitor, clear, isOpen: link.isUp };
  const typing = createTyping({ send: sendTyping, onChange: view.typing });
  const marks = createMarks({ thread, chats, send: sendMarks, canRead: isSeen });
  const ensureVisitor = () => visitor.ensure(api);
  const delivery = createDelivery({ outbox, link, api, thread, session: { route, ensureVisitor, stored, forget, gone, giveBack: view.giveBack } });
  const inbound = createInbound({ thread, chats, delivery, typing, view, host, session: { welcome, adopt, changed, fill, forget, resync, repeatMarks } });

  function changed() {
    view.draw();
    marks.update();
  }

  /** `news` are those of the rows that no push has brought; of a thread that was just loaded, only what is unread. */
  function filled(rows = [], news = [], wasLoaded) {
    const row = chats.get(thread.id);
    const seen = row ? row.marks.seen : 0;
    rows.forEach(chats.note);
    changed();
    news.forEach((message) => {
      if (wasLoaded) view.incoming(message, true);
      else if (isTheirs(message) && message.position > seen) view.tell(message);
    });
  }

  function outboxChanged() {
    host.send('outbox', outbox.texts());
    changed();
  }

  // --- the line opens ----------------------------------------------------------------------------

  function begin() {
    if (hasBegun || !isAllowed) return;
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

  function onFrame(frame) {
    if (frame.other) clear();
    line.hear?.(frame);
    inbound(frame);
  }

  async function welcome(frame) {
    visitor.answered();
    learn(frame);
    settle();
    if (thread.id && (!thread.isLoaded || thread.isBehind())) await fill();
    if (!link.isUp()) return;
    isLive = true;
    changed();
    view.status();
    delivery.pump();
  }

  function keep({ token }) {
    if (token) visitor.keep(token);
    return token;
  }

  /** A conversation that is running goes on, unless the visitor has chosen one. */
  function learn(state) {
    const { conversation } = state;
    keep(state);
    view.team(state);
    thread.forms = state.forms || {}; // what is asked before a new conversation
    if (state.limits) view.limit(state.limits.body);
    chats.learn(state);
    if (conversation && conversation.status !== 'resolved' && !thread.id && !thread.fresh) adopt(conversation.id);
    const row = chats.get(thread.id);
    if (row) {
      thread.expect(row.seq);
      thread.mark(row.marks);
      marks.update();
    }
    view.arrived();
  }

  function adopt(id, fresh) {
    if (id === thread.id && !fresh) return;
    if (id && !thread.id) outbox.assign(thread.fresh, id);
    thread.reset(id, fresh);
    typing.stop();
    marks.reset();
    changed();
  }

  /** The very first conversation needs no name: there is none that it could be taken for. */
  const nextName = () => (chats.list().length || outbox.items().length ? uuid7() : '');

  /** Somebody else is here than before: what is shown goes, and what was not sent under the old name never is. */
  function clear() {
    outbox.forget(visitor.proof.at);
    chats.clear();
    adopt(null);
  }

  /** Nobody we know any more: the conversations go with them. */
  function leave() {
    chats.clear();
    adopt(null);
    link.drop();
  }

  function gone(item) {
    if (item.conversation === thread.id) adopt(null);
    Object.assign(item, { conversation: null, fresh: '' });
  }

  function askSoon() {
    clearTimeout(doubt);
    doubt = setTimeout(() => visitor.token() && api.state().then(learnLines, () => {}), CHECK_MS / 4);
  }

  /** With a fresh credential the line is opened anew: it would be closed when the old one ends. */
  function learnLines(state) {
    if (keep(state)) link.drop();
    chats.learn(state);
  }

  function resync() {
    fill();
    askSoon();
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
    if (code !== 4405) visitor.proof.shown = ''; // nobody has judged it
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
    line.ended = code;
    host.send('error', { code: REASONS[code] });
    view.stopped(code);
  }

  async function pollOnce() {
    try {
      await ensureVisitor();
      await catchUp();
      isAnswered = true;
    } catch (error) {
      isAnswered = error instanceof Refusal && error.code !== 'unavailable';
      if (isRefused(error, ...UNKNOWN)) forget();
      else if (isRefused(error, 'not_found') && thread.id) adopt(null);
      else if (isRefused(error, 'not_found')) link.stop(4404);
      else if (isRefused(error, 'forbidden') && visitor.token()) link.stop(4403);
      else if (isRefused(error, 'identity_required')) link.stop(4405);
    }
    view.status();
    marks.update();
    if (poll.isOn()) await delivery.pump();
  }

  async function catchUp() {
    learn(await api.state());
    if (thread.id && (!thread.isLoaded || thread.isBehind() || !chats.get(thread.id))) await sync.fill();
  }

  // --- what goes out -----------------------------------------------------------------------------

  function route() {
    if (isLive) return 'socket';
    return poll.isOn() && !link.isUp() ? 'http' : null;
  }

  function forget() {
    visitor.forget();
    leave();
  }

  function stored(item, ack) {
    const message = fromAck(item, ack);
    const isOpen = thread.holds(item);
    outbox.assign(item.fresh, ack.conversation);
    chats.note(message);
    if (!isOpen) return;
    adopt(ack.conversation);
    thread.expect(ack.seq);
    if (!thread.has(ack.id)) thread.put(message);
    if (!thread.isLoaded) fill();
    else setTimeout(() => thread.isBehind() && fill(), CHECK_MS);
  }

  function sendTyping() {
    return isLive && thread.id && link.send({ type: 'typing', conversation: thread.id });
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
    chats,
    api,
    begin,
    line,
    hurry,
    doubt: link.doubt,
    start({ token, page, texts }) {
      visitor.become(token);
      visitor.moveTo(page);
      outbox.restore(texts);
    },
    allow(isWanted) {
      isAllowed = true;
      if (isWanted || visitor.token() || outbox.next()) begin();
    },
    visitor,
    /** One of the visitor's conversations; null: a new one, which is there once something is written. */
    open(id) {
      if (id === thread.id && (id || thread.fresh)) return;
      adopt(id, id ? '' : nextName());
      if (id) fill();
    },
    post(body, attachments) {
      if (!thread.id && !thread.fresh) thread.fresh = chats.list().length ? uuid7() : '';
      outbox.add(body, attachments, thread);
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
      const isNew = token !== visitor.token();
      visitor.become(token);
      if (isNew) leave();
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

function fromAck({ body, attachments }, ack) {
  const { id, client_id, conversation, position, seq, created_at } = ack;
  return { id, client_id, conversation, position, seq, kind: 'visitor', body, attachments, author: null, created_at };
}
