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

// "{count} picks" with {count: 2} -> "2 picks"
const fill = (sentence, values) =>
  sentence.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

// Downloads a file, with days as they are here, that takes the server a while; returns what went wrong, or nothing.
const saveFile = async (address, failed) => {
  const asked = new URL(address, document.baseURI);
  asked.searchParams.set("zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
  const reply = await fetch(asked).catch(() => null);
  if (reply === null) return failed;
  if (!reply.ok) return reply.status === 409 ? reply.text() : failed;
  const name = /filename="(.+)"/.exec(reply.headers.get("Content-Disposition") || "");
  const url = URL.createObjectURL(await reply.blob());
  node("a", { href: url, download: name ? name[1] : "" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60000);
  return "";
};

// Stores to choose from; the samples stand apart where there are others.
const storeOptions = (stores, words) => {
  const option = (store) => node("option", { value: store.id }, store.name);
  const samples = stores.filter((store) => store.is_sample).map(option);
  const own = stores.filter((store) => !store.is_sample).map(option);
  if (!samples.length || !own.length) return [...own, ...samples];
  return [node("optgroup", { label: words.your_stores }, own),
    node("optgroup", { label: words.sample_stores }, samples)];
};
