// Whether the visitor is on the site now: in the row, in the header and in the details.
export function receivePresence({ conversation, online }) {
  for (const sign of document.querySelectorAll(`[data-presence="${CSS.escape(conversation)}"]`)) sign.hidden = !online;
}
