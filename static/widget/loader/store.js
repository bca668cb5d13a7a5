// The visitor's token and unsent texts live in the storage of the page's own site: inside a cross-site frame
// the browser refuses or partitions storage. Where the page's storage is refused too, or nobody has consented yet,
// memory has to do.
import { key, read as setting } from './settings.js';

const TOKEN = `minichat:${key}`;
const OUTBOX = TOKEN + ':outbox';
const DRAFT = TOKEN + ':draft';
const FORM = TOKEN + ':form';
const TOLD = TOKEN + ':told'; // the frame's own memory of what was said unasked
const MOST_TEXTS = 50;

const memory = {};
const mine = new Set(); // client ids this tab answers for, so that two tabs never erase each other's texts

// A half-written text or form belongs to its tab; who the visitor is, to all tabs of the site.
const area = (name) => (name === DRAFT || name === FORM ? sessionStorage : localStorage);

function read(name) {
  try {
    return area(name).getItem(name) || memory[name] || '';
  } catch {
    return memory[name] || '';
  }
}

function write(name, value) {
  memory[name] = value;
  try {
    if (!consents) return;
    if (value) area(name).setItem(name, value);
    else area(name).removeItem(name);
    memory[name] = '';
  } catch {
    // It stays in memory.
  }
}

export const token = () => read(TOKEN);
export const draft = () => read(DRAFT);
export const saveToken = (value) => write(TOKEN, value);
export const saveDraft = (value) => write(DRAFT, value);
export const form = () => read(FORM);
export const saveForm = (value) => write(FORM, value);
export const told = () => read(TOLD);
export const saveTold = (value) => write(TOLD, value);
export const isToken = (name) => name === TOKEN;

// Where a token was kept, consent had been given.
export let consents = key && (setting('consent') !== 'required' || !!token());

/** From now on things may be kept, and what was begun is; or nothing may, and what there was is forgotten. */
export function allow(isAllowed) {
  if (!isAllowed) forget();
  consents = isAllowed;
  if (isAllowed) Object.keys(memory).forEach((name) => memory[name] && write(name, memory[name]));
}

export function texts() {
  try {
    return [].concat(JSON.parse(read(OUTBOX)));
  } catch {
    return [];
  }
}

/** The frame of this tab answers for these texts: it alone removes them. */
export function claim(list) {
  list.forEach((text) => mine.add(text.client_id));
  return list;
}

export function saveTexts(list) {
  claim(list);
  const all = texts().filter((text) => !mine.has(text.client_id)).concat(list);
  write(OUTBOX, all[0] ? JSON.stringify(all.slice(-MOST_TEXTS)) : '');
}

export function forget() {
  [TOKEN, OUTBOX, DRAFT, FORM, TOLD].forEach((name) => write(name, ''));
}
