// The details of a visitor: their clock goes on, and notes about them are added and taken away in place.
import { postForm } from './api.js';
import { when } from './bus.js';
import { element } from './html.js';
import { uuid7 } from './ids.js';
import { text } from './page.js';
import { toast } from './toast.js';

const IME = 229;
let name = uuid7(); // of the note that is being written: sent twice it is written once

export function startDetails() {
  drawClock();
  setInterval(drawClock, 15_000);
  when('panes:shown', () => { name = uuid7(); drawClock(); });
  document.addEventListener('submit', event => {
    if (!event.target.matches('[data-contact-note]')) return;
    event.preventDefault();
    save(event.target);
  });
  document.addEventListener('keydown', event => {
    const isSend = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.isComposing && event.keyCode !== IME;
    if (isSend && event.target.id === 'contact-note') event.target.form.requestSubmit();
  });
}

async function save(form) {
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  const isNew = Boolean(form.elements.body);
  const reply = await postForm(form.action, isNew ? { body: form.elements.body.value, client_id: name } : {});
  form.ariaBusy = null;
  if (reply.ok) return show(reply.html, isNew);
  const words = reply.data?.detail || text(reply.status === 0 ? 'noNetwork' : 'failedHere');
  if (isNew) document.getElementById('contact-note-problem').textContent = words;
  else toast(words, 'error');
}

/** What is being written while another note is deleted stays. */
function show(html, isNew) {
  const fresh = element(html);
  const field = fresh.querySelector('#contact-note');
  if (isNew) name = uuid7();
  else field.value = document.getElementById('contact-note').value;
  document.getElementById('contact-notes').replaceWith(fresh);
  field.focus();
}

// The server drew the time of the moment in which the page was made.
function drawClock() {
  for (const clock of document.querySelectorAll('[data-zone]')) {
    try {
      clock.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: clock.dataset.zone }).format();
    } catch {
      // A zone that this browser does not know: what the server wrote stays.
    }
  }
}
