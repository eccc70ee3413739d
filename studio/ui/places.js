// Where the page is, in its address: links to rounds and pages, and the browser's own Back.
const DESIGN = "page-design";
const asked = () => {
  const told = new URLSearchParams(location.search);
  return { page: `page-${told.get("tab") || "design"}`, round: Number(told.get("round")) || null };
};
const address = ({ page, round }) => {
  const told = new URLSearchParams(location.search);
  told.delete("tab");
  told.delete("round");
  if (page !== DESIGN) told.set("tab", page.replace("page-", ""));
  else if (round) told.set("round", round);
  return told.toString() ? `?${told}` : location.pathname;
};
const buttonOf = (page) => document.getElementById(`${page}-button`);
const selected = () => {
  const button = document.querySelector("#pages [role=tab][aria-selected=true]");
  return button ? button.id.replace(/-button$/, "") : DESIGN;
};

// The round that the board shows; the first one that it shows is where the page began.
let shown = asked().round;
let hasBegun = shown !== null;
const arrive = () => {
  const next = { page: selected(), round: shown };
  const now = asked();
  if (next.page === now.page && (next.page !== DESIGN || next.round === now.round)) return;
  try {
    if (hasBegun) history.pushState(null, "", address(next));
    else history.replaceState(null, "", address(next));
  } catch {
    return; // a frame that has no address of its own
  }
  hasBegun = true;
};
document.addEventListener("perfusion-round", (event) => {
  if (!element.isConnected) return;
  shown = event.detail;
  if (selected() === DESIGN) arrive();
});

const go = ({ page, round }) => {
  const isNew = page === DESIGN && round !== null && round !== shown;
  if (round !== null) shown = round;
  const button = buttonOf(page);
  if (button && selected() !== page) button.click();
  if (isNew) trigger("go", { group_id: round });
};
window.addEventListener("popstate", () => element.isConnected && go(asked()));

// The tabs may come later than this script.
const begin = (left) => {
  const pages = document.querySelector("#pages [role=tab]");
  if (!pages) {
    if (left) setTimeout(() => begin(left - 1), 50);
    return;
  }
  const first = asked();
  new MutationObserver(() => { hasBegun = true; arrive(); }).observe(
    document.querySelector("#pages"), { subtree: true, attributeFilter: ["aria-selected"] });
  if (first.page !== DESIGN && buttonOf(first.page)) buttonOf(first.page).click();
};
begin(200);
