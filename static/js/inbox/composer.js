// The field below the thread: reply or note, a limit that explains itself, and no text that gets lost.
import { when } from './bus.js';
import { gap, showGap } from './canned.js';
import * as drafts from './drafts.js';
import { uuid7 } from './ids.js';
import { text } from './page.js';
import { discard, enqueue } from './sender.js';
import { sayTyping, stopTyping } from './typing.js';

const NEAR_LIMIT = 0.9;
const MAX_HEIGHT = 240;
const BACK_TO_FIELD = new Set(['invalid', 'too_long']);
const IME = 229;
// The server refuses control characters other than tab and newline; pasted texts carry them.
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

export const form = () => document.getElementById('composer');
const field = () => document.getElementById('composer-text');
const isNote = () => form().classList.contains('is-note');
const conversation = () => form().dataset.conversation;
const limit = () => Number(form().dataset.limit);
const clean = words => words.replaceAll('\r\n', '\n').replace(CONTROL, '').normalize('NFC').trim();
const lengthOf = words => [...words].length;

export function startComposer() {
  when('panes:shown', restore);
  when('failed', giveBack);
  document.addEventListener('input', event => event.target === field() && changed());
  document.addEventListener('keydown', event => event.target === field() && pressed(event));
  document.addEventListener('submit', event => event.target === form() && (event.preventDefault(), submit()));
  document.addEventListener('click', event => {
    const mode = event.target.closest('#composer [data-mode]')?.dataset.mode;
    if (mode) write(mode === 'note');
  });
}

function restore() {
  if (!form()) return;
  const draft = drafts.load(conversation());
  field().value = field().value || draft.text;
  setNote(draft.note);
  fit();
}

/** Switch to reply or note and put the cursor there. */
export function write(note) {
  if (!form()) return;
  setNote(note);
  keep();
  field().focus();
}

function setNote(note) {
  const mode = note ? 'note' : 'reply';
  form().classList.toggle('is-note', note);
  for (const button of form().querySelectorAll('[data-mode]')) button.setAttribute('aria-pressed', String(button.dataset.mode === mode));
  for (const part of form().querySelectorAll('[data-label], [data-hint]')) part.hidden = (part.dataset.label ?? part.dataset.hint) !== mode;
  field().placeholder = field().dataset[mode];
  const button = form().querySelector('[type=submit]');
  button.classList.toggle('btn-note', note);
  button.classList.toggle('btn-primary', !note);
}

function changed() {
  keep();
  fit();
  explain();
  if (field().value.trim()) sayTyping(conversation(), isNote());
}

const keep = () => drafts.save(conversation(), { text: field().value, note: isNote() });

// Thai and other input methods confirm a word with Enter: that Enter is not ours.
function pressed(event) {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === IME || event.shiftKey || event.altKey) return;
  event.preventDefault();
  submit({ resolve: event.ctrlKey || event.metaKey });
}

async function submit({ resolve = false } = {}) {
  const body = clean(field().value);
  if (!body || explain() || isOpen()) return;
  const entry = { client_id: uuid7(), conversation: conversation(), body, note: isNote(), resolve, at: Date.now() };
  field().value = '';
  fit();
  explain();
  stopTyping();
  await enqueue(entry);
  forget(entry.conversation, entry.note);
}

// The draft goes only now that the text is in the outbox, unless something new was typed meanwhile.
function forget(sent, note) {
  if (form() && conversation() === sent) keep();
  else drafts.save(sent, { text: '', note });
}

/** Say how long the text is when that matters. True: it is too long to send. */
function explain() {
  const length = lengthOf(clean(field().value));
  const count = document.getElementById('composer-count');
  count.hidden = length < limit() * NEAR_LIMIT;
  count.textContent = `${length.toLocaleString()} / ${limit().toLocaleString()}`;
  const tooLong = length > limit();
  problem(tooLong ? text('tooLong', { n: length.toLocaleString(), limit: limit().toLocaleString() }) : '');
  field().setAttribute('aria-invalid', String(tooLong));
  return tooLong;
}

/** A canned response still has a variable in it that has no value here. */
function isOpen() {
  if (!gap()) return false;
  problem(text('unfilled', { name: gap() }));
  showGap();
  return true;
}

function problem(words) {
  document.getElementById('composer-problem').textContent = words;
}

// A text that the server will never take goes back where it can be mended.
async function giveBack({ entry }) {
  const open = form() && conversation() === entry.conversation && !field().value;
  if (!open || !BACK_TO_FIELD.has(entry.failed.code)) return;
  field().value = entry.body;
  changed();
  problem(entry.failed.message);
  await discard(entry.client_id);
}

function fit() {
  const area = field();
  area.style.height = 'auto';
  area.style.height = `${Math.min(MAX_HEIGHT, area.scrollHeight)}px`;
}
