// "Send and resolve": the resolution follows once the text is stored, even when that is much later.
import { postForm } from './api.js';
import { when } from './bus.js';
import { text } from './page.js';
import { showHead } from './head.js';
import { threadUrl } from './panes.js';
import { toast } from './toast.js';
import { offerFrom } from './triage.js';

export function startResolving() {
  when('sent', ({ entry }) => entry.resolve && resolve(entry.conversation));
}

async function resolve(conversation) {
  const reply = await postForm(`${threadUrl(conversation)}resolution/`);
  if (reply.ok) {
    showHead(reply.html);
    offerFrom(reply);
  } else toast(text('resolveLater'), 'error');
}
