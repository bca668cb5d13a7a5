// The verbs of the header (take, assign, resolve, reopen): plain forms that answer with the header.
// Not swapped by htmx: the push about the same change may replace the form while its answer is on the way.
import { postForm } from './api.js';
import { text } from './page.js';
import { showHead } from './head.js';
import { refreshAround, threadUrl } from './panes.js';
import { toast } from './toast.js';

export function startActs() {
  document.addEventListener('submit', event => {
    if (!event.target.closest('#thread-head')) return;
    event.preventDefault();
    perform(event.target, event.submitter);
  });
}

async function perform(form, submitter) {
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  // The push about the same change may take the form away, or turn it into another, before its answer is here.
  const { action } = form;
  const { conversation } = form.closest('#thread-head').dataset;
  const reply = await postForm(action, Object.fromEntries(new FormData(form, submitter)));
  form.ariaBusy = null;
  if (reply.ok) done(action, conversation, reply);
  else complain(reply);
}

function done(action, conversation, { html }) {
  showHead(html);
  if (action.endsWith('/resolution/')) toast(text('resolved'), 'info', { action: text('undo'), act: () => reopen(conversation) });
}

/** Somebody pressed "Undo"; meanwhile the thread may be another one. */
async function reopen(conversation) {
  const reply = await postForm(`${threadUrl(conversation)}resolution/delete/`);
  if (reply.ok) showHead(reply.html);
  else complain(reply);
}

function complain({ status, data }) {
  if (status === 401) return;
  toast(data?.detail || text(status === 0 ? 'noNetwork' : 'failedHere'), 'error');
  if (status === 409) refreshAround();
}
