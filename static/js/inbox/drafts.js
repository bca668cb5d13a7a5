// What is in the composer, per conversation and member, so that no reload and no other row loses it.
import { owner } from './page.js';

const key = conversation => `minichat:draft:${owner}:${conversation}`;

export function load(conversation) {
  try {
    return JSON.parse(localStorage.getItem(key(conversation))) ?? { text: '', note: false };
  } catch {
    return { text: '', note: false };
  }
}

export function save(conversation, draft) {
  try {
    if (draft.text) localStorage.setItem(key(conversation), JSON.stringify(draft));
    else localStorage.removeItem(key(conversation));
  } catch {
    // Storage is full or refused: the text is still in the field.
  }
}
