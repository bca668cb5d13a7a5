// One visitor's line to MiniChat: who we are, which conversation, and which way is open.
// The socket is a hint, the database is the truth: after every welcome the gap is filled first,
// then what is unsent goes out.
import { Refusal, createApi } from './api.js';
import { createDelivery } from './delivery.js';
import { createLink } from './link.js';
import { createMarks } from './marks.js';
import { createOutbox } from './outbox.js';
import { createPoll } from './poll.js';
import { createSync } from './sync.js';
import { createThread } from './thread.js';
import { createTyping } from './typing.js';

const PATIENCE_MS = 5_000; // without a socket, then polling begins
const CHECK_MS = 2_000; // for the push of an acknowledged message, then the gap is filled
const DENIED = ['forbidden', 'not_found'];

export function createSession({ config, host, view, isSeen }) {
  const { key, ticket, lang } = config;
  let token = null;
  let page = { url: '', title: '', referrer: '' };
  let hasBegun = false;
  let isLive = false; // welcomed, and the gap is filled
  let isAsking = false; // a socket has said hello without a token
  let isCreating = false; // a POST is making the visitor
  let isAnswered = false; // the last poll reached the server
  let patience = 0;

  const thread = createThread();
  const outbox = createOutbox({ onChange: () => { host.send('outbox', outbox.texts()); changed(); } });
  const api = createApi(config.api, () => token);
  const sync = createSync({ api, thread, onChange: changed });
  const link = createLink({ url: config.socket, hello, onFrame, onDown, onStop });
  const poll = createPoll(pollOnce);
  const typing = createTyping({ send: () => isLive && link.send({ type: 'typing', conversation: thread.id }), onChange: view.typing });
  const marks = createMarks({ key, thread, send: sendMarks, canRead: isSeen, onUnread: (count) => host.send('unread', count) });
  const delivery = createDelivery({ outbox, link, api, thread, session: { route, ensureVisitor, stored, giveBack: view.giveBack, forget } });

  function changed() {
    view.draw();
    marks.update();
  }

  // --- opening -----------------------------------------------------------------------------------

  function begin() {
    if (hasBegun) return;
    hasBegun = true;
    link.open();
    expectSocket();
  }

  function expectSocket() {
    clearTimeout(patience);
    patience = setTimeout(() => link.isUp() || poll.start(), PATIENCE_MS);
  }

  function hello() {
    if (isCreating) return null; // the token is on its way: a second visitor must not be made
    isAsking = !token;
    return { type: 'hello', v: 1, token, ticket, lang, page };
  }

  async function welcome(frame) {
    isAsking = false;
    if (frame.token) keepToken(frame.token);
    learn(frame);
    clearTimeout(patience);
    poll.stop();
    await fillGap();
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
    if (conversation) thread.expect(conversation.seq);
  }

  function adopt(id) {
    if (id === thread.id) return;
    thread.reset(id);
    marks.reset();
    changed();
  }

  /** A failed fill is tried again, but never holds up what is unsent. */
  async function fillGap() {
    if (!thread.id || (thread.isLoaded && !thread.isBehind())) return;
    await fill();
  }

  async function fill() {
    try {
      await sync.fill();
    } catch (error) {
      if (isRefusedVisitor(error)) forget();
      else setTimeout(() => link.isUp() && fill(), PATIENCE_MS);
    }
  }

  // --- frames ------------------------------------------------------------------------------------

  const frames = new Map([
    ['welcome', welcome],
    ['ack', (frame) => delivery.answer(frame)],
    ['slow_down', (frame) => delivery.answer(frame)],
    ['error', onError],
    ['message', onMessage],
    ['conversation', onConversation],
    ['marks', (frame) => { if (frame.conversation === thread.id) { thread.mark(frame); changed(); } }],
    ['typing', (frame) => frame.conversation === thread.id && typing.heard(frame.name)],
    ['online', (frame) => view.team(frame)],
    ['resync', fill],
  ]);

  function onFrame(frame) {
    const handler = frames.get(frame.type);
    if (handler) handler(frame);
  }

  function onMessage({ seq, prev, message }) {
    adopt(message.conversation);
    const isNew = !thread.has(message.id);
    thread.note(seq, prev);
    thread.put(message);
    if (message.client_id) outbox.remove(message.client_id);
    if (message.kind === 'operator') typing.stop();
    changed();
    if (isNew) view.incoming(message);
    if (!thread.isLoaded || thread.isBehind()) fill();
  }

  function onConversation({ conversation, seq, prev }) {
    adopt(conversation);
    thread.note(seq, prev);
    if (!thread.isLoaded || thread.isBehind()) fill();
  }

  function onError(frame) {
    if (frame.code === 'unknown_visitor') forget();
    else if (frame.client_id) delivery.answer(frame);
    else host.send('error', { code: frame.code });
  }

  function onDown(code) {
    const inFlight = delivery.inFlight();
    isLive = false;
    isAsking = false;
    if (code === 4401 && token) forget();
    if (code === 4413 && inFlight) outbox.fail(inFlight, '');
    typing.stop();
    marks.repeat();
    delivery.lost();
    expectSocket();
    view.status();
  }

  function onStop(code) {
    clearTimeout(patience);
    poll.stop();
    host.send('error', { code: code === 4404 ? 'not_found' : 'forbidden' });
    view.stopped(code);
  }

  // --- polling -----------------------------------------------------------------------------------

  async function pollOnce() {
    try {
      if (token) await catchUp();
      isAnswered = Boolean(token) || navigator.onLine;
    } catch (error) {
      isAnswered = error instanceof Refusal && error.code !== 'unavailable';
      if (isRefusedVisitor(error)) forget();
      else if (error instanceof Refusal && DENIED.includes(error.code)) link.stop();
    }
    view.status();
    marks.update();
    if (poll.isOn()) await delivery.pump();
  }

  async function catchUp() {
    if (!thread.id) learn(await api.state());
    if (thread.id) await sync.fill();
  }

  async function ensureVisitor() {
    if (token) return;
    if (isAsking || isCreating) throw new Error('the socket is asking already');
    isCreating = true;
    try {
      keepToken((await api.newVisitor({ ticket, lang, page })).token);
    } finally {
      isCreating = false;
    }
  }

  // --- what the other parts ask for --------------------------------------------------------------

  function route() {
    if (isLive) return 'socket';
    return poll.isOn() && !link.isUp() ? 'http' : null;
  }

  /** The page keeps the token before the first message leaves: what was said is never orphaned. */
  function keepToken(fresh) {
    token = fresh;
    host.send('token', token);
  }

  function forget() {
    token = null;
    host.send('token', null);
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

  function sendMarks(news, told) {
    const conversation = thread.id;
    if (isLive) {
      const sent = Object.entries(news).map(([type, position]) => link.send({ type, conversation, position }));
      if (sent.every(Boolean)) told(news);
    } else if (poll.isOn()) {
      api.marks(conversation, news).then(() => told(news), () => {});
    }
  }

  return {
    thread,
    outbox,
    sync,
    typing,
    marks,
    begin,
    hasToken: () => token !== null,
    start(init) {
      token = init.token;
      page = init.page;
      outbox.restore(init.texts);
      if (token || outbox.texts().length) begin();
    },
    post(body) {
      begin();
      outbox.add(body);
      this.hurry();
    },
    retry(id) {
      outbox.retry(id);
      this.hurry();
    },
    hurry() {
      link.wake();
      poll.now();
      delivery.pump();
    },
    moveTo(next) {
      page = next;
      if (isLive) link.send({ type: 'page', url: page.url, title: page.title });
    },
    /** Another tab of the site became, or stopped being, this visitor. */
    shareToken(next) {
      if (next === token) return;
      token = next;
      adopt(null);
      if (hasBegun) link.drop();
    },
    status() {
      if (link.isUp()) return 'live';
      if (!navigator.onLine || (poll.isOn() && !isAnswered)) return 'lost';
      return poll.isOn() ? 'polling' : 'opening';
    },
  };
}

function isRefusedVisitor(error) {
  return error instanceof Refusal && (error.code === 'unauthenticated' || error.code === 'unknown_visitor');
}

function fromAck({ body }, ack) {
  const { id, client_id, conversation, position, seq, created_at } = ack;
  return { id, client_id, conversation, position, seq, kind: 'visitor', body, author: null, created_at };
}
