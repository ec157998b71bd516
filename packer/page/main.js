// Reads the data of the page and ties its parts together: each listens to the store and shows what concerns it.
import { Cards } from "./cards.js";
import { applyChanges } from "./changes.js";
import { lineColour } from "./colour.js";
import { createColours, showControls, showCrumbs, showLegend } from "./controls.js";
import { Detail } from "./detail.js";
import { announce, byId } from "./dom.js";
import { count, exactBytes, plural } from "./format.js";
import { History } from "./history.js";
import { createQueue, whenIdle } from "./later.js";
import { Leaves } from "./leaves.js";
import { Limits } from "./limits.js";
import { Program } from "./program.js";
import { createStore } from "./store.js";
import { COLUMNS, SymbolTable } from "./table.js";
import { setUpTheme } from "./theme.js";
import { buildTree, weigh } from "./tree.js";
import { Treemap } from "./treemap.js";

const data = JSON.parse(byId("data").textContent);
const model = { ...data, programs: data.functions.map((one) => new Program(one, data.texts)) };
const { root, nodes } = buildTree(model);
if (model.against) applyChanges(model.against, root, data.texts);
weigh(root, "bytes");
const start = root.children.length === 1 ? root.children[0] : root;
const store = createStore({
    scope: start,
    selected: null,
    area: "bytes",
    colour: "origin",
    filter: "",
    compared: model.against ?? null,
});
const { colourOf, inOrigins } = createColours(store, root);
const leaves = new Leaves(root);

// A part that is followed from elsewhere: symbols are selected, within a part that shows them; others are gone into.
function choose(node) {
    const { scope } = store.get();
    if (node.level !== "symbol") store.set({ scope: node, selected: null });
    else store.set({ selected: node, scope: isWithin(node, scope) ? scope : node.parent.parent.parent });
    detail.focus();
    announce(`${node.name}, ${node.level}, ${exactBytes(node.bytes)}.`);
}

function isWithin(node, group) {
    for (let step = node; step; step = step.parent) if (step === group) return true;
    return false;
}

const later = createQueue();
let hits = null;
let searches = 0;
const treemap = new Treemap(byId("treemap"), store, colourOf, isLeftOut);
const table = new SymbolTable(byId("table"), store, leaves);
const detail = new Detail(byId("detail"), store, choose, inOrigins);
const limits = new Limits(byId("limits"), model, store);
const history = new History(byId("history-card"), byId("history"), model, store, lineColour);
const cards = new Cards(byId("functions"), store, root, choose, inOrigins);

// Which symbols the filter finds. Each search has a number, which what it finds and what that is in keep.
function search() {
    hits = leaves.search(store.get().filter);
    if (!hits) return;
    searches++;
    hits.forEach((hit, place) => {
        if (!hit) return;
        for (let step = leaves.nodes[place]; step && step.found !== searches; step = step.parent)
            step.found = searches;
    });
}

function showTable() {
    table.show(store.get().scope, hits);
    const { allCount, rows } = table;
    const bytes = rows.reduce((sum, place) => sum + leaves.bytes[place], 0);
    byId("count").textContent =
        `${plural(rows.length, "row")}${hits ? ` of ${count(allCount)}` : ""}, ${exactBytes(bytes)}`;
}

// What the filter leaves out is dim in the treemap.
function isLeftOut(node) {
    return hits !== null && node.found !== searches;
}

store.listen((state, changed) => {
    const has = (...keys) => keys.some((key) => changed.has(key));
    if (has("area")) weigh(root, state.area);
    if (has("filter")) later("search", search);
    if (has("scope", "filter")) later("table", showTable);
    else if (has("selected")) table.paint();
    if (has("filter")) later("map", () => treemap.paint());
    if (has("scope", "area", "colour")) showAround();
    if (has("scope")) treemap.update();
    else if (has("area")) later("layout", () => treemap.update());
    else if (has("colour")) treemap.paint();
    else if (has("selected")) treemap.paintFrames();
    if (has("scope")) later("limits", showLimits);
    if (has("scope", "area")) later("history", () => history.show());
    if (has("scope", "selected", "area")) detail.show();
    if (has("scope", "selected")) writeAddress(state, has("scope"));
});

function showAround() {
    showCrumbs(byId("crumbs"), store.get().scope, choose);
    showControls(byId("controls"), store);
    showLegend(byId("legend"), store, inOrigins);
}

function showLimits() {
    cards.show();
    limits.show();
}

function showAll() {
    treemap.readColours();
    showAround();
    showLimits();
    history.show();
    detail.show();
    treemap.update();
}

// The address keeps what is looked at, so that the browser's way back is a way out of a part.
let written = "";

function writeAddress({ scope, selected }, isNew) {
    const address = `#part=${scope.id}${selected ? `&symbol=${selected.id}` : ""}`;
    if (address === written) return;
    written = address;
    window.history[isNew ? "pushState" : "replaceState"](null, "", address);
}

function readAddress() {
    const address = new URLSearchParams(location.hash.slice(1));
    const selected = nodes[address.get("symbol") ?? -1] ?? null;
    if (location.hash && !address.has("part")) return;
    written = location.hash;
    store.set({
        scope: nodes[address.get("part") ?? start.id] ?? start,
        selected: selected?.level === "symbol" ? selected : null,
    });
}

document.title = `${model.project} – demine`;
byId("project").textContent = model.project;
byId("target").textContent =
    `${model.runtime} · ${model.architecture} · ${plural(root.children.length, "function")} · limits of ${model.profile}`;
byId("footer").textContent =
    `demine ${model.demine}. All bytes of each program are here: symbols, headers, tables and padding add up to its file.`;
setUpTheme(byId("theme"), showAll);

byId("filter").addEventListener("input", (event) => store.set({ filter: event.target.value }));

showTable();
showAll();
readAddress();
performance.mark("demine-shown");
addEventListener("popstate", readAddress);
whenIdle(leaves.prepare(COLUMNS), () => performance.mark("demine-prepared"));
