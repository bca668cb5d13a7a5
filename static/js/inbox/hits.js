// The words that somebody searched for are marked in the thread. The server says where they stand in which message.
export function markHits(log) {
  for (const [id, places] of Object.entries(JSON.parse(log.dataset.hits || '{}'))) {
    const text = document.querySelector(`#m-${CSS.escape(id)} [data-text]`);
    if (text) for (const [begin, end] of places.reverse()) mark(text, begin, end);
  }
}

// From the last to the first, so that a mark moves no other. A link may part a hit into several nodes.
function mark(root, begin, end) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const parts = [];
  for (let at = 0, node = walker.nextNode(); node && at < end; at += node.length, node = walker.nextNode()) {
    const from = Math.max(0, begin - at);
    const to = Math.min(node.length, end - at);
    if (from < to) parts.push([node, from, to]);
  }
  for (const [node, from, to] of parts) {
    const hit = node.splitText(from);
    hit.splitText(to - from);
    const shell = document.createElement('mark');
    hit.replaceWith(shell);
    shell.append(hit);
  }
}
