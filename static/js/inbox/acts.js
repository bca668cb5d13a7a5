// The verbs of the header (take, assign, resolve, reopen): plain forms that answer with the header.
// Not swapped by htmx: the push about the same change may replace the form while its answer is on the way.
import { postForm } from './api.js';
import { current, text } from './page.js';
import { showHead } from './head.js';
import { refreshAround } from './panes.js';
import { quiet } from './sender.js';
import { toast } from './toast.js';
import { after, offerFrom } from './triage.js';

export function startActs() {
  document.addEventListener('submit', event => {
    if (!event.target.closest('#thread-head')) return;
    event.preventDefault();
    const work = perform(event.target, event.submitter);
    after(() => work);
  });
}

async function perform(form, submitter) {
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  // The push about the same change may take the form away, or turn it into another, before its answer is here.
  const { action } = form;
  const words = Object.fromEntries(new FormData(form, submitter));
  await quiet(current());
  const reply = await postForm(action, words);
  form.ariaBusy = null;
  if (!reply.ok) return complain(reply);
  showHead(reply.html);
  offerFrom(reply);
}

function complain({ status, data }) {
  if (status === 401) return;
  toast(data?.detail || text(status === 0 ? 'noNetwork' : 'failedHere'), 'error');
  if (status === 409) refreshAround();
}
