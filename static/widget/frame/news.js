// What came in just now: spoken once to screen readers, and counted on a button for those who read further up.
import { eventSentence } from './message.js';
import { word } from './words.js';

export function createNews({ button, announcer, onJump }) {
  let count = 0;

  function show() {
    button.hidden = count === 0;
    button.lastElementChild.textContent = word(count === 1 ? 'oneNew' : 'manyNew', { n: count });
  }

  button.addEventListener('click', onJump);

  return {
    add(message, isInView) {
      announcer.textContent = sentence(message);
      if (isInView || message.kind === 'event') return;
      count += 1;
      show();
    },
    clear() {
      count = 0;
      show();
    },
  };
}

function sentence(message) {
  if (message.kind === 'event') return eventSentence(message);
  return `${message.author ? message.author.name : word('team')}: ${message.body}`;
}
