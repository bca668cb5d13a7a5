// Where the visitor is. Single-page sites move without loading a page, so navigation is watched.

const SETTLE_MS = 50; // frameworks set the title just after the address

export function currentPage() {
  return { url: location.href.split('#')[0], title: document.title, referrer: document.referrer };
}

export function watchPage(signal, onMove) {
  let last = currentPage().url;
  function look() {
    setTimeout(() => {
      if (signal.aborted || currentPage().url === last) return;
      last = currentPage().url;
      onMove();
    }, SETTLE_MS);
  }
  if (window.navigation) {
    window.navigation.addEventListener('navigatesuccess', look, { signal });
  } else {
    patchHistory(look);
    window.addEventListener('popstate', look, { signal });
  }
}

function patchHistory(look) {
  for (const name of ['pushState', 'replaceState']) {
    const original = history[name];
    history[name] = function patched(...args) {
      const result = original.apply(this, args);
      look();
      return result;
    };
  }
}
