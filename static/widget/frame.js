// The widget's page inside the frame: joins the line to the page around it, the line to MiniChat, and the view.
import { createComposer } from './frame/composer.js';
import { createHeader } from './frame/header.js';
import { createHome } from './frame/home.js';
import { connectHost } from './frame/host.js';
import { createLater } from './frame/later.js';
import { createLog } from './frame/log.js';
import { createNews } from './frame/news.js';
import { createScreens } from './frame/screens.js';
import { createScroll } from './frame/scroll.js';
import { createSession } from './frame/session.js';
import { setTheme } from './frame/theme.js';
import { keepTabInside } from './frame/focus.js';
import { word } from './frame/words.js';

const get = (id) => document.getElementById(id);
const config = { ...document.body.dataset, lang: document.documentElement.lang };
const touch = matchMedia('(pointer:coarse)');
let isOpen = false;
let isTouched = false; // the visitor has chosen a way already
let list = null;
const unsaid = [];
let known; // what the page around knows of the visitor
let isTyping = false; // something that is not sent yet
let asked = ''; // the form that has shown itself already: from then on it comes with what is sent
let verdict = ''; // set once the server has closed this chat, for good or until the visitor is signed in on the page

const handlers = new Map([
  ['init', init],
  ['shown', shown],
  ['hidden', () => { isOpen = isTouched = false; }],
  ['page', (page) => session.moveTo(page)],
  ['token', (token) => session.become(token)],
  ['theme', setTheme],
  ['consent', () => {
    allow(true);
    takeFocus();
  }],
  // The page has forgotten who we are: so do we, and so does the server.
  ['reset', () => {
    const reload = () => window.location.reload();
    setTimeout(reload, 2000); // also where the server cannot be told
    aboutVisitor('reset').finally(reload);
  }],
  ['identify', (who) => {
    // At once: the line may be opening.
    if (who.token) Object.assign(session.visitor.proof, { identity: `${who.token}`.slice(0, 5e3), at: new Date().toISOString() });
    aboutVisitor('identify', who);
  }],
  ...['update', 'track'].map((what) => [what, (data) => aboutVisitor(what, data)]),
  ['look', (look) => more('preview', look)],
  ['view', showView],
  ['prefill', (text) => { composer.write(text); screens.show('chat', true); }],
  ['ask', ask],
]);
const host = connectHost({ origin: config.origin, handlers });

const scroll = createScroll(get('log'), {
  onOlder: () => session.sync.older().catch(() => {}), // the next scroll asks again
  onEnd: () => { news.clear(); session.marks.update(); },
});
const screens = createScreens({ root: get('app'), back: get('back'), onShow });
const news = createNews({
  button: get('jump'),
  onJump() {
    scroll.toEnd();
    takeFocus();
  },
});
const home = createHome({ list: get('recent'), all: get('all'), onOpen: openChat });
const header = createHeader({ faces: get('faces'), names: get('names'), presence: get('presence'), dot: get('dot'), away: get('away') });
const composer = createComposer({
  form: get('composer'),
  body: get('body'),
  counter: get('counter'),
  problem: get('problem'),
  hasMore: () => later.hasFiles(),
  onSend: post,
  onTyping() {
    isTyping = true;
    session.typing.say();
  },
  onDraft: (text) => host.send('draft', text),
});
const later = createLater({
  screens,
  root: get('app'),
  onOpen: openChat,
  host,
  redraw() {
    log.redraw();
    showStatus();
  },
  config,
  composer,
  scroll,
  form: get('composer'),
  place: get('composer').parentElement,
  body: get('body'),
  session: () => session,
  known: () => known,
});
const log = createLog({
  log: get('log'),
  greeting: get('greeting'),
  typing: get('typing'),
  scroll,
  session: () => session,
  onRetry(id) {
    session.retry(id);
    takeFocus();
  },
});
const session = createSession({
  config,
  host,
  isSeen: () => isOpen && screens.now() === 'chat' && document.visibilityState === 'visible' && scroll.isAtEnd(),
  view: {
    draw() {
      log.draw();
      const chat = session.chats.get(session.thread.id);
      if (later.isHere('more') || (chat && chat.status === 'resolved')) later.use('more', ({ drawn }) => drawn(chat));
    },
    team(state) {
      header.update(state);
      offerFirst();
    },
    limit: composer.setLimit,
    giveBack: composer.giveBack,
    status: showStatus,
    typing: showTyping,
    words: (frame) => later.use('more', ({ words }) => words(frame)),
    chats() {
      home.draw(session.chats.list());
      host.send('unread', session.chats.unread());
    },
    arrived() {
      if (isOpen) enter();
      offerFirst();
    },
    incoming,
    tell,
    stopped(code) {
      verdict = { 4404: 'gone', 4405: 'signIn' }[code] || 'closed';
      session.thread.forms = {};
      screens.show('chat');
      if (code !== 4405) composer.disable(); // what is written then waits
      showStatus();
    },
  },
});

// Undefined: not known yet.
session.thread.form = () => session.thread.forms && (session.thread.forms[header.isOnline() ? 'online' : 'away'] || null);
session.thread.offer = offer;

function init(given) {
  const { token, texts, draft, page, theme, open, consent } = known = given;
  setTheme(theme);
  composer.write(draft);
  session.start({ token, texts, page });
  allow(consent !== false);
  log.draw();
  host.send('ready', config.color);
  if (open) shown();
}

/** Before that nothing is kept and nobody is made: what is written waits. */
function allow(isAllowed) {
  get('consent').hidden = isAllowed;
  if (!isAllowed) return;
  session.allow(isOpen);
  if (!config.nudge || navigator.connection?.saveData) return;
  more('nudge', { ...known, known, host, handlers, rules: config.rules, isOpen: () => isOpen });
  config.nudge = ''; // once
}

/** What few visitors need: the owner's rules for speaking up, and the preview. */
const aboutVisitor = (what, data) => more('person', { what, data, line: session.line });
const more = (name, context) => import(config[name]).then(({ start }) => start(context));

function shown() {
  isOpen = true;
  enter();
  catchUp();
  offerFirst();
  session.begin();
  session.hurry();
  session.marks.update();
  takeFocus();
}

/** Where the focus begins, if nothing has it: what had it may just have gone. The page's focus on this frame may arrive
    after its message, long after it on a slow device, and would clear ours: hence a few looks. */
function takeFocus(wait = 80) {
  if (!isOpen) return;
  if (document.activeElement === document.body) focusStart();
  if (wait < 2e3) setTimeout(takeFocus, wait, wait * 2);
}

/** A touch keyboard would cover what is to be read. */
function focusStart() {
  if (touch.matches) get('title').focus();
  else if (screens.now() === 'chat') composer.focus();
  else if (screens.now() === 'list') list.focus();
  else get('start').focus();
}

/** From home straight to what is waiting to be read. */
function enter() {
  const waiting = session.chats.list().find((chat) => chat.unread);
  if (waiting && !isTouched && screens.now() === 'home') openChat(waiting.id);
}

/** One of the visitor's conversations, or null for a new one. */
function openChat(id) {
  if (!id) asked = isTyping = '';
  session.open(id);
  screens.show('chat', isOpen);
  session.marks.update();
}

function openList() {
  later.use('more', (more) => {
    list = more.list;
    screens.show('list', isOpen);
  });
}

/** What the page asks for: home, list, or the chat. */
function showView(name) {
  isTouched = true;
  if (name === 'list') openList();
  else screens.show(name === 'home' ? name : 'chat', isOpen);
}

function onShow(name, isAsked) {
  if (name === 'chat') {
    scroll.toEnd();
    offerFirst();
  }
  if (name === 'list') list.show();
  if (isAsked) focusStart();
}

function ask(text) {
  if (!text) return;
  screens.show('chat');
  post(text);
}

/** What is asked before a conversation shows itself with the chat, but never under somebody's fingers. */
function offerFirst() {
  const form = isOpen && screens.now() === 'chat' && !isTyping && !session.thread.id && session.thread.form();
  if (form && form.kind !== asked) offer(form);
}

/** `item`: a text that waits for it, unsent. A form that cannot be fetched never costs a text. */
function offer(form, item) {
  asked = form.kind;
  later.use('more', (more) => more.ask(form, item, session.outbox), () => { session.thread.forms = {}; });
}

/** Returns a sentence when the text must stay in the composer. */
function post(text) {
  const obstacle = session.outbox.isFull() ? word('lost') : later.obstacle();
  if (obstacle) return obstacle;
  isTyping = false;
  scroll.toEnd();
  session.post(text, later.takeFiles());
  return '';
}

function incoming(message, isShown) {
  if (message.kind === 'visitor') return;
  tell(message, true);
  if (message.kind === 'event') return;
  if (isShown && !scroll.isAtEnd()) news.add();
  if (message.author && isShown) header.meet(message.author);
  host.send('message', { id: message.id, kind: message.kind, created_at: message.created_at });
}

/** To screen readers: now, or as soon as somebody can hear it. Nothing is lost if what speaks could not be fetched. */
function tell(message, isNew) {
  unsaid.push([message, isOpen && !document.hidden, isNew]);
  later.use('menu', ({ tell }) => unsaid.splice(0).forEach((one) => tell(...one)));
}

/** What could not be heard when it came. */
function catchUp() {
  if (later.isHere('menu')) tell();
}

function showTyping(name) {
  scroll.keeping(() => {
    get('typing').hidden = name === null;
    return false;
  });
}

function showStatus() {
  if (session.status() === 'live') verdict = '';
  const sentence = verdict ? word(verdict) : session.status() === 'lost' ? word('lost') : '';
  get('trouble').hidden = !sentence;
  if (get('trouble').textContent !== sentence) get('trouble').textContent = sentence; // it is spoken each time
  log.draw();
}

get('start').addEventListener('click', () => openChat(null));
get('all').addEventListener('click', openList);
get('close').addEventListener('click', () => host.send('close'));
get('agree').addEventListener('click', () => host.send('consent'));
document.addEventListener('keydown', (event) => {
  isTouched = true;
  if (event.key === 'Escape' && !event.isComposing) host.send('close');
  else keepTabInside(event);
});
document.addEventListener('pointerdown', () => { isTouched = true; });
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return;
  catchUp();
  session.hurry();
  session.marks.update();
});
window.addEventListener('online', () => session.hurry());
window.addEventListener('offline', () => {
  session.doubt();
  showStatus();
});
