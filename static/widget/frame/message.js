// One message as elements. The markup is the server's (<template>); here it is only filled.
import { clock } from './dates.js';
import { isRich, writeText } from './text.js';
import { word } from './words.js';

const HUES = 6;
let use = () => {};

/** Who draws files, links and lists is loaded when there are some. */
export function drawWith(later) {
  use = later;
}

export function buildMessage(kind, onRetry) {
  const element = clone(kind === 'visitor' ? 't-mine' : 't-theirs');
  const again = element.querySelector('.again');
  if (again) again.addEventListener('click', () => onRetry(element.dataset.client));
  return element;
}

export function fillMessage(element, message, state) {
  const find = (selector) => element.querySelector(selector);
  element.dataset.client = message.client_id || '';
  element.dataset.state = state;
  const files = message.attachments || [];
  const text = message.deleted_at ? word('deleted') : message.body || files.map((file) => file.name).join('\n');
  writeText(find('.b'), text);
  if (isRich(message.body) || message.extra) use('more', ({ rich }) => element.message === message && rich(find('.b'), message));
  find('.b').hidden = false;
  element.message = message;
  if (files.length || find('.fs')) use('files', ({ draw }) => draw(element));
  find('.b').classList.toggle('gone', Boolean(message.deleted_at));
  find('time').dateTime = message.created_at;
  find('time').textContent = clock(message.created_at);
  find('.state').textContent = message.edited_at && !message.deleted_at ? word('edited') : word(state);
  if (message.kind === 'visitor') fillFailure(element, message, state);
  else fillAuthor(element, message.author);
}

function fillFailure(element, { reason }, state) {
  const sentence = element.querySelector('.er');
  const failed = state === 'failed';
  sentence.textContent = reason || '';
  sentence.hidden = !failed || !reason;
  element.querySelector('.again').hidden = !failed;
}

function fillAuthor(element, author) {
  const name = author ? author.name : word('team');
  element.querySelector('.who').textContent = name;
  dress(element.querySelector('.av'), { initials: '', ...author, name });
}

/** A photo lies over the initials: they show until it is there, and when it does not come. */
export function dress(element, { name, initials, avatar }) {
  element.textContent = initials;
  element.className = hued(name);
  if (!avatar) return;
  const photo = new Image(30, 30);
  photo.alt = '';
  photo.src = avatar;
  element.append(photo);
}

export function hued(name) {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + character.codePointAt(0)) % 9973;
  return `av h${(sum % HUES) + 1}`;
}

export function buildLine(text) {
  const element = clone('t-line');
  element.firstElementChild.textContent = text;
  return element;
}

export function eventSentence({ event }) {
  if (!event) return '';
  if (event.name === 'joined' && !event.by) return word('joinedUnnamed');
  return word(event.name, event);
}

export function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}
