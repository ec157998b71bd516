// Reads the data of the page and ties its parts together: each listens to the store and shows what concerns it.
import { Cards } from "./cards.js";
import { applyChanges } from "./changes.js";
import { lineColour } from "./colour.js";
import { createColours, showControls, showCrumbs, showLegend } from "./controls.js";
import { Detail } from "./detail.js";
import { announce, byId } from "./dom.js";
import { count, exactBytes, plural } from "./format.js";
import { History } from "./history.js";
import { Limits } from "./limits.js";
import { Program } from "./program.js";
import { createStore } from "./store.js";
import { SymbolTable, matcher } from "./table.js";
import { setUpTheme } from "./theme.js";
import { buildTree, leavesBelow, weigh } from "./tree.js";
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

const treemap = new Treemap(byId("treemap"), store, colourOf);
const table = new SymbolTable(byId("table"), store);
const detail = new Detail(byId("detail"), store, choose, inOrigins);
const limits = new Limits(byId("limits"), model, store);
const history = new History(byId("history-card"), byId("history"), model, store, lineColour);
const cards = new Cards(byId("functions"), store, root, choose, inOrigins);

// All symbols, the largest first: sorted once.
const largestFirst = leavesBelow(root).sort((a, b) => b.bytes - a.bytes || a.id - b.id);

function showScope() {
    const { scope, filter } = store.get();
    table.show(
        scope === root ? largestFirst : largestFirst.filter((node) => isWithin(node, scope)),
        matcher(filter),
    );
    tellCount();
}

function applyFilter() {
    table.filter(matcher(store.get().filter));
    tellCount();
}

// Says how much is shown, and marks what the filter leaves out, which is dim in the treemap.
function tellCount() {
    const { all, rows, matches } = table;
    for (const node of all) node.dim = Boolean(matches);
    if (matches) for (const node of rows) node.dim = false;
    dimGroups(store.get().scope);
    const bytes = rows.reduce((sum, node) => sum + node.bytes, 0);
    byId("count").textContent =
        `${plural(rows.length, "row")}${matches ? ` of ${count(all.length)}` : ""}, ${exactBytes(bytes)}`;
}

function dimGroups(node) {
    if (node.children.length > 0) node.dim = node.children.map(dimGroups).every(Boolean);
    return node.dim;
}

store.listen((state, changed) => {
    const has = (...keys) => keys.some((key) => changed.has(key));
    if (has("area")) weigh(root, state.area);
    if (has("scope")) showScope();
    else if (has("filter")) applyFilter();
    else if (has("selected")) table.paint();
    if (has("scope", "area", "colour")) showAround();
    if (has("scope", "area")) treemap.update();
    else if (has("filter", "colour")) treemap.paint();
    else if (has("selected")) treemap.paintFrames();
    if (has("scope")) {
        cards.show();
        limits.show();
    }
    if (has("scope", "area")) history.show();
    if (has("scope", "selected", "area")) detail.show();
    if (has("scope", "selected")) writeAddress(state, has("scope"));
});

function showAround() {
    showCrumbs(byId("crumbs"), store.get().scope, choose);
    showControls(byId("controls"), store);
    showLegend(byId("legend"), store, inOrigins);
}

function showAll() {
    showAround();
    cards.show();
    limits.show();
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

let waiting = 0;
byId("filter").addEventListener("input", (event) => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => store.set({ filter: event.target.value }));
});

showScope();
showAll();
readAddress();
performance.mark("demine-shown");
addEventListener("popstate", readAddress);
