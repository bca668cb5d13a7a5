// Second thoughts: edit what one wrote for five minutes, delete it at any time. An edit that is being typed survives a
// push that draws its message anew, and an answer that does not come.
import { postForm, postJson } from './api.js';
import { when } from './bus.js';
import { clone } from './html.js';
import { editNames, markMine } from './mentions.js';
import { log, settings, text } from './page.js';
import { apply } from './thread.js';
import { toast } from './toast.js';

const EDIT_TIME = 5 * 60_000;
const IME = 229;
const OURS = '.msg-out[data-position]:not([data-position=""])';
const dialog = document.getElementById('delete-message');
let draft = null; // {id, words, back}: what is being edited, and where the focus goes afterwards
let doomed = null;

export function startCorrections() {
  if (!settings.canReply) return;
  for (const event of ['panes:shown', 'thread:changed', 'sent']) when(event, drawTools);
  when('thread:changed', keepDraft);
  when('panes:shown', () => { draft = null; });
  setInterval(drawTools, 30_000);
  document.addEventListener('click', clicked);
  document.addEventListener('input', event => { if (event.target.matches('[data-edit-text]')) draft.words = event.target.value; });
  document.addEventListener('submit', submitted);
  document.addEventListener('keydown', pressed);
  dialog.addEventListener('close', () => dialog.returnValue === 'delete' && remove(doomed));
}

const idOf = article => article.id.replace(/^m-/, '');
const article = id => document.getElementById(`m-${id}`);
const isMine = ({ dataset }) => dataset.author === settings.member.id;
/** Of a colleague, in words: what the assistant could say next time. */
const isReply = node => node.dataset.kind === 'operator' && Boolean(node.querySelector('[data-text]'));
const isGone = node => Boolean(node.querySelector('.bubble-gone'));
const isFresh = node => Date.now() - Date.parse(node.querySelector('.meta time')?.dateTime) < EDIT_TIME;
const canEdit = node => isMine(node) && !isGone(node) && isFresh(node) && Boolean(node.querySelector('[data-text]'));
const canDelete = node => (isMine(node) || settings.canDelete) && !isGone(node);
const wordsOf = node => {
  const shown = node.querySelector('[data-text]');
  return shown.dataset.source ?? shown.textContent; // bold and lists are written with signs that are not shown
};

/** The two buttons of each message that they are for; the one for editing goes when its time is over. */
function drawTools() {
  if (log()) markMine(log());
  for (const node of log()?.querySelectorAll(OURS) ?? []) {
    const tools = node.querySelector('.msg-tools') ?? (canDelete(node) && add(node));
    if (tools) tools.querySelector('[data-edit]').hidden = !canEdit(node);
  }
}

function add(node) {
  const tools = clone('tools-template');
  const faq = tools.querySelector('[data-save-faq]');
  if (faq && isReply(node)) faq.href += idOf(node);
  else faq?.remove();
  node.querySelector('.meta').append(tools);
  return tools;
}

function clicked({ target }) {
  const node = target.closest(OURS);
  if (!node) return;
  if (target.closest('[data-edit]')) edit(node, target.closest('[data-edit]'));
  if (target.closest('[data-delete]')) ask(node);
  if (target.closest('[data-edit-cancel]')) leave(node);
}

// --- Edit ---------------------------------------------------------------------------------------------------------

function edit(node, back) {
  if (draft) leave(article(draft.id));
  draft = { id: idOf(node), words: wordsOf(node), back: back.dataset.edit === undefined ? back : null };
  open(node);
}

function open(node) {
  const form = clone('edit-template');
  const field = form.querySelector('textarea');
  field.value = draft.words;
  node.classList.add('is-edited');
  node.querySelector('.bubble').after(form);
  field.focus();
  field.setSelectionRange(field.value.length, field.value.length);
}

function leave(node) {
  const { back } = draft ?? {};
  draft = null;
  node?.querySelector('[data-edit-form]')?.remove();
  node?.classList.remove('is-edited');
  (back ?? node?.querySelector('[data-edit]:not([hidden])') ?? log()).focus();
}

// The message was drawn anew (marks, another tab): what was typed stands in its place again.
function keepDraft() {
  const node = draft && article(draft.id);
  if (!node || node.querySelector('[data-edit-form]')) return;
  if (canDelete(node)) open(node);
  else leave(node);
}

async function submitted(event) {
  const form = event.target.closest('[data-edit-form]');
  if (!form) return;
  event.preventDefault();
  const node = form.closest(OURS);
  const words = draft.words.trim();
  if (words === wordsOf(node)) return leave(node);
  if (!words) return ask(node);
  form.ariaBusy = 'true';
  const reply = await postJson(address(node, 'edit'), { body: words, mentions: editNames(node, words) });
  form.ariaBusy = null;
  if (reply.ok) finish(node, reply.data);
  else complain(form, reply);
}

function finish(node, row) {
  const { id } = draft ?? {};
  leave(node);
  apply([row]);
  if (document.activeElement === document.body) article(id)?.querySelector('[data-edit]')?.focus();
}

const complain = (form, reply) => { form.querySelector('.err').textContent = sentence(reply); };
const sentence = ({ status, data }) => data?.detail || text(status === 0 ? 'noNetwork' : 'failedHere');
const address = (node, verb) => `${log().dataset.messages}${idOf(node)}/${verb}/`;

// --- Delete -------------------------------------------------------------------------------------------------------

function ask(node) {
  doomed = idOf(node);
  const isNote = node.dataset.kind === 'note';
  for (const part of dialog.querySelectorAll('[data-for]')) part.hidden = (part.dataset.for === 'note') !== isNote;
  dialog.returnValue = '';
  dialog.showModal();
}

async function remove(id) {
  const node = article(id);
  if (!node) return;
  if (draft?.id === id) leave(node);
  const reply = await postForm(address(node, 'delete'));
  if (reply.ok) apply([reply.data]);
  else toast(sentence(reply), 'error');
  log()?.focus();
}

// --- Keys ---------------------------------------------------------------------------------------------------------

// Thai and other input methods confirm a word with Enter: that Enter is not ours.
function pressed(event) {
  if (event.isComposing || event.keyCode === IME || event.defaultPrevented) return;
  if (event.target.matches('[data-edit-text]')) inEdit(event);
  else if (event.target.id === 'composer-text' && event.key === 'ArrowUp' && !event.target.value) editLast(event);
}

function inEdit(event) {
  if (event.key === 'Escape') leave(event.target.closest(OURS));
  else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) event.target.form.requestSubmit();
  else return;
  event.preventDefault();
}

function editLast(event) {
  const last = [...log().querySelectorAll(OURS)].findLast(canEdit);
  if (!last) return;
  event.preventDefault();
  edit(last, event.target);
}
