// Live visitors: the list follows what happens on the site, and a first message opens a conversation.
import { when } from '../inbox/bus.js';
import { element, morph } from '../inbox/html.js';
import { uuid7 } from '../inbox/ids.js';
import { isReady, send } from '../inbox/socket.js';
import { getHtml, postJson } from './requests.js';

const LOOK_EVERY = 20_000; // whoever went without a goodbye is gone after a minute
const AT_MOST_EVERY = 1_000;
const page = document.getElementById('visitors');
const dialog = document.getElementById('start-chat');
let lookedAt = 0;
let timer = 0;
let first = null; // { address, client_id } of the message that is being written

export function startVisitors() {
  if (!page) return;
  setInterval(drawTimes, 1_000);
  if (dialog) startDialog();
  if (page.dataset.live !== 'true') return;
  when('link:ready', () => { send({ type: 'watch', visitors: true }); look(); });
  when('frame:visitors', soon);
  when('frame:resync', soon);
  setInterval(() => document.hidden || soon(), LOOK_EVERY);
  document.addEventListener('visibilitychange', () => document.hidden || soon());
}

// --- The list --------------------------------------------------------------------------------------------------------

function soon() {
  if (document.hidden) return;
  clearTimeout(timer);
  timer = setTimeout(look, Math.max(0, lookedAt + AT_MOST_EVERY - Date.now()));
}

async function look() {
  lookedAt = Date.now();
  const html = await getHtml(page.dataset.url);
  const fresh = html && element(html);
  if (!fresh) return;
  morph(page.firstElementChild, fresh);
  drawTimes();
}

function drawTimes() {
  for (const time of page.querySelectorAll('[data-since]')) time.textContent = clock(Date.now() - Date.parse(time.dateTime));
}

function clock(age) {
  const seconds = Math.max(0, Math.floor(age / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = number => String(number).padStart(2, '0');
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

// --- The first message -----------------------------------------------------------------------------------------------

function startDialog() {
  document.addEventListener('click', ({ target }) => {
    const button = target.closest('[data-start-chat]');
    if (button) ask(button.dataset);
  });
  dialog.addEventListener('submit', event => { event.preventDefault(); sendFirst(); });
  dialog.addEventListener('keydown', event => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing) sendFirst();
  });
}

function ask({ startChat: address, name, page: title }) {
  const isOther = first?.address !== address;
  if (isOther) {
    first = { address, client_id: uuid7() };
    field().value = '';
  }
  complain('');
  dialog.querySelector('[data-name]').textContent = name;
  dialog.querySelector('[data-page]').textContent = title;
  dialog.showModal();
  field().focus();
}

const field = () => document.getElementById('start-body');
const form = () => dialog.querySelector('form');
const complain = words => { document.getElementById('start-problem').textContent = words; };

// The id stays until it is sent: pressing twice is sending once.
async function sendFirst() {
  const body = field().value.trim();
  if (!body || form().ariaBusy === 'true') return field().focus();
  form().ariaBusy = 'true';
  const { status, data } = await postJson(first.address, { client_id: first.client_id, body });
  form().ariaBusy = null;
  if (data?.url) return location.assign(data.url);
  if (status === 409) first.client_id = uuid7();
  complain(data?.detail || (status === 0 ? form().dataset.offline : form().dataset.sorry));
  field().focus();
}
