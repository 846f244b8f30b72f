// The open conversation stands in the address, so that back, reload and links work.

export const address = (id) => (id ? `#/c/${encodeURIComponent(id)}` : "#/");

export function opened(hash) {
  const found = /^#\/c\/([^/]+)$/.exec(hash);
  return found ? decodeURIComponent(found[1]) : null;
}

/** go(id): from a list it is a step one can go back from; between chats it is not. */
export function startRoute({ show, place = window }) {
  const follow = () => show(opened(place.location.hash));
  place.addEventListener("hashchange", follow);
  place.addEventListener("popstate", follow);
  function go(id) {
    const here = opened(place.location.hash);
    if (here === id) return follow();
    const step = here && id ? "replaceState" : "pushState";
    place.history[step](null, "", address(id));
    follow();
  }
  return { go, follow };
}
