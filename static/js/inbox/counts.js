// Numbers of the sidebar and the tabs.
export function drawCounts(counts = {}) {
  for (const [name, value] of Object.entries(counts)) {
    for (const slot of document.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) draw(slot, value);
  }
}

function draw(slot, value) {
  // Nobody counts further (chat/counts.py).
  slot.textContent = value < 1_000 ? String(value) : '999+';
  const frame = slot.closest('.chip') ?? slot;
  frame.hidden = value === 0;
}
