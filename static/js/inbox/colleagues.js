// Colleagues in the open thread: who looks at it and who is writing. A sign goes by itself when nobody renews it.
import { when } from './bus.js';
import { settings, text } from './page.js';
import { send } from './socket.js';

const LOOKS_FOR = 12_000; // the server says it again every four seconds
const WRITES_FOR = 6_000;
const people = new Map(); // id: { name, looksUntil, writesUntil, note }
let conversation = null;
let timer = 0;

export function startColleagues() {
  when('frame:viewing', ({ here, ...sign }) => note(sign, here ? { looksUntil: Date.now() + LOOKS_FOR } : { looksUntil: 0, writesUntil: 0 }));
  when('frame:typing', sign => sign.who === 'operator' && note(sign, { looksUntil: Date.now() + LOOKS_FOR, writesUntil: Date.now() + WRITES_FOR, note: sign.note }));
  when('thread:changed', ({ authors }) => authors.forEach(stopped));
  when('panes:shown', startOver);
  when('link:down', startOver);
  when('link:ready', () => document.hidden && tellLooking());
  document.addEventListener('visibilitychange', tellLooking);
}

const tellLooking = () => send({ type: 'look', looking: !document.hidden });
const line = () => document.getElementById('colleagues');

function startOver() {
  people.clear();
  conversation = line()?.dataset.conversation ?? null;
  draw();
}

function note({ conversation: where, member, name }, news) {
  if (where !== conversation || member === settings.member.id) return;
  people.set(member, { writesUntil: 0, ...people.get(member), name, ...news });
  draw();
}

// What they wrote is here: they are not writing it any more.
function stopped(member) {
  const person = people.get(member);
  if (!person) return;
  person.writesUntil = 0;
  draw();
}

function draw() {
  clearTimeout(timer);
  if (!line()) return;
  const now = Date.now();
  for (const [member, { looksUntil, writesUntil }] of people) if (Math.max(looksUntil, writesUntil) <= now) people.delete(member);
  const all = [...people.values()];
  const writing = all.filter(({ writesUntil }) => writesUntil > now);
  const words = sentence(writing.length ? writing : all, Boolean(writing.length));
  if (line().textContent !== words) line().textContent = words;
  line().classList.toggle('is-writing', Boolean(writing.length));
  const ends = all.flatMap(({ looksUntil, writesUntil }) => [looksUntil, writesUntil]).filter(end => end > now);
  if (ends.length) timer = setTimeout(draw, Math.min(...ends) - now + 20);
}

function sentence(who, isWriting) {
  if (!who.length) return '';
  const [{ name, note: isNote }, other] = who;
  const values = { name, other: other?.name, n: who.length - 1 };
  if (who.length === 1) return text(isWriting ? (isNote ? 'writesNote' : 'writesReply') : 'looksOne', values);
  if (who.length === 2) return text(isWriting ? 'writeTwo' : 'lookTwo', values);
  return text(isWriting ? 'writeMany' : 'lookMany', values);
}
