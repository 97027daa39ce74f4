// How many characters are left, said quietly while typing.
export function start(input) {
  const most = Number(input.dataset.maxlength);
  const note = document.createElement("p");
  note.className = "app-count";
  note.setAttribute("role", "status");
  input.after(note);
  const show = () => {
    const left = most - [...input.value].length;
    const word = Math.abs(left) === 1 ? "character" : "characters";
    note.textContent = left < most / 4 ? (left >= 0 ? `${left} ${word} left` : `${-left} ${word} too many`) : "";
    note.classList.toggle("app-count--over", left < 0);
  };
  input.addEventListener("input", show);
  show();
}
