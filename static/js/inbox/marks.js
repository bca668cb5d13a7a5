// sending, stored, delivered, read, failed: what became of the team's replies.
import { when } from './bus.js';
import { log } from './page.js';

const states = document.getElementById('states').content;
const marks = { conversation: null, delivered: 0, read: 0 };

export function startMarks() {
  when('frame:marks', receiveMarks);
  when('panes:shown', () => log() && drawStates(log()));
}

function receiveMarks(frame) {
  if (frame.conversation === log()?.dataset.conversation) noteMarks(frame);
}

export function noteMarks({ delivered, read } = {}) {
  const open = log();
  if (!open) return;
  startOver(open);
  marks.delivered = Math.max(marks.delivered, delivered ?? 0);
  marks.read = Math.max(marks.read, read ?? 0);
  drawStates(open);
}

function startOver(open) {
  if (marks.conversation === open.dataset.conversation) return;
  const { conversation, delivered, read } = open.dataset;
  Object.assign(marks, { conversation, delivered: Number(delivered), read: Number(read) });
}

export function drawStates(open) {
  startOver(open);
  open.querySelectorAll('[data-state]').forEach(slot => draw(slot, stateOf(slot.closest('article').dataset)));
}

function stateOf({ failed, position, read, delivered }) {
  if (failed) return 'failed';
  if (!position) return 'sending';
  if (read === 'true' || Number(position) <= marks.read) return 'read';
  return delivered === 'true' || Number(position) <= marks.delivered ? 'delivered' : 'stored';
}

function draw(slot, state) {
  if (slot.dataset.state === state) return;
  slot.dataset.state = state;
  slot.replaceChildren(states.querySelector(`[data-state-of="${state}"]`).cloneNode(true));
}
