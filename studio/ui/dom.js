// Builds elements from data. Text goes in as text, never as markup.
const node = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
};

// How wide charts are, in their own units, which are about those of the page: on a phone there are fewer.
const NARROW = "(max-width: 760px)";
const chartWidth = () => (matchMedia(NARROW).matches ? 380 : 640);
const onTurned = (redraw) => matchMedia(NARROW).addEventListener("change", () => element.isConnected && redraw());

// "{count} of {all:pick|picks}" with {count: 1, all: 2} -> "1 of 2 picks"
const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    if (!(name in values)) return whole;
    return one === undefined ? values[name] : `${values[name]} ${String(values[name]) === "1" ? one : many}`;
  });

// Downloads a file, with days as they are here, that takes the server a while; returns what went wrong, or nothing.
// What is written down for it is asked for by POST.
const saveFile = async (address, failed, method = "GET") => {
  const asked = new URL(address, document.baseURI);
  asked.searchParams.set("zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
  const reply = await fetch(asked, { method }).catch(() => null);
  if (reply === null) return failed;
  if (!reply.ok) return reply.status === 409 ? reply.text() : failed;
  const told = reply.headers.get("Content-Disposition") || "";
  const any = /filename\*=UTF-8''([^;]+)/.exec(told);
  const name = any ? ["", decodeURIComponent(any[1])] : /filename="([^"]+)"/.exec(told);
  const url = URL.createObjectURL(await reply.blob());
  node("a", { href: url, download: name ? name[1] : "" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  return "";
};

// What a browser keeps is a comfort: a frame of another site or a private window may keep nothing,
// and then it is kept until the page goes. Reading the very name can be refused.
const keptHere = (name) => {
  const ours = new Map();
  const ask = (what) => {
    try {
      return what(window[name]);
    } catch {
      return undefined;
    }
  };
  return {
    get: (key) => ask((kept) => kept.getItem(key)) ?? ours.get(key) ?? null,
    set: (key, text) => {
      ours.set(key, text);
      ask((kept) => kept.setItem(key, text));
    },
    drop: (key) => {
      ours.delete(key);
      ask((kept) => kept.removeItem(key));
    },
    // What was written as JSON; null where it is none, since anything may have written it.
    read(key) {
      try {
        return JSON.parse(this.get(key));
      } catch {
        return null;
      }
    },
  };
};
const keptForGood = keptHere("localStorage");
const keptForTab = keptHere("sessionStorage");

// Stores to choose from; the samples stand apart where there are others.
const storeOptions = (stores, words) => {
  const option = (store) => node("option", { value: store.id }, store.name);
  const samples = stores.filter((store) => store.is_sample).map(option);
  const own = stores.filter((store) => !store.is_sample).map(option);
  if (!samples.length || !own.length) return [...own, ...samples];
  return [node("optgroup", { label: words.your_stores }, own),
    node("optgroup", { label: words.sample_stores }, samples)];
};

// Asks for what may be refused, when the page has shown it already: the answer is never the same as
// what is shown, so even one that changes nothing comes.
const attempt = (event, data) => {
  props.value = { ...props.value, asked: Date.now() };
  trigger(event, data);
};

// What was taken away and can come back, for as long as it is kept.
const gone = (title, entries, bringBack, words) => [node("summary", {}, title),
  node("ul", { class: "gone-list" }, entries.map((each) => node("li", {}, each.name, " ",
    node("button", {
      type: "button", class: "link",
      "aria-label": fill(words.bring_back_named, { name: each.name }),
      onclick: () => bringBack(each),
    }, words.bring_back))))];

// What can't be taken back is asked twice, on the same spot, even where that is drawn anew between.
const SURE_FOR_MS = 6000;
const askedOnce = new Map();
const asksTwice = (label, sure, act, style = "link") => {
  const button = node("button", { type: "button", class: style });
  const isSure = () => (askedOnce.get(sure + label) ?? 0) > Date.now();
  const tell = () => { button.textContent = isSure() ? sure : label; };
  button.addEventListener("click", () => {
    if (isSure()) {
      askedOnce.delete(sure + label);
      act();
    } else {
      askedOnce.set(sure + label, Date.now() + SURE_FOR_MS);
      setTimeout(tell, SURE_FOR_MS + 10);
    }
    tell();
  });
  tell();
  return button;
};
