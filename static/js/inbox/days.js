// One line per day between the messages. The server draws the first ones; pushes may need another.
import { clone } from './html.js';

export function drawDays(log) {
  log.querySelectorAll('[data-day-line]').forEach(line => line.remove());
  let day = '';
  for (const message of log.querySelectorAll('[data-day]')) {
    if (message.dataset.day && message.dataset.day !== day) {
      day = message.dataset.day;
      message.before(dayLine(message));
    }
  }
}

function dayLine(message) {
  const line = clone('day-template');
  line.dataset.dayLine = message.dataset.day;
  line.firstElementChild.textContent = message.dataset.dayLabel;
  return line;
}
