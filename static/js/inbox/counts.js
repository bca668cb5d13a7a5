// Numbers of the sidebar and the tabs.
export function drawCounts(counts = {}) {
  for (const [name, value] of Object.entries(counts)) {
    for (const slot of document.querySelectorAll(`[data-count="${CSS.escape(name)}"]`)) draw(slot, value);
  }
}

function draw(slot, value) {
  slot.textContent = String(value);
  const frame = slot.closest('.chip') ?? slot;
  frame.hidden = value === 0;
}
