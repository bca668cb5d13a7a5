// What the assistant offers for a reply: goes into the field on demand, is never sent from here, and nothing typed is lost
// to it. Here is what calls for it; the bar itself comes when somebody does.
import { getHtml, postJson } from './api.js';
import { when } from './bus.js';
import { type } from './choices.js';
import { write } from './composer.js';
import { elements } from './html.js';
import { head, log, text } from './page.js';
import { toast } from './toast.js';

let bar = null;

const form = () => document.getElementById('composer');
const may = () => Boolean(form() && head()) && head().dataset.handler !== 'ai' && head().dataset.status !== 'resolved';

export function startSuggestion() {
  when('panes:shown', () => bar?.leave({ always: true }));
  for (const event of ['panes:shown', 'head:shown', 'head:changed']) when(event, draw);
  document.addEventListener('keydown', pressed);
  document.addEventListener('click', clicked);
  // A `toggle` does not bubble. Why the assistant said what it said is fetched when somebody opens it.
  document.addEventListener('toggle', ({ target }) => target.matches?.('[data-why]') && target.open && use('explain', target), true);
}

function draw() {
  if (!form()) return;
  form().querySelector('[data-suggest-open]').hidden = !may();
  if (!may()) bar?.leave({ always: false });
}

async function use(name, value) {
  try {
    bar ??= (await import(log().dataset.later)).start({ postJson, getHtml, elements, type, write, text, may });
    if (name === 'explain' || (await bar.ready())) return bar[name](value);
  } catch {
    // Nothing of it is here yet, and it could not be fetched: below.
  }
  return toast(text(navigator.onLine ? 'failedHere' : 'noNetwork'), 'error');
}

function clicked({ target }) {
  const { way } = target.closest('[data-way]')?.dataset ?? {};
  if (way) use('rewrite', way);
  else if (target.closest('[data-suggest-open]')) suggest();
  else if (target.closest('[data-rewrite-open]')) use('begin');
  else if (target.closest('[data-bar-insert]')) use('insert');
  else if (target.closest('[data-bar-dismiss]')) use('dismiss');
}

const isElsewhere = node => node.id !== 'composer-text' && Boolean(node.closest?.('input, textarea, select, dialog'));

// Enter is known by where it is: layouts differ, and so does what Alt makes of it.
function pressed(event) {
  if (!event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
  if (!['Enter', 'NumpadEnter'].includes(event.code) || isElsewhere(event.target)) return;
  if (!form() || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  use('insertOrSuggest');
}

/** False: nobody of the team answers here. */
export function suggest() {
  if (!may()) return false;
  use('suggest');
  return true;
}
