// The field below the thread: reply or note, a limit that explains itself, and no text that gets lost.
import * as files from './attach.js';
import { when } from './bus.js';
import * as cards from './card.js';
import { gap, showGap } from './canned.js';
import * as drafts from './drafts.js';
import { uuid7 } from './ids.js';
import { idsIn } from './mentions.js';
import { text } from './page.js';
import * as quick from './quick.js';
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
  when('files:changed', ({ problem: words }) => problem(words));
  when('draft:arrived', ({ note }) => form() && note === isNote() && fill(drafts.textOf(note)));
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
  const begun = drafts.load(conversation(), JSON.parse(form().dataset.begun));
  const refused = field().value;
  setNote(begun.note);
  fill(refused || drafts.textOf(begun.note));
}

function fill(words) {
  if (field().value !== words) field().value = words;
  fit();
}

/** Switch to reply or note and put the cursor there. */
export function write(note) {
  if (!form()) return;
  if (note !== isNote()) {
    keep();
    drafts.choose(note);
    setNote(note);
    fill(drafts.textOf(note));
    explain();
  }
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

const keep = () => drafts.put(isNote(), field().value);

// Thai and other input methods confirm a word with Enter: that Enter is not ours.
function pressed(event) {
  if (event.key !== 'Enter' || event.isComposing || event.keyCode === IME || event.shiftKey || event.altKey) return;
  event.preventDefault();
  submit({ resolve: event.ctrlKey || event.metaKey });
}

async function submit({ resolve = false } = {}) {
  const note = isNote();
  // A card alone is told by its title where cards are not drawn.
  const body = clean(field().value) || (note ? '' : cards.waiting()?.title ?? '');
  if (!body && files.isEmpty()) return void (note || quick.isEmpty() || problem(text('quickAlone')));
  if (explain() || isOpen() || isWaiting()) return;
  const attachments = files.take();
  const mentions = note ? idsIn(body, drafts.mentionsOf(true)) : [];
  const quick_replies = note ? [] : quick.take();
  const card = note ? null : cards.take();
  const entry = { client_id: uuid7(), conversation: conversation(), body, note, mentions, attachments, quick_replies, card, resolve, at: Date.now(), draft: drafts.counter(note) };
  field().value = '';
  fit();
  explain();
  stopTyping();
  await enqueue(entry);
  // Only now that the text is in the outbox.
  drafts.sent(entry.conversation, note, form() && conversation() === entry.conversation && note === isNote() ? field().value : '');
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

/** A file is not there yet, or never will be: what is sent is what is seen. */
function isWaiting() {
  const words = files.obstacle();
  if (words) problem(words);
  return Boolean(words);
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
  if (!entry.note) quick.add(entry.quick_replies ?? []);
  if (entry.card) cards.put(entry.card);
  problem(entry.failed.message);
  await discard(entry.client_id);
}

function fit() {
  const area = field();
  area.style.height = 'auto';
  area.style.height = `${Math.min(MAX_HEIGHT, area.scrollHeight)}px`;
}
