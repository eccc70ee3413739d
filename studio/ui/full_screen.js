// One design at a time, as large as the window, with the same keys as the board.
// `on` has tiles(), in the order of the board, phrases(), isTicked(tile) and toggle(tile).
const makeFullScreen = (words, on) => {
  let shown = null;
  const image = node("img", { alt: "" });
  const picture = node("div", { class: "full-picture" }, image);
  const asked = node("dd");
  const lots = node("dd");
  const told = node("dl", { class: "full-told" },
    node("dt", {}, words.asked_for), asked, node("dt", {}, words.left_open), lots);
  const score = node("p", { class: "full-score" });
  const count = node("p", { class: "full-count" });
  const tick = node("button", {
    type: "button", class: "action", onclick: () => on.toggle(shown),
  });
  const file = node("a", { class: "action", download: true }, words.save_png);
  const dialog = node("dialog", { class: "full-screen", "aria-label": words.full_screen },
    picture,
    told,
    node("div", { class: "full-line" },
      node("div", { class: "full-turn" },
        node("button", { type: "button", class: "action", "aria-label": words.previous,
          onclick: () => turn(-1) }, "←"),
        count,
        node("button", { type: "button", class: "action", "aria-label": words.next,
          onclick: () => turn(1) }, "→")),
      score, tick, file,
      node("button", { type: "button", class: "action", onclick: () => dialog.close() },
        words.close)));

  const turn = (steps) => {
    const tiles = on.tiles();
    show(tiles[(tiles.indexOf(shown) + steps + tiles.length) % tiles.length]);
  };
  const show = (tile) => {
    shown = tile;
    image.src = tile.image.src; // at once, then the large one
    const large = new Image();
    large.onload = () => { if (shown === tile) image.src = large.src; };
    large.src = tile.image.getAttribute("src").replace(/^images\//, "large/");
    picture.style.backgroundColor = tile.picture.style.backgroundColor;
    file.href = `designs/${tile.id}.png`;
    image.alt = fill(words.design_number, { number: tile.place + 1 });
    count.textContent = fill(words.design_of, {
      number: tile.place + 1, total: on.tiles().length,
    });
    told.hidden = !tile.lots;
    asked.textContent = on.phrases();
    lots.textContent = tile.lots;
    score.hidden = tile.score === null;
    if (tile.score) score.replaceChildren(...scoreParts(tile.score));
    const isTicked = on.isTicked(tile);
    tick.setAttribute("aria-pressed", String(isTicked));
    tick.classList.toggle("primary", isTicked);
    tick.textContent = isTicked ? words.ticked : words.tick;
  };

  dialog.addEventListener("close", () => shown && shown.box.focus());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") turn(-1);
    else if (event.key === "ArrowRight") turn(1);
    else if (event.key === " ") on.toggle(shown);
    else return;
    event.preventDefault();
  });

  return {
    dialog,
    show,
    refresh: () => dialog.open && show(shown),
    open: (tile) => {
      if (tile.id === null) return;
      show(tile);
      dialog.showModal();
    },
  };
};
