// What is under a finger stays there: between down and up the element of a click must not go, or the click is lost.
// Whoever would draw there anew waits until it is over, a second at most.
const MOST_MS = 1_000;
let pressed = null;
let patience = 0;
let waiting = [];

export function startPress() {
  addEventListener('pointerdown', ({ target }) => {
    pressed = target;
    clearTimeout(patience);
    patience = setTimeout(lift, MOST_MS);
  }, { capture: true });
  addEventListener('click', () => { pressed = null; }, { capture: true }); // what a click draws is drawn at once
  for (const end of ['click', 'pointerup', 'pointercancel']) addEventListener(end, () => setTimeout(lift), { capture: true });
}

/** Do it now, or once nobody presses on something in `place` any more; in the order in which it was asked for. */
export function afterPress(place, task) {
  if (waiting.length || (pressed && place?.contains(pressed))) waiting.push(task);
  else task();
}

function lift() {
  const tasks = waiting;
  pressed = null;
  waiting = [];
  for (const task of tasks) {
    try {
      task();
    } catch (error) {
      reportError(error); // the others are not lost with it
    }
  }
}
