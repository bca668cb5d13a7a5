// Blocking asks first, and can be taken back like every act; unblocking is done at once.
import { postForm } from './api.js';
import { showHead } from './head.js';
import { current, head, panes, text } from './page.js';
import { threadUrl } from './panes.js';
import { hasPicked, targets } from './picking.js';
import { toast } from './toast.js';
import { perform } from './triage.js';
import { words } from './triage-texts.js';

const dialog = document.getElementById('block');
const question = dialog?.querySelector('h2');
const ofOne = question?.textContent;
let about = null;

export function startBlocking() {
  dialog?.addEventListener('close', () => dialog.returnValue === 'block' && about && perform('block', null, about));
}

/** Block who wrote what is chosen, else the visitor on screen (`inThread`: that one in any case), or let them write again. */
export function askBlock(inThread = false) {
  const many = hasPicked() && !inThread;
  about = targets(inThread);
  if (!dialog || !about) return false;
  if (!many && head()?.dataset.blocked === 'true') return void unblock(current());
  question.textContent = many ? words('blockMany') : ofOne;
  dialog.querySelector('[data-who]').textContent = many ? document.querySelector('[data-picked-count]').textContent : panes().dataset.name;
  dialog.returnValue = '';
  dialog.showModal();
}

async function unblock(conversation) {
  const reply = await postForm(`${threadUrl(conversation)}block/delete/`);
  if (reply.ok) {
    showHead(reply.html);
    toast(words('unblocked'));
  } else if (reply.status !== 401) {
    toast(reply.data?.detail || text(reply.status === 0 ? 'noNetwork' : 'failedHere'), 'error');
  }
}
