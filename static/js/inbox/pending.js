// Bubbles of texts that are not on the server yet, from the same markup as all others.
import { when } from './bus.js';
import { drawn as drawnCard } from './card.js';
import { drawFiles } from './files.js';
import { clone } from './html.js';
import { drawStates } from './marks.js';
import * as outbox from './outbox.js';
import { current, log, settings } from './page.js';
import { list as quickReplies } from './quick.js';
import { discard, retry } from './sender.js';

export function startPending() {
  when('queued', ({ entry }) => draw(entry));
  when('failed', ({ entry }) => draw(entry));
  when('discarded', ({ clientId }) => bubble(clientId)?.remove());
  when('panes:shown', drawAll);
  document.addEventListener('click', press);
}

const bubble = clientId => document.getElementById(`c-${clientId}`);

export async function drawAll() {
  const conversation = current();
  for (const entry of await outbox.all()) {
    if (entry.conversation === conversation && current() === conversation) draw(entry);
  }
}

function draw(entry) {
  if (entry.conversation !== current() || isStored(entry)) return;
  const node = build(entry);
  const old = bubble(entry.client_id);
  if (old) old.replaceWith(node);
  else document.getElementById('typing').before(node);
  drawStates(log());
}

const isStored = entry => Boolean(log().querySelector(`[data-client-id="${entry.client_id}"][data-position]:not([data-position=""])`));

function build(entry) {
  const node = clone('message-template');
  node.id = `c-${entry.client_id}`;
  Object.assign(node.dataset, { clientId: entry.client_id, author: settings.member.id, kind: entry.note ? 'note' : 'operator' });
  node.querySelector('[data-text]').textContent = entry.body;
  drawFiles(node.querySelector('.bubble'), entry);
  node.querySelectorAll('[data-author-name]').forEach(slot => { slot.textContent = settings.member.name; });
  drawAvatar(node.querySelector('.av'));
  if (entry.card) addCard(node, entry);
  if (entry.quick_replies?.length) node.querySelector('.meta').before(quickReplies(entry.quick_replies));
  if (entry.note) makeNote(node);
  if (entry.failed) addFailure(node, entry.failed);
  return node;
}

function drawAvatar(avatar) {
  avatar.textContent = settings.member.initials;
  avatar.className = `av av-sm h${settings.member.hue}`;
  if (!settings.member.avatar) return;
  const photo = new Image(26, 26);
  photo.alt = '';
  photo.src = settings.member.avatar;
  avatar.append(photo);
}

function addCard(node, { card, body }) {
  node.querySelector('.bubble').hidden = body === card.title;
  node.querySelector('.meta').before(drawnCard(card));
}

function makeNote(node) {
  node.classList.add('msg-note');
  node.querySelector('.note-label').hidden = false;
}

function addFailure(node, { message }) {
  node.dataset.failed = 'true';
  const row = clone('failed-template');
  row.querySelector('[data-reason]').textContent = message;
  node.querySelector('.msg-body').append(row);
}

function press(event) {
  const button = event.target.closest('[data-retry], [data-discard]');
  const clientId = button?.closest('article')?.dataset.clientId;
  if (!clientId) return;
  if ('retry' in button.dataset) retry(clientId);
  else discard(clientId);
}
