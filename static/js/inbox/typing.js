// The visitor is writing: a sign that is a hint and goes after six seconds without a new one. And our own, told to others.
import { when } from './bus.js';
import { current, panes, text } from './page.js';
import { isAtBottom, toBottom } from './scroll.js';
import { isReady, send } from './socket.js';

const SAY_EVERY = 3_000;
const KEEP = 6_000;
let saidAt = 0;
let timer = 0;

export function startTyping() {
  when('frame:typing', show);
  when('thread:changed', ({ added }) => added && hide());
  when('panes:shown', () => clearTimeout(timer));
}

export function sayTyping(conversation, note) {
  const now = Date.now();
  if (!isReady() || now - saidAt < SAY_EVERY) return;
  saidAt = now;
  send({ type: 'typing', conversation, note });
}

export const stopTyping = () => { saidAt = 0; };

// Colleagues who are writing stand above the composer (colleagues.js).
function show({ conversation, name, who }) {
  const sign = document.getElementById('typing');
  if (conversation !== current() || !sign || who !== 'visitor') return;
  const wasAtBottom = isAtBottom();
  sign.querySelector('[data-typing-name]').textContent = text('typing', { name: name || panes().dataset.name });
  sign.hidden = false;
  if (wasAtBottom) toBottom();
  clearTimeout(timer);
  timer = setTimeout(hide, KEEP);
}

function hide() {
  const sign = document.getElementById('typing');
  if (sign) sign.hidden = true;
}
