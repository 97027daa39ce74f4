// A file that is too large is told of before it is sent, and all that was typed beside it stays.
export function start(input) {
  const most = Number(input.dataset.most);
  const note = document.createElement("p");
  note.className = "nhsuk-error-message";
  note.setAttribute("role", "alert");
  note.hidden = true;
  input.before(note);
  input.addEventListener("change", () => {
    const file = input.files[0];
    note.hidden = !file || file.size <= most;
    if (note.hidden) return;
    note.textContent = `“${file.name}” has ${Math.ceil(file.size / 1e5) / 10} MB; at most ${most / 1e6} MB are taken. ${input.dataset.smaller}`;
    input.value = "";
  });
}
