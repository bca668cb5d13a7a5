// The window of the chat. Until the frame has answered it shows a shell drawn here, so that a visitor never
// looks at a browser's error page and can always close it, also full screen on a phone.
import { element, icon } from './dom.js';
import { FULL_SCREEN } from './style.js';

const CROSS = 'M18 6 6 18M6 6l12 12';

export function createPanel({ signal, onClose, onRetry, onChange }) {
  const small = matchMedia(FULL_SCREEN);
  const view = window.visualViewport;
  const status = element('p', { role: 'status' });
  const retry = element('button', { className: 'retry', onclick: onRetry });
  const dismiss = element('button', { className: 'dismiss', onclick: onClose }, icon(CROSS));
  const shell = element('div', { className: 'shell' }, status, retry, dismiss);
  const panel = element('div', {}, shell);
  let frame = null;
  let isOpen = false;
  let state = 'waiting';
  let lockedOverflow = null;

  function load(source, onLoad) {
    const fresh = element('iframe', { referrerPolicy: 'origin', src: source });
    fresh.addEventListener('load', onLoad);
    if (frame) frame.remove();
    frame = fresh;
    state = 'waiting';
    panel.append(frame);
  }

  function draw(words) {
    panel.className = `panel ${isOpen ? '' : 'off'} ${state === 'ready' ? '' : 'waiting'}`;
    status.textContent = state === 'failed' ? words.failed : '…';
    retry.hidden = state !== 'failed';
    retry.textContent = words.retry;
    dismiss.setAttribute('aria-label', words.close);
    if (frame) frame.title = words.frame;
    lockScroll(isOpen && small.matches);
  }

  function lockScroll(locked) {
    const { style } = document.documentElement;
    if (locked && lockedOverflow === null) {
      lockedOverflow = style.overflow;
      style.overflow = 'hidden';
    } else if (!locked && lockedOverflow !== null) {
      style.overflow = lockedOverflow;
      lockedOverflow = null;
    }
  }

  /** A phone's keyboard covers the page without resizing it: full screen means what is really visible. */
  function fit() {
    if (!isOpen || !view || view.scale !== 1) return;
    panel.style.setProperty('--top', `${view.offsetTop}px`);
    panel.style.setProperty('--height', `${view.height}px`);
  }

  /** Focusing a frame clears the focus inside it: the frame hears that it is shown only afterwards. */
  function focus(onFocus) {
    requestAnimationFrame(() => {
      if (!isOpen) return;
      (state === 'ready' ? frame : dismiss).focus();
      onFocus();
    });
  }

  small.addEventListener('change', onChange, { signal });
  if (view) ['resize', 'scroll'].forEach((change) => view.addEventListener(change, fit, { signal }));

  return {
    element: panel,
    load,
    draw,
    fit,
    focus,
    setOpen: (value) => { isOpen = value; },
    setState: (value) => { state = value; },
    isFullScreen: () => small.matches,
    window: () => frame && frame.contentWindow,
    unlock: () => lockScroll(false),
  };
}
