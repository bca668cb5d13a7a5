// Texts that are not acknowledged yet, oldest first. Every change is mirrored to the page's storage, so that
// neither a reload nor a closed tab loses a word.
import { uuid7 } from './ids.js';

const MOST = 50;

export function createOutbox({ onChange }) {
  let items = [];

  const find = (id) => items.find((item) => item.client_id === id);

  function update(change) {
    change();
    onChange();
  }

  return {
    items: () => items,
    isFull: () => items.length >= MOST,
    has: (id) => Boolean(find(id)),
    next: () => items.find((item) => item.state === 'sending'),
    texts: () => items.map(({ state, reason, ...text }) => text),

    /** `conversation`: where it belongs, or null; then `fresh` names the one that its first text will open. */
    add(body, attachments, { id: conversation, fresh }) {
      const item = { client_id: uuid7(), body, attachments, conversation, fresh, at: new Date().toISOString(), state: 'sending', reason: '' };
      update(() => items.push(item));
    },
    restore(texts) {
      const fresh = texts.filter(isText).filter((text) => !find(text.client_id));
      items = items.concat(fresh.map((text) => ({ ...text, state: 'sending', reason: '' })));
      items.sort((a, b) => (a.at < b.at ? -1 : 1));
    },
    /** What was written without a conversation has one now. */
    assign(fresh, conversation) {
      items.forEach((item) => { if (!item.conversation && isSame(item.fresh, fresh)) Object.assign(item, { conversation }); });
    },
    remove(id) {
      if (find(id)) update(() => { items = items.filter((item) => item.client_id !== id); });
    },
    /** What was written before that moment. */
    forget(at) {
      update(() => { items = items.filter((item) => item.at > at); });
    },
    fail(id, reason) {
      if (find(id)) update(() => Object.assign(find(id), { state: 'failed', reason }));
    },
    /** Tried again by hand: it goes to the end, behind what was written since. */
    retry(id) {
      const item = find(id);
      if (!item) return;
      update(() => {
        items = items.filter((other) => other !== item).concat({ ...item, state: 'sending', reason: '' });
      });
    },
    /** The name was used for another text: the same text gets a new one and keeps its place. */
    rename(id) {
      if (find(id)) update(() => { find(id).client_id = uuid7(); });
    },
  };
}

const isSame = (one, other) => (one || '') === (other || '');

function isText(text) {
  return Boolean(text) && typeof text.client_id === 'string' && typeof text.body === 'string';
}
