// On a phone the filters would push the results off the screen. No module: it runs before the page is drawn, so that nothing moves when
// they are folded. Without script they stay open.
if (window.matchMedia("(max-width: 60em)").matches) {
  const fold = new MutationObserver(() => {
    const panel = document.querySelector(".app-filters__panel");
    if (panel) {
      panel.removeAttribute("open");
      fold.disconnect();
    }
  });
  fold.observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => fold.disconnect());
}
