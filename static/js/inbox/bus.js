// Modules tell each other what happened; none of them needs to know who listens.
const target = new EventTarget();

export const tell = (name, detail = null) => target.dispatchEvent(new CustomEvent(name, { detail }));
export const when = (name, listener) => target.addEventListener(name, event => listener(event.detail));

/** Resolves at the next event of that name, or with null after `patience` milliseconds. */
export function next(name, patience) {
  return new Promise(resolve => {
    const done = event => {
      clearTimeout(timer);
      target.removeEventListener(name, done);
      resolve(event?.detail ?? null);
    };
    const timer = setTimeout(done, patience);
    target.addEventListener(name, done);
  });
}
