/* A line of pages that is wider than the screen begins with the one that is open. */
for (const here of document.querySelectorAll(".subnav [aria-current], .tabs-line [aria-current]")) {
  const line = here.parentElement;
  const [at, room] = [here.getBoundingClientRect(), line.getBoundingClientRect()];
  line.scrollLeft += at.left - room.left - (room.width - at.width) / 2;
}
