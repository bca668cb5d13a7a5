// The widget's page inside the frame: joins the line to the page around it, the line to MiniChat, and the view.
import { createComposer } from './frame/composer.js';
import { createHeader } from './frame/header.js';
import { connectHost } from './frame/host.js';
import { createLog } from './frame/log.js';
import { createNews } from './frame/news.js';
import { createScroll } from './frame/scroll.js';
import { createSession } from './frame/session.js';
import { setColor, setTheme } from './frame/theme.js';
import { keepTabInside } from './frame/focus.js';
import { word } from './frame/words.js';

const get = (id) => document.getElementById(id);
const config = { ...document.body.dataset, lang: document.documentElement.lang };
const touch = matchMedia('(pointer:coarse)');
let isOpen = false;
let verdict = ''; // set once the server has closed this chat for good

const host = connectHost({
  origin: config.origin,
  handlers: new Map([
    ['init', init],
    ['shown', shown],
    ['hidden', () => { isOpen = false; }],
    ['page', (page) => session.moveTo(page)],
    ['token', (token) => session.become(token)],
    ['theme', setTheme],
    ['look', ({ color, greeting }) => { setColor(color); get('hello').textContent = greeting; }],
    ['prefill', (text) => { composer.write(text); composer.focus(); }],
    ['ask', (text) => text && post(text)],
  ]),
});

const scroll = createScroll(get('log'), {
  onOlder: () => session.sync.older().catch(() => {}), // the next scroll asks again
  onEnd: () => { news.clear(); session.marks.update(); },
});
const news = createNews({ button: get('jump'), announcer: get('announcer'), onJump: scroll.toEnd });
const header = createHeader({ faces: get('faces'), names: get('names'), presence: get('presence'), dot: get('dot'), away: get('away') });
const composer = createComposer({
  form: get('composer'),
  body: get('body'),
  counter: get('counter'),
  problem: get('problem'),
  onSend: post,
  onTyping: () => session.typing.say(),
  onDraft: (text) => host.send('draft', text),
});
const log = createLog({
  log: get('log'),
  greeting: get('greeting'),
  typing: get('typing'),
  scroll,
  session: () => session,
  onRetry: (id) => session.retry(id),
});
const session = createSession({
  config,
  host,
  isSeen: () => isOpen && document.visibilityState === 'visible' && scroll.isAtEnd(),
  view: {
    draw: log.draw,
    team: header.update,
    limit: composer.setLimit,
    giveBack: composer.giveBack,
    status: showStatus,
    typing: showTyping,
    incoming,
    stopped(code) {
      verdict = word(code === 4404 ? 'gone' : 'closed');
      composer.disable();
      showStatus();
    },
  },
});

function init({ token, texts, draft, page, theme, open }) {
  setTheme(theme);
  composer.write(draft);
  session.start({ token, texts, page });
  log.draw();
  host.send('ready', config.color);
  if (open) shown();
}

function shown() {
  isOpen = true;
  session.begin();
  session.hurry();
  session.marks.update();
  takeFocus();
}

/** The page's focus on this frame may arrive after its message, and would clear ours: hence a few looks. */
function takeFocus(looks = 5) {
  if (!isOpen) return;
  if (document.activeElement === document.body) focusStart();
  if (looks) setTimeout(takeFocus, 80, looks - 1);
}

/** A touch keyboard would cover the greeting before it is read. */
function focusStart() {
  if (touch.matches) get('title').focus();
  else composer.focus();
}

/** Returns a sentence when the text must stay in the composer. */
function post(text) {
  if (session.outbox.isFull()) return word('full');
  scroll.toEnd();
  session.post(text);
  return '';
}

function incoming(message) {
  if (message.kind === 'visitor') return;
  news.add(message, scroll.isAtEnd());
  if (message.author) header.meet(message.author);
  if (message.kind !== 'event') host.send('message', { id: message.id, kind: message.kind, created_at: message.created_at });
}

function showTyping(name) {
  scroll.keeping(() => {
    get('typing').hidden = name === null;
    return false;
  });
}

function showStatus() {
  const sentence = verdict || (session.status() === 'lost' ? word('lost') : '');
  get('trouble').hidden = !sentence;
  get('trouble').textContent = sentence;
  log.draw();
}

get('close').addEventListener('click', () => host.send('close'));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !event.isComposing) host.send('close');
  else keepTabInside(event);
});
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return;
  session.hurry();
  session.marks.update();
});
window.addEventListener('online', () => session.hurry());
window.addEventListener('offline', () => {
  session.doubt();
  showStatus();
});
