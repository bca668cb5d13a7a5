// Files for the next message: chosen, dropped or pasted, looked at before they are sent, on their way at once.
// What has arrived survives a reload; it stays with its conversation, like the text beside it.
import { postForm } from './api.js';
import { tell, when } from './bus.js';
import { weight } from './files.js';
import { clone } from './html.js';
import { uuid7 } from './ids.js';
import { owner, settings, text } from './page.js';
import { send } from './upload.js';

const MB = 1024 * 1024;
const ENDINGS = /\.(jpe?g|png|webp|gif|pdf)$/i;
const all = new Map(); // conversation → items

const form = () => document.getElementById('composer');
const list = () => document.getElementById('uploads');
const input = () => document.getElementById('attach');
const conversation = () => form()?.dataset.conversation;
const items = (of = conversation()) => all.get(of) ?? [];
const key = of => `minichat:files:${owner}:${of}`;

export function startAttach() {
  when('panes:shown', arrive);
  document.addEventListener('click', clicked);
  document.addEventListener('change', event => event.target === input() && chosen());
  document.addEventListener('paste', pasted);
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop']) document.addEventListener(name, dragged);
}

/** Open the dialog of the system. False: there is nothing to attach to. */
export function choose() {
  if (!form()) return false;
  input().click();
  return true;
}

export const isEmpty = () => !items().length;

/** Why the message cannot go out yet, or nothing. */
export function obstacle() {
  if (items().some(item => item.problem)) return text('fileFailed');
  return items().some(item => !item.file) ? text('fileBusy') : '';
}

/** The files, for the message that takes them now. */
export function take() {
  const files = items().map(item => item.file);
  items().forEach(forgetPreview);
  all.delete(conversation());
  keep(conversation());
  draw();
  return files;
}

// --- In -----------------------------------------------------------------------------------------------------------

function clicked({ target }) {
  if (target.closest('[data-attach]')) return choose();
  const row = target.closest('.upload');
  const item = row && items().find(one => one.id === row.dataset.id);
  if (!item) return;
  if (target.closest('[data-upload-remove]')) remove(item);
  if (target.closest('[data-upload-again]')) begin(item, conversation());
}

function chosen() {
  add(input().files);
  input().value = '';
}

// Office programs put a picture of a text beside the text: then the text is meant.
function pasted(event) {
  const { files, types } = event.clipboardData;
  if (!form()?.contains(event.target) || !files.length || types.includes('text/plain')) return;
  event.preventDefault();
  add(files);
}

function dragged(event) {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault(); // whoever cannot take it here, too: a browser would leave the page for the file
  const thread = form() && event.target.closest?.('#thread');
  event.dataTransfer.dropEffect = thread ? 'copy' : 'none';
  const over = Boolean(thread) && (event.type === 'dragover' || event.type === 'dragenter');
  document.getElementById('thread')?.classList.toggle('is-over', over);
  if (event.type === 'drop' && thread) add(event.dataTransfer.files);
}

function add(files) {
  const mine = conversation();
  let problem = '';
  for (const blob of files) {
    const refusal = items(mine).length >= Number(form().dataset.files) ? text('fileMany', { n: form().dataset.files }) : refused(blob);
    problem ||= refusal;
    if (!refusal) start(blob, mine);
  }
  changed(mine, problem);
  document.getElementById('composer-text').focus();
}

// Said before anything is sent. A browser that does not know the type says nothing; then the ending has to do.
function refused({ type, name, size }) {
  const { accept, fileLimit } = form().dataset;
  if (!size) return text('fileEmpty');
  if (type ? !accept.split(',').includes(type) : !ENDINGS.test(name)) return text('fileType');
  return size > Number(fileLimit) ? text('fileSize', { limit: Number(fileLimit) / MB }) : '';
}

function start(blob, mine) {
  const item = { id: uuid7(), blob, name: blob.name, size: blob.size, progress: 0, problem: '', file: null };
  if (blob.type.startsWith('image/')) item.preview = URL.createObjectURL(blob);
  all.set(mine, [...items(mine), item]);
  begin(item, mine);
}

async function begin(item, mine) {
  Object.assign(item, { problem: '', progress: 0 });
  const job = send(`${settings.listUrl}${mine}/uploads/`, item, share => { item.progress = share; draw(); });
  item.abort = job.abort;
  changed(mine);
  const { file, problem } = await job.done;
  if (!items(mine).includes(item)) return file && giveUp(file.id, mine);
  Object.assign(item, { file, problem: problem ?? '', abort: null });
  changed(mine, problem ?? '');
}

// --- Out ----------------------------------------------------------------------------------------------------------

function remove(item) {
  const mine = conversation();
  all.set(mine, items(mine).filter(one => one !== item));
  item.abort?.();
  forgetPreview(item);
  if (item.file) giveUp(item.file.id, mine);
  changed(mine);
  document.getElementById('composer-text').focus();
}

// If that fails, the server's sweep takes it.
const giveUp = (id, mine) => postForm(`${settings.listUrl}${mine}/uploads/${id}/delete/`);

const forgetPreview = ({ preview }) => preview && URL.revokeObjectURL(preview);

// --- Kept and drawn -----------------------------------------------------------------------------------------------

function changed(mine, problem = '') {
  keep(mine);
  if (mine !== conversation()) return;
  draw();
  tell('files:changed', { problem });
}

function keep(mine) {
  const files = items(mine).map(item => item.file).filter(Boolean);
  try {
    if (files.length) localStorage.setItem(key(mine), JSON.stringify(files));
    else localStorage.removeItem(key(mine));
  } catch {
    // Storage is full or refused: they are still here.
  }
}

function arrive() {
  const mine = conversation();
  if (!mine) return;
  document.querySelector('[data-attach]').hidden = false;
  if (!all.has(mine)) all.set(mine, kept(mine).map(file => ({ id: file.id, name: file.name, size: file.size, file })));
  draw();
}

function kept(mine) {
  try {
    return JSON.parse(localStorage.getItem(key(mine))) ?? [];
  } catch {
    return [];
  }
}

function draw() {
  if (!list()) return;
  list().hidden = isEmpty();
  const rows = new Map([...list().children].map(row => [row.dataset.id, row]));
  list().replaceChildren(...items().map(item => fill(rows.get(item.id) ?? build(item), item)));
}

function build({ id, name, preview, file }) {
  const row = clone('upload-template');
  row.dataset.id = id;
  row.querySelector('[data-name]').textContent = name;
  label(row.querySelector('[data-upload-remove]'), text('fileRemove', { name }));
  label(row.querySelector('[data-upload-again]'), text('fileRetry', { name }));
  row.querySelector('progress').ariaLabel = text('fileSending', { name });
  const source = preview ?? file?.thumb;
  if (source) {
    const image = new Image(36, 36);
    Object.assign(image, { alt: '', src: source });
    row.querySelector('.attach-ic').replaceChildren(image);
  }
  return row;
}

const label = (button, words) => Object.assign(button, { ariaLabel: words, title: words });

function fill(row, { progress, problem, file, size }) {
  const bar = row.querySelector('progress');
  const said = row.querySelector('[data-said]');
  const words = problem || (file ? `${weight(size)} · ${text('fileReady')}` : '');
  row.classList.toggle('is-bad', Boolean(problem));
  row.querySelector('[data-upload-again]').hidden = !problem;
  bar.hidden = Boolean(problem || file);
  bar.value = Math.round((progress ?? 1) * 100);
  if (said.textContent !== words) said.textContent = words;
  return row;
}
