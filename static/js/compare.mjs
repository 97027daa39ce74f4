// What is ticked to compare goes into the address and into every way on from here, so that it is still ticked on the next page. Without
// script the form and the links of that page carry what was sent.
const ON = ["/search", "/case-studies"];

export function start(form) {
  const most = Number(form.dataset.most);
  const button = form.querySelector("[data-count]");
  const said = form.querySelector("[data-said]");
  const explained = said?.textContent;
  const header = document.querySelector(".app-header__search");
  const boxes = [...form.querySelectorAll("[name=case]")];

  const carry = (address, ids) => {
    address.searchParams.delete("case");
    ids.forEach((id) => address.searchParams.append("case", id));
    return address.pathname + address.search + address.hash;
  };

  function carryAll() {
    const ids = boxes.filter((box) => box.checked).map((box) => box.value);
    boxes.forEach((box) => (box.disabled = ids.length >= most && !box.checked));
    if (button) button.textContent = ids.length ? `Compare (${ids.length})` : "Compare the ticked ones";
    if (said) said.textContent = ids.length >= most ? `${most} are ticked: more do not fit side by side.` : ids.length === 1 ? "Tick at least one more." : explained;
    history.replaceState(history.state, "", carry(new URL(location.href), ids));
    for (const link of document.querySelectorAll("a[href]"))
      if (link.origin === location.origin && ON.includes(link.pathname) && !link.getAttribute("href").startsWith("#"))
        link.setAttribute("href", carry(new URL(link.href), ids));
    header?.querySelectorAll("[name=case]").forEach((input) => input.remove());
    for (const id of ids) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name: "case", value: id });
      header?.append(input);
    }
  }

  form.addEventListener("change", (event) => {
    if (event.target.name === "case") carryAll();
  });
  // Ticked before this script arrived, or put back by the browser.
  if (boxes.some((box) => box.checked)) carryAll();
}
