// While a title is typed: what is close to it already, in the place below the field. Only a help, so silent when it cannot be had.
const PAUSE = 400;

export function start(place) {
  const input = document.getElementById(place.dataset.for);
  if (!input) return;
  let timer = 0;
  let asking = null;
  let shown = place.innerHTML.trim();

  function show(html) {
    // The same again would be read out again; and a link that somebody stands on must not go from under them.
    if (html === shown || place.contains(document.activeElement)) return;
    place.innerHTML = shown = html;
  }

  async function look() {
    asking = new AbortController();
    const address = `${place.dataset.url}&title=${encodeURIComponent(input.value)}`;
    try {
      // Whoever was signed out would be led to a whole page.
      const response = await fetch(address, { redirect: "error", credentials: "same-origin", signal: asking.signal });
      if (response.ok) show((await response.text()).trim());
    } catch {
      // No network, or a newer title was typed: what stands there stays.
    }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    asking?.abort();
    timer = setTimeout(look, PAUSE);
  });
  // Typed before this script arrived.
  if (input.value !== input.defaultValue) look();
}
