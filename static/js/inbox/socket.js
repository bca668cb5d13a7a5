// One socket per tab: it opens, listens, answers for its health and comes back by itself.
// `tell` events: frame:<type>, link:ready, link:down, link:ended.
import { backoff } from './backoff.js';
import { tell } from './bus.js';
import { askedWait, endOf } from './closing.js';

const QUIET = 20_000;
const PATIENCE = 10_000;
const COUNT_FRAMES = 50;
const COUNT_EVERY = 10_000;
const TICK = 1_000;

let address = '';
let socket = null;
let ready = false;
let ended = null;
let attempt = 0;
let again = 0;
let heardAt = 0;
let pingedAt = 0;
let received = 0;
let counted = 0;
let countedAt = 0;

export const isReady = () => ready;
export const hasEnded = () => ended;

export function start(url) {
  address = url;
  setInterval(keepAlive, TICK);
  addEventListener('online', hasten);
  addEventListener('offline', () => socket && giveUp());
  addEventListener('pageshow', event => event.persisted && hasten());
  document.addEventListener('visibilitychange', () => document.hidden || hasten());
  connect();
}

/** Somebody is waiting (network back, tab visible, a text to send): do not sit out the back-off. */
export function hasten() {
  if (ended || ready) return askHealth();
  // One that is opening, or not yet welcomed, has its own patience; a second beside it would be one too many.
  if (!socket) connect();
}

export function send(frame) {
  if (socket?.readyState !== WebSocket.OPEN) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

/** Session or right is gone: nothing will get through until the person signs in again. */
export function end(why) {
  if (ended) return;
  ended = why;
  clearTimeout(again);
  socket?.close();
  tell('link:ended', why);
}

function connect() {
  clearTimeout(again);
  if (ended) return;
  const mine = new WebSocket(address);
  socket = mine;
  heardAt = Date.now();
  pingedAt = 0;
  mine.addEventListener('open', resetCounting);
  mine.addEventListener('message', event => mine === socket && receive(event.data));
  mine.addEventListener('close', event => mine === socket && lost(event));
}

function resetCounting() {
  received = 0;
  counted = 0;
  countedAt = Date.now();
}

function receive(data) {
  heardAt = Date.now();
  pingedAt = 0;
  received += 1;
  if (received - counted >= COUNT_FRAMES) reportCount();
  const frame = JSON.parse(data);
  if (frame.type === 'welcome') welcome();
  tell(`frame:${frame.type}`, frame);
}

function welcome() {
  ready = true;
  attempt = 0;
  tell('link:ready');
}

function lost(event) {
  const wasReady = ready;
  socket = null;
  ready = false;
  const why = endOf(event.code);
  if (why) return end(why);
  if (wasReady) tell('link:down');
  again = setTimeout(connect, askedWait(event) ?? backoff(attempt));
  attempt += 1;
}

function keepAlive() {
  if (!socket) return;
  const now = Date.now();
  if (socket.readyState === WebSocket.CONNECTING) {
    if (now - heardAt > PATIENCE) giveUp();
  } else if (pingedAt) {
    if (now - pingedAt > PATIENCE) giveUp();
  } else if (now - heardAt > QUIET) {
    ping();
  }
  if (received > counted && now - countedAt > COUNT_EVERY) reportCount();
}

function ping() {
  if (send({ type: 'ping' })) pingedAt = Date.now();
}

// A laptop that wakes up has a socket that looks open and is dead: ask before trusting it.
function askHealth() {
  if (ready && !pingedAt && Date.now() - heardAt > TICK) ping();
}

// close() on a dead network waits for a goodbye that never comes, so the loss is declared here.
function giveUp() {
  const dead = socket;
  lost({ code: 1006, reason: '' });
  dead.close();
}

function reportCount() {
  if (!send({ type: 'seen', count: received })) return;
  counted = received;
  countedAt = Date.now();
}
