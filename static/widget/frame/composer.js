// Where the visitor writes. The text stays here until it is safely in the outbox.
import { word } from './words.js';

const WARN_BELOW = 200; // characters left, then a counter appears
const DRAFT_MS = 400;
const COMPOSING = 229; // keyCode of keys that an input method is still using
const sizesItself = CSS.supports('field-sizing', 'content');

export function createComposer({ form, body, counter, problem, hasMore, onSend, onTyping, onDraft }) {
  let limit = 2000;
  let timer = 0;

  // As the server counts: composed characters, not code units.
  const length = () => [...body.value.trim().normalize('NFC')].length;

  function update() {
    const left = limit - length();
    counter.textContent = left > WARN_BELOW ? '' : word(left < 0 ? 'over' : 'left', { n: Math.abs(left) });
    counter.classList.toggle('er', left < 0);
    form.classList.toggle('full', Boolean(body.value.trim()) || hasMore());
    if (!sizesItself) grow();
  }

  function grow() {
    body.style.height = 'auto';
    body.style.height = `${body.scrollHeight}px`;
  }

  function complain(sentence) {
    problem.textContent = sentence;
    problem.hidden = !sentence;
    body.setAttribute('aria-invalid', String(Boolean(sentence)));
  }

  function write(text) {
    body.value = text;
    complain('');
    update();
    clearTimeout(timer);
    onDraft(text); // at once: what has just been sent must not come back as a draft after a reload
  }

  function keepDraft() {
    clearTimeout(timer);
    timer = setTimeout(() => onDraft(body.value), DRAFT_MS);
  }

  function send() {
    const text = body.value.trim();
    if (!text && !hasMore()) return;
    const refusal = length() > limit ? word('over', { n: length() - limit }) : onSend(text);
    if (refusal) complain(refusal);
    else write('');
    body.focus();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  body.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === COMPOSING) return;
    event.preventDefault();
    send();
  });
  body.addEventListener('input', () => {
    complain('');
    update();
    keepDraft();
    if (body.value.trim()) onTyping();
  });

  return {
    write,
    update,
    complain,
    isEmpty: () => !body.value.trim(),
    focus: () => body.focus(),
    setLimit(value) {
      limit = value;
      update();
    },
    /** A refused text comes back, unless something else has been begun. */
    giveBack(text, sentence) {
      if (body.value.trim()) return false;
      write(text);
      complain(sentence);
      return true;
    },
    disable() {
      body.readOnly = true;
      form.querySelectorAll('button').forEach((button) => { button.disabled = true; });
    },
  };
}
