// The left pane: which list, its rows, the search.
import { html, useEffect, useRef, useState } from "./html.js";
import { useApp, useSelected } from "./store.js";
import { Icon } from "./icon.js";
import { count, lists, rows } from "./lists.js";
import { Row } from "./row.js";
import { Status } from "./status.js";
import { AlertsOffer } from "./offers.js";

export function ListPane() {
  const { t } = useApp();
  return html`
    <section class="pane lists" aria-label=${t("lists")}>
      <${Status} />
      <${Search} />
      <${Tabs} />
      <${Rows} />
      <${AlertsOffer} />
    </section>`;
}

function Search() {
  const { act, t } = useApp();
  const query = useSelected((state) => state.query);
  const [text, write] = useState(query);
  const timer = useRef(0);
  const ask = (value, wait) => {
    write(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => act.search(value.trim()), wait);
  };
  const key = (event) => {
    if (event.key !== "Escape") return;
    ask("", 0);
    event.target.blur();
  };
  useEffect(() => { if (!query) write(""); }, [query]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return html`
    <search class="search">
      <${Icon} name="search" />
      <input id="search" type="search" value=${text} aria-label=${t("search")} placeholder=${t("search_hint")}
        onInput=${({ target }) => ask(target.value, 200)} onKeyDown=${key} autocomplete="off" />
      <kbd aria-hidden="true">/</kbd>
    </search>`;
}

function Tabs() {
  const { t } = useApp();
  return html`<nav class="tabs" aria-label=${t("lists")}>
    ${lists.map((list) => html`<${Tab} key=${list} list=${list} />`)}
  </nav>`;
}

function Tab({ list }) {
  const { act, t } = useApp();
  const { current, figure, hot } = useSelected((state) => ({
    current: state.list === list && !state.query,
    figure: list === "closed" ? 0 : count(state, list),
    hot: list === "mine" && rows(state, list).some((one) => one.unread),
  }));
  return html`
    <button type="button" class="tab" aria-current=${current ? "true" : null} onClick=${() => act.choose(list)}>
      ${t(`list_${list}`)}
      ${figure > 0 && html`<span class="figure" data-hot=${hot} title=${list === "all" ? t("owed", { n: figure }) : undefined}>
        ${list === "all" && html`<span class="hidden">${t("owed", { n: "" })}</span>`}${figure}</span>`}
    </button>`;
}

function Rows() {
  const { act, t } = useApp();
  const list = useSelected((state) => (state.query ? "search" : state.list));
  const ids = useSelected((state) => rows(state, list).map((one) => one.id));
  const { loaded, more } = useSelected((state) => ({
    loaded: Boolean(state.pages[list]?.loaded), more: Boolean(state.pages[list]?.cursor),
  }));
  if (!loaded && !ids.length) return html`<${Skeleton} />`;
  return html`
    <div class="rows" tabindex="-1">
      ${ids.length ? null : html`<${Empty} list=${list} />`}
      <ul aria-label=${t(`list_${list}`)}>${ids.map((id) => html`<${Row} key=${id} id=${id} />`)}</ul>
      ${more && html`<button type="button" class="more" onClick=${() => act.loadList(list, true)}>${t("load_more")}</button>`}
    </div>`;
}

const symbols = { waiting: "done", mine: "user", all: "inbox", closed: "archive", search: "search" };

function Empty({ list }) {
  const { t } = useApp();
  return html`
    <div class="empty">
      <${Icon} name=${symbols[list]} />
      <p class="lead">${t(`empty_${list}`)}</p>
      <p>${t(`empty_${list}_more`)}</p>
    </div>`;
}

function Skeleton() {
  const { t } = useApp();
  return html`<div class="rows skeleton" aria-busy="true" aria-label=${t("loading")} role="status">
    ${[0, 1, 2, 3, 4].map((one) => html`<div class="bone-row" key=${one}><i /><b /><b /></div>`)}
  </div>`;
}
