// What came in just now, counted on a button for those who read further up. `menu/speech.js` speaks it.
import { word } from './words.js';

export function createNews({ button, onJump }) {
  let count = 0;

  function show() {
    button.hidden = count === 0;
    button.lastElementChild.textContent = word(count === 1 ? 'oneNew' : 'manyNew', { n: count });
  }

  button.addEventListener('click', onJump);

  return {
    add() {
      count += 1;
      show();
    },
    clear() {
      count = 0;
      show();
    },
  };
}
