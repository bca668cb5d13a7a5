// The socket: opens, says hello, keeps itself alive, notices its own death, and comes back.
// It knows nothing about messages; frames go to onFrame, in order.
import { backoff } from './backoff.js';

const OPENING_MS = 10_000; // longest wait for a welcome
const SILENCE_MS = 20_000; // then we ask
const ANSWER_MS = 10_000; // and give up
const COUNT_MS = 10_000;
const COUNT_FRAMES = 50;
const BEAT_MS = 2_000;

const GONE = 4000; // our own code: the line is dead although nobody closed it
const RESTARTING = 1012;
const OVERLOADED = 1013;
const AT_ONCE = [GONE, 4008, 4409];
const FOR_GOOD = [4403, 4404, 4405];

export function createLink({ url, hello, onFrame, onDown, onStop }) {
  let socket = null;
  let isUp = false;
  let isStopped = false;
  let tries = 0;
  let timer = 0;
  let heardAt = 0;
  let askedAt = 0;
  let received = 0;
  let counted = 0;
  let countedAt = 0;

  function open() {
    clearTimeout(timer);
    timer = 0;
    if (socket) return;
    isStopped = false; // whoever opens it again knows why
    try {
      socket = new WebSocket(url);
    } catch {
      closed(GONE, ''); // a policy forbids it: keep trying, polling carries the chat meanwhile
      return;
    }
    const mine = socket;
    setTimeout(() => mine === socket && !isUp && drop(), OPENING_MS);
    mine.onopen = () => mine === socket && greet();
    mine.onmessage = (event) => mine === socket && receive(event.data);
    mine.onclose = (event) => mine === socket && closed(event.code, event.reason);
    received = 0;
    counted = 0;
  }

  function greet() {
    const greeting = hello();
    if (greeting) write(greeting);
    else drop();
  }

  function receive(text) {
    const now = Date.now();
    heardAt = now;
    received += 1;
    const frame = parse(text);
    if (!frame) return;
    if (frame.type === 'welcome') {
      isUp = true;
      tries = 0;
      countedAt = now;
    }
    onFrame(frame);
    if (received - counted >= COUNT_FRAMES) count(now);
  }

  function count(now) {
    counted = received;
    countedAt = now;
    write({ type: 'seen', count: received });
  }

  function beat() {
    if (!isUp) return;
    const now = Date.now();
    if (received > counted && now - countedAt >= COUNT_MS) count(now);
    // Timers of a hidden tab may sleep for a minute: only an unanswered ping counts as death.
    if (askedAt > heardAt) {
      if (now - askedAt >= ANSWER_MS) drop();
    } else if (now - heardAt >= SILENCE_MS) {
      ask(now);
    }
  }

  function ask(now) {
    askedAt = now;
    write({ type: 'ping' });
  }

  /** Gives a dead line up without waiting for the browser to notice. */
  function drop() {
    if (!socket) return;
    const dead = socket;
    closed(GONE, '');
    dead.close();
  }

  function closed(code, reason) {
    const wasUp = isUp;
    socket = null;
    isUp = false;
    onDown(code);
    if (isStopped) return;
    clearTimeout(timer);
    if (FOR_GOOD.includes(code)) stop(code);
    else timer = setTimeout(open, pause(code, reason, wasUp));
  }

  function stop(code) {
    isStopped = true;
    clearTimeout(timer);
    timer = 0;
    drop();
    onStop(code);
  }

  function pause(code, reason, wasUp) {
    if (code === RESTARTING && Number(reason) > 0) return Number(reason);
    if (AT_ONCE.includes(code) && wasUp) return 0;
    tries += code === OVERLOADED ? 3 : 1;
    return backoff(tries);
  }

  function write(frame) {
    if (!socket || socket.readyState !== WebSocket.OPEN) return false;
    socket.send(JSON.stringify(frame));
    return true;
  }

  setInterval(beat, BEAT_MS);

  return {
    open,
    drop,
    /** False when the frame did not leave: the caller keeps what must not be lost. */
    send: (frame) => isUp && write(frame),
    /** The network is back, or somebody waits: no reason to sit out the pause. */
    wake: () => timer && open(),
    /** The network is said to be gone: ask now instead of after a silence. */
    doubt() {
      const now = Date.now();
      if (isUp && now - askedAt >= SILENCE_MS) ask(now);
    },
    isUp: () => isUp,
    stop,
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
