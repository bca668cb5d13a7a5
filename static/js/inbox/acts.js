// The verbs of the header (take, assign, resolve, reopen): plain forms that answer with the header.
// Not swapped by htmx: the push about the same change may replace the form while its answer is on the way.
import { postForm } from './api.js';
import { text } from './page.js';
import { showHead } from './head.js';
import { refreshAround } from './panes.js';
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
  const reply = await postForm(form.action, Object.fromEntries(new FormData(form, submitter)));
  form.ariaBusy = null;
  if (reply.ok) showHead(reply.html);
  else complain(reply);
}

function complain({ status, data }) {
  if (status === 401) return;
  toast(data?.detail || text(status === 0 ? 'noNetwork' : 'failedHere'), 'error');
  if (status === 409) refreshAround();
}
