// The Sell tab: the board of listings, one listing, and the import of orders.
const words = props.words;
const told = node("p", { class: "told", role: "alert" });
const place = node("div", {});
element.replaceChildren(place, told);

const button = (label, act, style = "action") =>
  node("button", { type: "button", class: style, onclick: act }, label);
const final = (label, act, style = "action") => asksTwice(label, words.sure, act, style);
const picture = (image) => onItsGround(`thumbnails/${image}.png`);
const badge = () => node("span", { class: "simulated" }, words.sell_simulated);
const bar = (lot) => node("div", { class: "sell-bar", role: "img", "aria-label": lot.counted },
  node("span", { style: `width: ${100 * lot.share}%`, class: lot.share >= 1 ? "full" : "" }));
const lotLine = (lot) => node("div", { class: "sell-lot" },
  lot.colour ? node("span", { class: "sell-colour" }, lot.colour) : null,
  bar(lot),
  node("span", { class: "sell-counted" }, lot.counted),
  node("span", { class: "sell-note" }, [lot.paid, lot.chance].filter(Boolean).join(" · ")),
  lot.decision ? node("span", { class: "sell-decision" }, lot.decision) : null);

// --- The board ------------------------------------------------------------------------------------
const boardRow = (row) => node("li", { class: "sell-row" },
  node("button", { type: "button", class: "sell-open", "aria-label": row.title,
    onclick: () => trigger("look", { listing_id: row.id }) },
  picture(row.image),
  node("span", { class: "sell-facts" },
    node("span", { class: "sell-name" }, row.title, row.is_simulated ? badge() : null),
    node("span", { class: "sell-note" }, [row.number, row.state, row.left].filter(Boolean).join(" · ")))),
  node("div", { class: "sell-lots" }, row.lots.map(lotLine)));

const batchLine = (batch) => node("li", {}, node("span", {}, batch.told),
  batch.reasons.length ? node("details", {}, node("summary", {}, words.sell_refused_rows),
    node("ul", {}, batch.reasons.map(([row, reason]) =>
      node("li", {}, `${fill(words.sell_row, { row })}: ${reason}`)))) : null);
const imports = node("ul", { class: "sell-batches" });
const importBox = node("div", {},
  sellImport(words, { title: words.sell_import_title, lead: words.sell_import_lead,
    label: words.sell_file, hasSource: true, done: () => trigger("back", {}) }),
  imports);

const showBoard = (view) => {
  imports.replaceChildren(...view.batches.map(batchLine));
  place.replaceChildren(
    node("h1", { class: "page-title" }, words.sell),
    node("p", { class: "page-lead" }, words.sell_lead),
    view.rows.length ? node("ul", { class: "sell-rows" }, view.rows.map(boardRow))
      : node("p", { class: "sell-empty" }, words.sell_empty),
    importBox);
};

// --- One listing ----------------------------------------------------------------------------------
const table = (head, rows, caption) => node("table", { class: "sell-table" },
  caption ? node("caption", {}, caption) : null,
  node("thead", {}, node("tr", {}, head.map((each) => node("th", { scope: "col" }, each)))),
  node("tbody", {}, rows.map((row) => node("tr", {}, row.map((cell, at) =>
    (at ? node("td", {}, cell) : node("th", { scope: "row" }, cell)))))));

const sizesTable = (sizes) => table(["", ...sizes.sizes], sizes.rows.map((row) => [
  row.is_dropped ? `${row.colour} (${words.sell_dropped})` : row.colour,
  ...row.cells.map(([firm, paid]) => (firm === paid ? String(firm) : `${firm} (${paid})`)),
]), words.sell_sizes_caption);

let fields = {};
const field = (each) => {
  const id = `sell-${each.name}`;
  let input;
  if (each.choices.length) {
    input = node("select", { class: "text-input", id }, each.choices.map(([value, label]) =>
      node("option", { value, selected: value === each.value }, label)));
  } else if (each.is_long) {
    input = node("textarea", { class: "text-input", id, rows: each.name === "description" ? 6 : 2 });
    input.value = each.value;
  } else {
    input = node("input", { class: "text-input", id, value: each.value });
  }
  fields[each.name] = input;
  return node("div", { class: each.is_long ? "sell-field long" : "sell-field" },
    node("label", { for: id }, each.label), input,
    each.hint ? node("span", { class: "sell-note" }, each.hint) : null);
};
const typed = () => Object.fromEntries(Object.entries(fields).map(([name, input]) => [name, input.value]));

// What a draft said before each time that it was kept, the last one at the end.
const drafts = { id: null, before: [] };
const formOf = (listing) =>
  Object.fromEntries(listing.form.map((each) => [each.name, each.value]));
const draftForm = (listing) => {
  fields = {};
  if (drafts.id !== listing.id) Object.assign(drafts, { id: listing.id, before: [] });
  const undo = button(words.undo, () => trigger("revise", { form: drafts.before.pop() }));
  undo.disabled = !drafts.before.length;
  return node("section", {},
    node("div", { class: "sell-form" }, listing.form.map(field)),
    node("div", { class: "actions" },
      button(words.sell_offer, () => trigger("offer", { form: typed() }), "action primary"),
      button(words.sell_keep, () => {
        drafts.before.push(formOf(listing));
        undo.disabled = false;
        trigger("revise", { form: typed() });
      }), undo,
      button(words.sell_try, () => trigger("shoppers", {}))));
};

const productionCard = (order) => {
  const received = {};
  const lines = order.lines.map((line) => {
    const input = node("input", { class: "text-input short", type: "number", min: "0",
      "aria-label": `${words.sell_came} ${line.name}`, value: Math.max(0, line.quantity - line.received) });
    received[line.id] = input;
    return [line.name, String(line.quantity), String(line.received), input];
  });
  const canReceive = ["sent", "confirmed", "part received"].includes(order.key);
  const step = (name, more = {}) => trigger("produce", { order_id: order.id, step: name, ...more });
  return node("section", { class: "sell-card" },
    node("h3", { class: "sell-card-title" }, `${order.number} `, node("span", { class: "sell-note" }, order.state)),
    node("p", { class: "sell-note" }, order.told),
    table(canReceive ? ["", words.sell_ordered, words.sell_came_so_far, words.sell_came]
      : ["", words.sell_ordered, words.sell_came_so_far],
    lines.map((line) => (canReceive ? line : line.slice(0, 3)))),
    order.delivery ? node("p", {}, order.delivery.told, " ", order.delivery.surplus) : null,
    order.delivery && order.delivery.waiting.length && order.key !== "sent" && order.key !== "confirmed"
      ? node("details", {}, node("summary", {}, fill(words.sell_waiting, { count: order.delivery.waiting.length })),
        node("ul", {}, order.delivery.waiting.map(([name, sku, pieces]) =>
          node("li", {}, `${name}: ${pieces} × ${sku}`)))) : null,
    node("div", { class: "actions" },
      order.key === "draft" ? final(words.sell_send, () => step("send"), "action primary") : null,
      order.key === "sent" ? button(words.sell_confirm, () => step("confirm")) : null,
      canReceive ? button(words.sell_receive, () => step("receive", {
        pieces: Object.fromEntries(Object.entries(received).map(([id, input]) => [id, Number(input.value) || 0])),
      })) : null,
      order.key === "part received" && order.delivery.needs_decision
        ? final(words.sell_accept_short, () => step("accept")) : null,
      order.key === "cancelled" ? null : button(words.sell_download, async () => {
        told.textContent = await saveFile(`production/${order.id}.zip`, words.download_failed);
      }, "action quiet")));
};

const decisionCard = (each) => {
  const decide = (choice, more = {}) => trigger("decide", { choice, colour: each.colour, ...more });
  if (each.key === "refunding") {
    return node("section", { class: "sell-card" }, node("p", {}, each.refund),
      node("div", { class: "actions" }, final(words.sell_refunded, () => decide("refunded"), "action primary")));
  }
  if (each.key === "delivered") {
    return node("section", { class: "sell-card" }, node("p", {}, words.sell_decide_settle),
      node("div", { class: "actions" }, final(words.sell_settle, () => decide("settle"), "action primary")));
  }
  const closes = node("input", { class: "text-input", placeholder: "2027-01-31 18:00", "aria-label": words.sell_field_closes });
  const minimum = node("input", { class: "text-input short", type: "number", min: "1", value: each.minimum,
    "aria-label": words.sell_field_minimum });
  const kept = each.colours.map((colour) => node("input", { type: "checkbox", value: colour, checked: true }));
  return node("section", { class: "sell-card" },
    node("h3", { class: "sell-card-title" }, each.missed),
    node("ul", { class: "sell-ways" },
      node("li", {}, node("span", {}, words.sell_extend), closes,
        button(words.sell_do_extend, () => decide("extend", { closes: closes.value }))),
      each.colours.length > 1 ? node("li", {}, node("span", {}, words.sell_fewer),
        ...kept.map((box) => node("label", {}, box, ` ${box.value}`)), minimum,
        final(words.sell_do_fewer, () => decide("colours", {
          kept: kept.filter((box) => box.checked).map((box) => box.value), minimum: Number(minimum.value) }))) : null,
      node("li", {}, node("span", {}, each.top_up), final(words.sell_do_top_up, () => decide("top_up"))),
      node("li", {}, node("span", {}, each.refund), final(words.sell_do_refund, () => decide("refund")))));
};

let planned = null;
const whatIf = (listing) => {
  const plan = planned && planned.id === listing.id ? planned : { id: listing.id, salvage: 30, ...listing.plan };
  planned = plan;
  const input = (name, label) => node("label", { class: "compare-field" }, label,
    node("input", { class: "text-input", value: plan[name], oninput: (event) => { plan[name] = event.target.value; } }));
  return node("details", { class: "sell-card", open: Boolean(listing.what_if) || Boolean(plan.isOpen) },
    node("summary", { onclick: () => { plan.isOpen = !plan.isOpen; } }, words.sell_what_if),
    node("p", { class: "sell-note" }, listing.habits),
    node("div", { class: "compare-form" },
      input("minimum", words.sell_field_minimum), input("price", words.sell_field_price),
      input("unit_cost", words.sell_field_unit_cost), input("stocked", words.sell_stocked),
      input("salvage", words.sell_salvage)),
    button(words.sell_reckon, () => trigger("what_if", { price: String(plan.price),
      unit_cost: String(plan.unit_cost), minimum: Number(plan.minimum), stocked: Number(plan.stocked),
      salvage: Number(plan.salvage) })),
    listing.what_if ? table(listing.what_if.head, listing.what_if.rows) : null);
};

let isLogOpen = false;
const base = node("input", { class: "text-input", placeholder: "https://shop.example/", "aria-label": words.sell_base });
const exportLine = (listing) => node("div", { class: "actions sell-export" }, base,
  button(words.sell_export, async () => {
    told.textContent = await saveFile(
      `catalogue/${listing.id}.zip?base=${encodeURIComponent(base.value)}`, words.download_failed);
  }),
  listing.is_simulated ? null : button(words.sell_try, () => trigger("shoppers", {}), "action quiet"));

const showListing = (listing) => {
  place.replaceChildren(
    node("p", { class: "sell-back" }, button(words.sell_back, () => trigger("back", {}), "link")),
    node("div", { class: "sell-listing" },
      node("aside", {}, picture(listing.image),
        listing.terms.length ? node("dl", { class: "store-rows" }, listing.terms.flatMap(([label, value]) =>
          [node("dt", {}, label), node("dd", {}, value)])) : null),
      node("div", {},
        node("h1", { class: "page-title" }, listing.title, listing.is_simulated ? badge() : null),
        node("p", { class: "page-lead" }, [listing.number, listing.state, listing.left].filter(Boolean).join(" · ")),
        ...listing.alike.map((each) => node("p", { class: "sell-decision" }, each)),
        listing.is_draft ? draftForm(listing) : node("div", {},
          node("div", { class: "sell-lots" }, listing.lots.map(lotLine)),
          ...listing.decisions.map(decisionCard),
          sellPlot(listing.plot),
          node("p", { class: "sell-note" }, listing.habits),
          sizesTable(listing.sizes),
          ...listing.production.map(productionCard),
          exportLine(listing)),
        whatIf(listing),
        node("details", { class: "sell-card", open: isLogOpen, ontoggle: (event) => {
          isLogOpen = event.target.open;
        } }, node("summary", {}, words.sell_log),
          node("ol", { class: "sell-log" }, listing.events.map(([at, what, colour]) =>
            node("li", {}, node("time", {}, at), node("span", {}, colour ? `${colour}: ${what}` : what))))),
        listing.can_cancel ? final(words.sell_cancel, () => trigger("decide", { choice: "cancel", colour: "" }),
          "link remove") : null)));
};

// A form that a person types into stays as it is while the same draft is shown again.
let drafted = null;
const show = (view) => {
  const key = view.listing && view.listing.is_draft ? JSON.stringify([view.listing.id, view.listing.form]) : null;
  if (key && key === drafted && !view.listing.what_if) return;
  drafted = key;
  if (view.listing) showListing(view.listing);
  else showBoard(view);
};
watch("value", () => props.value && show(props.value));
if (props.value) show(props.value);
