// HTML that our server rendered (and escaped) becomes elements here and nowhere else.
export function elements(html) {
  return [...new DOMParser().parseFromString(html, 'text/html').body.children].map(node => document.importNode(node, true));
}

export const element = html => elements(html)[0] ?? null;

export const clone = id => document.getElementById(id).content.firstElementChild.cloneNode(true);

/** Replace, but keep what the person is doing: focus, and menus that are open. */
export function morph(old, fresh) {
  if (!globalThis.Idiomorph) return old.replaceWith(fresh);
  globalThis.Idiomorph.morph(old, fresh, {
    morphStyle: 'outerHTML',
    callbacks: {
      beforeAttributeUpdated: (name, node) => !(name === 'open' && node.localName === 'details'),
      // What a script filled in stays its own.
      beforeNodeMorphed: node => node.dataset?.kept === undefined,
    },
  });
}

/** The same for what is inside of `place`. */
export function morphInside(place, nodes) {
  if (!globalThis.Idiomorph) return place.replaceChildren(...nodes);
  const fresh = place.cloneNode(false);
  fresh.append(...nodes);
  morph(place, fresh);
}

/** One element, by id, out of a fragment or a whole page. */
export function part(html, id) {
  const found = new DOMParser().parseFromString(html, 'text/html').getElementById(id);
  return found && document.importNode(found, true);
}
