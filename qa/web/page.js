// What the page needs beyond Gradio: run once it is loaded.
() => {
  const chat = document.querySelector("#chat");
  const sources = document.querySelector("#sources");
  const forget = () => sources.querySelectorAll(".cited").forEach((card) => card.classList.remove("cited"));
  const focusBox = () => {
    // A phone would open its keyboard over the page.
    if (innerWidth > 760) document.querySelector("#question textarea").focus();
  };

  // A marker leads to its source. No fragment in the address: it would outlive the answer.
  chat.addEventListener("click", (event) => {
    const marker = event.target.closest(".marker");
    const card = marker && document.getElementById(marker.hash.slice(1));
    if (!card) return;
    event.preventDefault();
    forget();
    card.classList.add("cited");
    card.scrollIntoView({ block: "nearest" });
    card.focus({ preventScroll: true });
  });

  // New sources are shown from their top; Gradio keeps nodes, and with them marks and place.
  let newest = "";
  new MutationObserver(() => {
    const first = sources.querySelector("section");
    if (!first || first.dataset.turn === newest) return;
    newest = first.dataset.turn;
    forget();
    sources.scrollTop = 0;
  }).observe(sources, { childList: true, subtree: true, characterData: true, attributes: true,
    attributeFilter: ["data-turn"] });

  // Gradio names messages by their raw markup; what they say is read without a name.
  const unname = () => chat.querySelectorAll('[data-testid="bot"][aria-label], [data-testid="user"][aria-label]')
    .forEach((message) => message.removeAttribute("aria-label"));
  new MutationObserver(unname).observe(chat, { childList: true, subtree: true, attributes: true,
    attributeFilter: ["aria-label"] });
  unname();

  // An example is gone once it was picked, and the focus with it.
  chat.addEventListener("click", (event) => {
    if (event.target.closest(".example")) setTimeout(focusBox, 50);
  });
  focusBox();
}
