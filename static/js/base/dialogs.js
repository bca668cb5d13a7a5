/* [data-dialog-open="id"] opens a <dialog>, [data-dialog-close] closes the one around it; a click beside it closes too.
   Focus goes back by itself: showModal() remembers where it came from. Drawers are dialogs at the edge. */
document.addEventListener("click", ({ target }) => {
  const opener = target.closest("[data-dialog-open]");
  if (opener) {
    opener.closest("[popover]")?.hidePopover();
    document.getElementById(opener.dataset.dialogOpen)?.showModal();
  }
  if (target.closest("[data-dialog-close]") || target.matches("dialog.pal")) target.closest("dialog")?.close();
});

/* A chosen entry closes its popover; switches (theme, language) leave it open. */
document.addEventListener("click", ({ target }) => {
  const entry = target.closest("[popover] a.opt");
  if (entry) entry.closest("[popover]").hidePopover();
});
