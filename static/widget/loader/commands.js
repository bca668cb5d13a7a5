// The widget's life: what the page may ask for (window.MiniChat and its own data-minichat elements), what the frame
// may say, and how the parts follow.
import { forgetWaiting, hangUp, isConnected, listen, send, tell } from './channel.js';
import { currentPage, watchPage, watchReader } from './page.js';
import { home, key, language, opens, options, preloads, read, stop } from './settings.js';
import * as store from './store.js';
import { draw, focusButton, focusPanel, frameWindow, host, isColor, isFullScreen, loadFrame, lockScroll, startView, state } from './view.js';

const ANSWER_MS = 10_000;
const MOST_RETURNS = 99; // a page that throws us out each time must not spin for ever
const FROM_ELEMENTS = /^(open|close|toggle|message|ask)$/;

const listeners = new WeakMap();
const text = (value) => String(value ?? '');
// Some sites swap the whole body, or clear it, also long after they have moved.
const watch = new MutationObserver(attach);
let isLoaded = false;
let isReady = false;
let theme = 'auto';
let lastFocus;
let patience;
let returns = 0;

// --- What the page may ask for --------------------------------------------------------------------

const commands = {
  __proto__: null,
  open(view) {
    if (!isLoaded) load();
    if (view) send('view', text(view));
    if (state.isOpen) return;
    lastFocus = document.activeElement;
    setOpen(true);
    show();
  },
  close() {
    if (!state.isOpen) return;
    setOpen(false);
    tell('hidden');
    if (!focusButton()) lastFocus?.focus?.();
  },
  toggle: () => commands[state.isOpen ? 'close' : 'open'](),
  show: () => draw({ isShown: true }),
  hide() {
    commands.close();
    draw({ isShown: false });
  },
  message: (words) => say('prefill', words),
  ask: (words) => say('ask', words),
  identify: (who) => send('identify', { ...who }),
  update: (attributes) => send('update', attributes),
  track: (name, data) => send('track', { name: text(name), data }),
  lang(wish) {
    draw({ lang: language(wish) });
    if (isLoaded) load(); // the frame's words are rendered on the server
  },
  theme(wish) {
    theme = /^(light|dark)$/.test(wish) ? wish : 'auto';
    host.style.colorScheme = theme === 'auto' ? '' : theme;
    tell('theme', theme);
  },
  consent(isGiven) {
    store.allow(!!isGiven);
    if (isGiven) tell('consent', true);
    else commands.reset();
  },
  /** The visitor has signed out of the page: the next message comes from somebody unknown. */
  reset() {
    store.forget();
    forgetWaiting();
    tell('reset', store.consents);
    hangUp(); // what is said now is for the one who comes
    setUnread(0);
  },
  on(name, listener) {
    addEventListener('minichat:' + name, wrapped(listener), options);
    if (name === 'ready' && isReady) listener();
  },
  off: (name, listener) => removeEventListener('minichat:' + name, wrapped(listener)),
  destroy() {
    stop.abort();
    clearTimeout(patience);
    watch.disconnect();
    hangUp();
    lockScroll(false);
    host.remove();
    delete window.MiniChat;
  },
};

function run(name, ...args) {
  if (commands[name]) commands[name](...args);
  else console.warn('MiniChat: unknown command', name);
}

run.v = 1;
run.is = (what) => (what === 'open' ? state.isOpen : isReady);

/** One wrapper per listener, so that adding it twice is adding it once and `off` finds it. */
function wrapped(listener) {
  if (!listeners.has(listener)) listeners.set(listener, ({ detail }) => listener(detail));
  return listeners.get(listener);
}

const emit = (name, detail) => dispatchEvent(new CustomEvent('minichat:' + name, { detail }));

// --- What the frame may say -----------------------------------------------------------------------

const handlers = {
  __proto__: null,
  ready(color) {
    draw({ panel: 'ready', ...(isColor(color) && { color }) });
    if (state.isOpen) show();
  },
  token: (token) => store.saveToken(text(token)),
  /** The server no longer knows this token. Another tab may have a newer one: then the frame goes on with that. */
  gone(token) {
    if (store.token() === token) store.saveToken('');
    tell('token', store.token() || null);
  },
  outbox: (texts) => Array.isArray(texts) && store.saveTexts(texts),
  draft: (words) => store.saveDraft(text(words)),
  form: (words) => store.saveForm(text(words)),
  told: (words) => store.saveTold(text(words)),
  /** The button says something; nothing: what it always says. */
  bubble: (words) => draw({ caption: text(words) || read('label') }),
  unread: (count) => setUnread(Math.max(0, count | 0)),
  open: () => commands.open(),
  close: () => commands.close(),
  consent: () => commands.consent(true),
  nav: (address) => /^https?:/.test(address) && location.assign(address),
  sense: (wish) => wish && watchReader(wish, tell),
};
['message', 'handoff', 'lead', 'rating', 'error'].forEach((name) => { handlers[name] = (detail) => emit(name, detail); });

function greeting() {
  clearTimeout(patience);
  return {
    token: store.token() || null,
    texts: store.claim(store.texts()),
    draft: store.draft(),
    page: currentPage(),
    theme,
    open: state.isOpen,
    form: store.form(),
    told: store.told(),
    consent: store.consents,
  };
}

// --- How the parts follow -------------------------------------------------------------------------

function load() {
  isLoaded = true;
  hangUp();
  loadFrame(`${home}/widget/${encodeURIComponent(key)}/?${new URLSearchParams({ o: location.origin, l: state.lang })}`, () => {
    clearTimeout(patience);
    if (!isConnected()) patience = setTimeout(refuse, ANSWER_MS);
  });
}

/** The frame never greeted: most often its policy does not name this page's address. */
function refuse() {
  if (isConnected()) return;
  isLoaded = false; // opening it again tries again
  draw({ panel: 'failed' });
  console.warn(`MiniChat: is ${location.origin} an allowed site?`);
  emit('error', { code: 'refused' });
}

function show() {
  focusPanel(() => tell('shown'));
}

function setOpen(isOpen) {
  draw({ isOpen });
  emit(isOpen ? 'open' : 'close');
}

function setUnread(unread) {
  draw({ unread });
  emit('unread', unread);
}

function say(type, words) {
  commands.open();
  send(type, text(words));
}

function attach() {
  if (host.isConnected || returns++ > MOST_RETURNS) return;
  document.body.append(host);
  watch.observe(document.body, { childList: true });
  hangUp(); // a frame that was taken out starts anew when it is put back
  draw({ panel: 'waiting' });
}

export function boot() {
  startView(commands, load);
  attach();
  watch.observe(document.documentElement, { childList: true });
  listen(frameWindow, greeting, handlers);
  watchPage(() => tell('page', currentPage()));
  addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !event.defaultPrevented) commands.close();
  }, options);
  addEventListener('storage', (event) => {
    // Another tab became, or stopped being, this visitor. Read, not taken from the event: the last word counts.
    if (store.isToken(event.key)) tell(...(store.token() ? ['token', store.token()] : ['reset']));
  }, options);
  document.addEventListener('click', (event) => {
    const { minichat, minichatText } = event.target.closest('[data-minichat]')?.dataset || {};
    if (!FROM_ELEMENTS.test(minichat || 'open') || minichat === undefined) return;
    event.preventDefault();
    run(minichat || 'open', minichatText);
  }, options);
  const queued = window.MiniChat?.q || [];
  window.MiniChat = run;
  for (const call of queued) run(...call);
  isReady = true;
  emit('ready');
  if (opens && !isFullScreen()) commands.open();
  else if (preloads || store.token() || store.texts()[0]) whenIdle(() => isLoaded || load());
}

function whenIdle(task) {
  const run = () => stop.signal.aborted || task();
  if (window.requestIdleCallback) requestIdleCallback(run, { timeout: 4000 });
  else setTimeout(run, 1000);
}
