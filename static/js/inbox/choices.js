// A list of choices that belongs to a text field. The focus stays in the field: the arrows move, Enter and Tab choose, Esc
// closes, and screen readers follow by aria-activedescendant.
import { afterPress } from './press.js';

const IME = 229;

/**
 * `field()` and `list()` find the two on the page, whose panes come and go. `option(row)` draws one choice, `none()` says
 * that nothing matches, `count(n)` tells how many do. `choose(row, node)`; `stays`: the list is closed by its menu.
 */
export function createChoices({ field, list, option, none, count = () => {}, choose, stays = false }) {
  let shown = [];
  let at = 0;

  const isOpen = () => Boolean(list() && !list().hidden && list().childElementCount);
  const nodes = () => [...list().querySelectorAll('.opt')];

  document.addEventListener('keydown', pressed, { capture: true });
  document.addEventListener('focusout', event => event.target === field() && !list().contains(event.relatedTarget) && close());
  document.addEventListener('mousedown', event => list()?.contains(event.target) && event.preventDefault());
  document.addEventListener('click', clicked);

  /** A list that is closed meanwhile by what was pressed stays closed. */
  function draw(rows) {
    const wasOpen = isOpen();
    afterPress(list(), () => list() && (isOpen() || !wasOpen) && drawNow(rows));
  }

  function drawNow(rows) {
    shown = rows;
    at = 0;
    list().hidden = false;
    list().replaceChildren(...(rows.length ? rows.map(dressed) : [nothing()]));
    count(rows.length);
    mark();
  }

  function dressed(row, number) {
    const node = option(row);
    Object.assign(node, { id: `${list().id}-${number}`, tabIndex: -1 });
    node.classList.add('opt');
    node.setAttribute('role', 'option');
    return node;
  }

  function nothing() {
    return Object.assign(document.createElement('p'), { className: 'menu-head', textContent: none() });
  }

  function mark() {
    const options = nodes();
    options.forEach((node, number) => node.setAttribute('aria-selected', String(number === at)));
    options[at]?.scrollIntoView({ block: 'nearest' });
    if (options[at]) field().setAttribute('aria-activedescendant', options[at].id);
    else field().removeAttribute('aria-activedescendant');
  }

  function close() {
    if (stays || !list() || list().hidden) return;
    list().hidden = true;
    count(null);
    field()?.removeAttribute('aria-activedescendant');
  }

  // Before the field's own keys: here Enter chooses, it does not send.
  function pressed(event) {
    if (event.target !== field() || !isOpen() || event.isComposing || event.keyCode === IME) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chooses = (event.key === 'Enter' || (event.key === 'Tab' && !stays)) && !event.shiftKey && shown.length;
    if (event.key === 'Escape' && !stays) close();
    else if (step && shown.length) { at = (at + step + shown.length) % shown.length; mark(); }
    else if (chooses) choose(shown[at], nodes()[at]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function clicked(event) {
    const node = event.target.closest('.opt');
    if (!node || !list()?.contains(node)) return;
    event.preventDefault();
    choose(shown[nodes().indexOf(node)], node);
  }

  return { draw, close, isOpen };
}

/** Put words in the place of what was typed, so that the field's own listeners hear of it. */
export function type(field, from, to, words) {
  field.setRangeText(words, from, to, 'end');
  field.dispatchEvent(new InputEvent('input', { bubbles: true }));
}

/** A person as a choice: photo or letters, the name, and a dot while they are there. */
export function personOption({ name, initials, hue, avatar, online }, tag = 'div') {
  const node = document.createElement(tag);
  const face = Object.assign(document.createElement('span'), { className: `av av-xs h${hue}`, textContent: initials });
  const words = Object.assign(document.createElement('span'), { className: 'opt-name', textContent: name, dir: 'auto' });
  face.ariaHidden = 'true';
  if (avatar) face.append(Object.assign(new Image(20, 20), { alt: '', src: avatar }));
  if (online) face.append(Object.assign(document.createElement('i'), { className: 'dot dot-on' }));
  node.append(face, words);
  return node;
}
