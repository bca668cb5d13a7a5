// The loader's look. A constructed stylesheet in the shadow root needs no permission from the page's policy.
// Safari before 16.4 has none: there the same rules are set element by element through CSSOM, which no policy
// forbids either. For that each rule here stands alone, with at most one @media around it.
import { gap, layer, side, size } from './settings.js';

export const FULL_SCREEN = '(max-width:480px),(max-height:480px)';

const RULE = /\s*(?:@media ([^{]+){)?([^{}]+){([^}]*)}/g;
const GAP = `max(${gap}px,env(safe-area-inset-bottom))`;
const SHADE = 'rgb(0 30 22/';

function rules(color) {
  // How light it is, near enough, by the first digit of each part: an icon on a pale colour has to be dark.
  const digit = (at) => parseInt(color[at], 16);
  const paint = `background:${color};color:#${digit(1) * 3 + digit(3) * 6 + digit(5) > 87 ? '000' : 'fff'}`;
  return `
:host{all:initial;position:fixed;inset:auto;z-index:${layer};color-scheme:light dark}
*{box-sizing:border-box;font:15px/1.5 system-ui,"Noto Sans Thai",Thonburi,sans-serif}
button{all:unset;box-sizing:border-box;cursor:pointer;display:grid;place-items:center;border-radius:12px}
button:focus-visible{outline:2px solid;outline-offset:2px}
b{padding-right:6px;font-weight:600}
svg{width:28px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.launcher{position:fixed;bottom:${GAP};${side}:${gap}px;grid-auto-flow:column;gap:8px;min-width:${size}px;min-height:${size}px;max-width:calc(100vw - 2*${gap}px);padding:0 10px;border-radius:${size}px;${paint};box-shadow:0 6px 20px ${SHADE}.3);transition:transform .16s}
.launcher:hover{transform:scale(1.05)}
.launcher:focus-visible{outline:3px solid #fff;outline-offset:0;box-shadow:0 0 0 6px ${color}}
.badge{position:absolute;top:-3px;right:-3px;min-width:20px;padding:0 5px;border-radius:10px;background:#c8281e;color:#fff;font:600 12px/20px system-ui;text-align:center}
.panel{position:fixed;bottom:calc(${GAP} + ${+size + 12}px);${side}:${gap}px;width:392px;height:min(680px,100dvh - 108px);border-radius:20px;overflow:hidden;background:Canvas;color:CanvasText;box-shadow:0 16px 56px -8px ${SHADE}.3),0 0 0 1px ${SHADE}.1);transition:.18s}
.news{position:fixed;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.off{opacity:0;transform:translateY(12px);visibility:hidden}
@media ${FULL_SCREEN}{.panel{inset:var(--top,0) 0 auto;width:100%;height:var(--height,100dvh);border-radius:0}}
@media ${FULL_SCREEN}{.covered{display:none}}
iframe{border:0;position:absolute;inset:0;width:100%;height:100%;color-scheme:light dark}
.shell{height:100%;display:grid;place-content:center;gap:16px;padding:24px;text-align:center}
.waiting iframe,.ready .shell{visibility:hidden}
.retry{padding:9px 18px;${paint}}
.dismiss{position:absolute;top:8px;right:8px;width:44px;height:44px}
[hidden]{display:none!important}
@media (prefers-reduced-motion:reduce){*{transition:none!important}}
@media print{:host{display:none}}`;
}

/** Styles the shadow root; the function returned is called after each change of classes or of the colour. */
export function applyStyle(root) {
  if (!('adoptedStyleSheets' in document)) return (color) => paintAll(root, rules(color));
  const sheet = new CSSStyleSheet();
  root.adoptedStyleSheets = [sheet];
  return (color) => sheet.replaceSync(rules(color));
}

/** States of the pointer and the keyboard cannot be set on an element: the browser's own focus ring stays. */
function paintAll(root, css) {
  const nodes = [root.host, ...root.querySelectorAll('*')];
  nodes.forEach((node) => { node.style.cssText = ''; });
  for (const [, media, selector, declarations] of css.matchAll(RULE)) {
    if (/:[hf]o[vc]/.test(selector) || (media && !matchMedia(media).matches)) continue;
    nodes.forEach((node, at) => {
      if (at ? node.matches(selector) : selector === ':host') node.style.cssText += declarations;
    });
  }
}
