// What is seen on the page: the round button, and the window of the chat. Until the frame has answered the window
// shows a shell drawn here, so that a visitor never looks at a browser's error page and can always close it.
// Built with DOM calls only: pages that require Trusted Types refuse HTML from strings.
import { language, options, read } from './settings.js';
import { FULL_SCREEN, applyStyle } from './style.js';
import { WORDS } from './words.js';

const SVG = 'http://www.w3.org/2000/svg';
const BUBBLE = 'M21 11.5a8.4 8.4 0 0 1-12.1 7.5L3 21l2-5.7A8.4 8.4 0 1 1 21 11.5Z';
const HELP = 'M9 9a3 3 0 1 1 4.5 2.6C12.5 12 12 13 12 14m0 4h0';
const CHEVRON = 'm6 9 6 6 6-6';

export const isColor = (value) => /^#[\da-f]{6}$/i.test(value);

const small = matchMedia(FULL_SCREEN);
const view = window.visualViewport;

/** What is drawn from; `draw` alone writes it. */
export const state = {
  isOpen: false,
  unread: 0,
  isShown: read('launcher') !== 'none',
  panel: 'waiting', // then ready, or failed
  caption: read('label'),
  color: isColor(read('color')) ? read('color') : '#00745c',
  lang: language(read('lang')),
};

export const host = document.createElement('minichat-widget');
const root = host.attachShadow({ mode: 'open' });
const restyle = applyStyle(root);

const status = element('p', { role: 'status' });
const retry = element('button', { className: 'retry' });
const dismiss = element('button', { className: 'dismiss' }, icon(CHEVRON));
const panel = element('div', {}, element('div', { className: 'shell' }, status, retry, dismiss));
const badge = element('span', { className: 'badge' });
const signs = [icon(read('icon') === 'help' ? HELP : BUBBLE), icon(CHEVRON)];
const caption = element('b');
const news = element('p', { className: 'news', role: 'status' });
const button = element('button', {}, ...signs, caption, badge);
let frame;
let overflow = null;
root.append(panel, button, news);

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function icon(path) {
  const [svg, line] = ['svg', 'path'].map((tag) => document.createElementNS(SVG, tag));
  svg.setAttribute('viewBox', '0 0 24 24');
  line.setAttribute('d', path);
  svg.append(line);
  return svg;
}

const label = (node, text) => node.setAttribute('aria-label', text);

/** Takes what has changed, and draws all of it anew. */
export function draw(changes) {
  Object.assign(state, changes);
  const [open, close, title, failed, again, unread] = WORDS[state.lang];
  const { isOpen } = state;
  const count = isOpen ? 0 : state.unread;
  button.hidden = !state.isShown;
  button.className = isOpen ? 'launcher covered' : 'launcher';
  button.setAttribute('aria-expanded', isOpen);
  caption.hidden = isOpen || !state.caption;
  caption.textContent = state.caption;
  const name = (isOpen ? close : state.caption || open) + (count ? unread.replace('#', count) : '');
  label(button, name);
  // Whoever cannot see the badge is told: of each number once.
  const words = count ? name : '';
  if (news.textContent !== words) news.textContent = words;
  signs.forEach((sign, at) => sign.toggleAttribute('hidden', !at === isOpen)); // SVG has no property for it
  badge.hidden = !count;
  badge.textContent = count > 9 ? '9+' : count;
  panel.className = `panel ${state.panel} ${isOpen ? '' : 'off'}`;
  status.textContent = state.panel === 'failed' ? failed : '…';
  retry.hidden = state.panel !== 'failed';
  retry.textContent = again;
  label(dismiss, close);
  if (frame) frame.title = title;
  lockScroll(isOpen && small.matches);
  restyle(state.color);
  fit();
}

export function lockScroll(isLocked) {
  const { style } = document.documentElement;
  if (isLocked === (overflow !== null)) return;
  if (isLocked) {
    overflow = style.overflow;
    style.overflow = 'hidden';
  } else {
    style.overflow = overflow;
    overflow = null;
  }
}

/** A phone's keyboard covers the page without resizing it: full screen means what is really visible. */
function fit() {
  if (!state.isOpen || view?.scale !== 1) return;
  panel.style.setProperty('--top', view.offsetTop + 'px');
  panel.style.setProperty('--height', view.height + 'px');
}

export const frameWindow = () => frame?.contentWindow;
export const isFullScreen = () => small.matches;

export function loadFrame(src, onLoad) {
  frame?.remove();
  frame = element('iframe', { src, referrerPolicy: 'origin', allow: 'clipboard-write; microphone; autoplay', onload: onLoad });
  panel.append(frame);
  draw({ panel: 'waiting' });
}

/** Focusing a frame clears the focus inside it: the frame hears that it is shown only afterwards. */
export function focusPanel(onFocus) {
  requestAnimationFrame(() => {
    if (!state.isOpen) return;
    (state.panel === 'ready' ? frame : dismiss).focus();
    onFocus();
  });
}

/** False while the button is hidden: the focus has to go elsewhere. */
export function focusButton() {
  button.focus();
  return state.isShown;
}

export function startView({ toggle, close }, load) {
  button.onclick = toggle;
  dismiss.onclick = close;
  retry.onclick = load;
  small.addEventListener('change', () => draw(), options);
  ['resize', 'scroll'].forEach((change) => view?.addEventListener(change, fit, options));
}
