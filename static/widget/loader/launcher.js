// The round button in the corner, with the number of unread messages.
import { element, icon } from './dom.js';

const BUBBLE = 'M21 11.5a8.4 8.4 0 0 1-12.1 7.5L3 21l2-5.7A8.4 8.4 0 1 1 21 11.5Z';
const CHEVRON = 'm6 9 6 6 6-6';
const MOST_SHOWN = 9;

export function createLauncher({ visible, onClick }) {
  const bubble = icon(BUBBLE);
  const chevron = icon(CHEVRON);
  const badge = element('span', { className: 'badge', hidden: true });
  const button = element('button', { hidden: !visible, onclick: onClick }, bubble, chevron, badge);

  function draw({ isOpen, unread, words }) {
    const count = isOpen ? 0 : unread;
    button.className = isOpen ? 'launcher covered' : 'launcher';
    button.setAttribute('aria-expanded', String(isOpen));
    button.setAttribute('aria-label', (isOpen ? words.close : words.open) + (count ? words.unread(count) : ''));
    toggle(bubble, isOpen);
    toggle(chevron, !isOpen);
    badge.hidden = count === 0;
    badge.textContent = count > MOST_SHOWN ? `${MOST_SHOWN}+` : String(count);
  }

  return {
    button,
    draw,
    show: (shown) => { button.hidden = !shown; },
    focus: () => button.focus(),
  };
}

function toggle(svg, hidden) {
  svg.toggleAttribute('hidden', hidden); // SVG elements have no hidden property
}
