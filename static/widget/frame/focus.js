// While the chat is open Tab walks in a circle inside it; Escape leaves.

const STOPS = 'a[href],button:not([disabled]),input,select,textarea,[tabindex]';

export function keepTabInside(event) {
  if (event.key !== 'Tab') return;
  const stops = [...document.querySelectorAll(STOPS)].filter((stop) => stop.tabIndex >= 0 && stop.getClientRects().length);
  const [first, last] = [stops[0], stops[stops.length - 1]];
  if (event.shiftKey && document.activeElement === first) move(event, last);
  else if (!event.shiftKey && document.activeElement === last) move(event, first);
}

function move(event, stop) {
  event.preventDefault();
  stop.focus();
}
