// Elements are made here, from text alone: nothing that a server or an article says becomes markup.

export const byId = (id) => document.getElementById(id);

// An element; attributes that are null or false are left out, functions are listeners of the event that the name tells.
export const el = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === false || value === undefined) continue;
    if (typeof value === "function") made.addEventListener(key, value);
    else made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
};

// A file made here and handed to the reader.
export const download = (name, content, type) => {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
};

// Seconds since it was started, shown until it is stopped.
export const stopwatch = (show) => {
  const began = performance.now();
  const tick = () => show((performance.now() - began) / 1000);
  const timer = setInterval(tick, 100);
  tick();
  return () => clearInterval(timer);
};
