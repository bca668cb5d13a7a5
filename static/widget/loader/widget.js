// Puts the loader's parts together: launcher, panel, channel, storage, and the commands of window.MiniChat.
import { createChannel } from './channel.js';
import { installCommands } from './commands.js';
import { createEvents } from './events.js';
import { createLauncher } from './launcher.js';
import { currentPage, watchPage } from './page.js';
import { createPanel } from './panel.js';
import { language } from './settings.js';
import { createStore } from './store.js';
import { applyStyle } from './style.js';
import { WORDS } from './words.js';

const ANSWER_MS = 10_000;
const MOST_RETURNS = 99; // a page that throws us out each time must not spin for ever

export function startWidget(settings) {
  const stop = new AbortController();
  const { signal } = stop;
  const { origin, key } = settings;
  const events = createEvents();
  const store = createStore(key);
  const host = document.createElement('minichat-widget');
  const root = host.attachShadow({ mode: 'open' });
  const launcher = createLauncher({ visible: settings.launcher, onClick: () => toggle() });
  const panel = createPanel({ signal, onClose: () => close(), onRetry: () => reload(), onChange: () => draw() });
  const channel = createChannel({ origin, signal, greeting, frameWindow: panel.window, handlers: frameHandlers() });
  const restyle = applyStyle(root, settings);
  // Some sites swap the whole body, or clear it, also long after they have moved.
  const watch = new MutationObserver(attach);
  let isOpen = false;
  let isLoaded = false;
  let unread = 0;
  let theme = 'auto';
  let lastFocus = null;
  let patience = 0;
  let returns = 0;

  function draw() {
    const words = WORDS[settings.lang];
    launcher.draw({ isOpen, unread, words });
    panel.draw(words);
    restyle();
    panel.fit();
  }

  function load() {
    isLoaded = true;
    const query = new URLSearchParams({ o: location.origin, l: settings.lang });
    const source = `${origin}/widget/${encodeURIComponent(key)}/?${query}`;
    panel.load(source, () => {
      clearTimeout(patience);
      if (!channel.isOpen()) patience = setTimeout(refuse, ANSWER_MS);
    });
    draw();
  }

  function reload() {
    channel.reset();
    load();
  }

  /** The frame never greeted: most often its policy does not name this page's address. */
  function refuse() {
    if (channel.isOpen() || signal.aborted) return;
    isLoaded = false; // opening it again tries again
    panel.setState('failed');
    draw();
    console.warn(`MiniChat: is ${location.origin} an allowed site?`);
    events.emit('error', { code: 'refused' });
  }

  function greeting() {
    clearTimeout(patience);
    return {
      token: store.token(),
      texts: store.takeTexts(),
      draft: store.draft(),
      page: currentPage(),
      theme,
      open: isOpen,
    };
  }

  function frameHandlers() {
    return new Map([
      ['ready', (color) => {
        settings.color = color || settings.color;
        panel.setState('ready');
        draw();
        if (isOpen) show();
      }],
      ['token', (token) => store.saveToken(token ? String(token) : '')],
      ['outbox', (texts) => Array.isArray(texts) && store.saveTexts(texts)],
      ['draft', (text) => store.saveDraft(String(text))],
      ['unread', (count) => {
        unread = Math.max(0, count | 0);
        draw();
        events.emit('unread', unread);
      }],
      ...['message', 'error'].map((name) => [name, (detail) => events.emit(name, detail)]),
      ['close', () => close()],
    ]);
  }

  function show() {
    panel.focus(() => channel.send('shown'));
  }

  function open() {
    if (isOpen) return;
    if (!isLoaded) load();
    isOpen = true;
    lastFocus = document.activeElement;
    panel.setOpen(true);
    draw();
    show();
    events.emit('open');
  }

  function close() {
    if (!isOpen) return;
    isOpen = false;
    panel.setOpen(false);
    draw();
    channel.send('hidden');
    if (!launcher.button.hidden) launcher.focus();
    else if (lastFocus && lastFocus.focus) lastFocus.focus();
    events.emit('close');
  }

  function toggle() {
    if (isOpen) close();
    else open();
  }

  function showLauncher(shown) {
    if (!shown) close();
    launcher.show(shown);
    draw();
  }

  function say(type, text) {
    open();
    channel.send(type, String(text || ''));
  }

  function setLanguage(wish) {
    settings.lang = language(wish);
    if (isLoaded) reload(); // the frame's words are rendered on the server
    else draw();
  }

  function setTheme(wish) {
    theme = ['light', 'dark'].includes(wish) ? wish : 'auto';
    host.style.colorScheme = theme === 'auto' ? '' : theme;
    if (isLoaded) channel.send('theme', theme);
  }

  /** The visitor has signed out of the page: the next message comes from somebody unknown. */
  function reset() {
    store.forget();
    channel.clear();
    unread = 0;
    if (isLoaded) reload();
    else draw();
  }

  function destroy() {
    stop.abort();
    clearTimeout(patience);
    watch.disconnect();
    channel.reset();
    panel.unlock();
    host.remove();
    delete window.MiniChat;
  }

  function attach() {
    if (host.isConnected || returns++ > MOST_RETURNS) return;
    document.body.append(host);
    watch.observe(document.body, { childList: true });
    channel.reset(); // a frame that was taken out starts anew when it is put back
    panel.setState('waiting');
    draw();
  }

  function listen() {
    watch.observe(document.documentElement, { childList: true });
    watchPage(signal, () => {
      if (isLoaded) channel.send('page', currentPage());
    });
    window.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && isOpen && !event.defaultPrevented) close();
    }, { signal });
    window.addEventListener('storage', (event) => {
      // Another tab became, or stopped being, this visitor. Read, not taken from the event: the last word counts.
      if (event.key === store.tokenKey && isLoaded) channel.send('token', store.token());
    }, { signal });
  }

  function boot() {
    root.append(panel.element, launcher.button);
    attach();
    listen();
    installCommands({
      signal,
      events,
      isOpen: () => isOpen,
      commands: {
        open,
        close,
        toggle,
        show: () => showLauncher(true),
        hide: () => showLauncher(false),
        message: (text) => say('prefill', text),
        ask: (text) => say('ask', text),
        lang: setLanguage,
        theme: setTheme,
        reset,
        destroy,
      },
    });
    if (settings.open && !panel.isFullScreen()) open();
    else if (settings.preload || store.token() || store.texts().length) whenIdle(() => isLoaded || load());
  }

  function whenIdle(task) {
    const run = () => signal.aborted || task();
    if (window.requestIdleCallback) requestIdleCallback(run, { timeout: 4000 });
    else setTimeout(run, 1000);
  }

  if (document.body) boot();
  else document.addEventListener('DOMContentLoaded', boot, { once: true, signal });
}
