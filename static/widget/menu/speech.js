// What the team says, to screen readers: each message once. What comes while nobody can hear it (the chat is closed,
// another tab lies in front) waits, and need not be said any more once it was read elsewhere.
import { eventSentence } from '../frame/message.js';
import { word } from '../frame/words.js';
import { element } from '../more/elements.js';

const SPOKEN_MS = 8_000; // then it is in the thread alone: whoever reads on does not find it twice

export function createSpeech({ config, session }, sound) {
  const place = document.getElementById('announcer');
  const known = new Set();
  let waiting = [];

  const isUnread = ({ conversation, position }) => !(session().chats.get(conversation)?.marks.seen >= position);

  function say(message) {
    const current = session().thread.messages().find(({ id }) => id === message.id) || message;
    if (current.deleted_at) return;
    // A line of its own: two that come at once are both spoken, and so is the same text twice.
    const line = element('p', { textContent: sentence(current) });
    place.append(line);
    setTimeout(() => line.remove(), SPOKEN_MS);
  }

  /** Without a message: whoever listens now hears what is waiting. */
  return (message, isHeard, isNew) => {
    if (message && !known.has(message.id)) waiting.push(message);
    if (message) known.add(message.id);
    if (isNew && !isHeard && message.kind !== 'event' && config.sound) sound.ring();
    if (!isHeard) return;
    const due = waiting.filter((one) => one === message || isUnread(one));
    waiting = [];
    due.forEach(say);
  };
}

function sentence(message) {
  if (message.kind === 'event') return eventSentence(message);
  const files = (message.attachments || []).map(({ name }) => name);
  return `${message.author ? message.author.name : word('team')}: ${[message.body, ...files, ...(message.quick_replies || [])].filter(Boolean).join(', ')}`;
}
