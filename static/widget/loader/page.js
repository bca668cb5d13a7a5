// The page around us: where the visitor is, and what of it the frame may ask to be told.
import { options } from './settings.js';

const SETTLE_MS = 50; // frameworks set the title just after the address

const address = () => location.href.split('#')[0];

export const currentPage = () => ({ url: address(), title: document.title, referrer: document.referrer });

/** Single-page sites move without loading a page. */
export function watchPage(onMove) {
  let last = address();
  const look = () => setTimeout(() => last !== (last = address()) && onMove(), SETTLE_MS);
  if (window.navigation?.addEventListener) {
    navigation.addEventListener('navigatesuccess', look, options);
    return;
  }
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name];
    history[name] = function patched(...args) {
      look();
      return original.apply(this, args);
    };
  }
  addEventListener('popstate', look, options);
}

/** How far down the visitor has been, in percent, and once that they are about to leave. Rules are the frame's. */
export function watchReader({ scroll, exit }, report) {
  let most = 0;
  let hasLeft = !exit;
  const look = () => {
    const percent = Math.round(((scrollY + innerHeight) / document.documentElement.scrollHeight) * 100);
    if (scroll && percent > most) report('scroll', (most = percent));
  };
  look();
  addEventListener('scroll', look, options);
  document.addEventListener('mouseout', ({ relatedTarget, clientY }) => {
    if (hasLeft || relatedTarget || clientY > 0) return;
    hasLeft = true;
    report('exit');
  }, options);
}
