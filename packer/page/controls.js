// What stands around the treemap: the path to the part looked at, the choices, and what the colours mean.
import { assignOrigins, changeColour, keptColour, originColour } from "./colour.js";
import { changedPart } from "./changes.js";
import { make } from "./dom.js";
import { KEPT } from "./program.js";
import { exactBytes, percent } from "./format.js";
import { leavesBelow, pathOf } from "./tree.js";

const AREAS = [
    ["bytes", "File"],
    ["zip", "Zip"],
];
const LEGEND_SHOWN = 10;

// Gives colourOf(node) for the colours chosen, and inOrigins(node), always by where it comes from.
export function createColours(store, root) {
    const origins = assignOrigins(root);
    const inOrigins = (node) => {
        let step = node;
        while (step && step.level !== "library") step = step.parent;
        return originColour(origins, step ? step.name : "linker");
    };
    const colourOf = (node) => {
        const { colour, compared } = store.get();
        if (colour === "change") {
            const part = changedPart(node, compared.depth);
            return changeColour(part.delta, part.bytes);
        }
        if (colour === "kept")
            return keptColour(node.level === "symbol" && node.index > 0 ? node.program.kept(node.index) : 0);
        return inOrigins(node);
    };
    return { colourOf, inOrigins };
}

export function showCrumbs(place, node, choose) {
    const path = pathOf(node);
    place.replaceChildren(
        ...path.map((step, i) => {
            const name = step.level === "project" ? "All functions" : step.name;
            const last = i === path.length - 1;
            return make(
                "li",
                {},
                last
                    ? make("span", { "aria-current": "location" }, name)
                    : make("button", { type: "button", class: "link", onclick: () => choose(step) }, name),
            );
        }),
    );
}

// Rows of buttons of which one is pressed: what areas stand for, and what colours.
export function showControls(place, store) {
    const { area, colour, compared } = store.get();
    const colours = [["origin", "Origin"], ["kept", "Why kept"], ...(compared ? [["change", "Change"]] : [])];
    const row = (title, key, choices, chosen) =>
        make(
            "div",
            { class: "choice", role: "group", "aria-label": title },
            make("span", { class: "note" }, title),
            choices.map(([value, name]) =>
                make(
                    "button",
                    {
                        type: "button",
                        "data-choice": `${key}:${value}`,
                        "aria-pressed": String(value === chosen),
                        onclick: () => store.set({ [key]: value }),
                    },
                    name,
                ),
            ),
        );
    const focused = document.activeElement?.dataset?.choice;
    place.replaceChildren(row("Area", "area", AREAS, area), row("Colour", "colour", colours, colour));
    if (focused) place.querySelector(`[data-choice="${focused}"]`)?.focus();
}

export function showLegend(place, store, colourOf) {
    const { scope, colour } = store.get();
    const items =
        colour === "change"
            ? changeItems()
            : colour === "kept"
              ? keptItems(scope)
              : originItems(scope, colourOf);
    place.replaceChildren(
        ...items.map(({ name, note, colour: fill }) =>
            make(
                "li",
                {},
                make("i", { class: "swatch", style: { background: fill } }),
                name,
                note ? make("span", { class: "note" }, note) : null,
            ),
        ),
    );
}

function originItems(scope, colourOf) {
    const found = new Map();
    const look = (node) => {
        if (node.level === "library") {
            const item = found.get(node.name) ?? { name: node.name, bytes: 0, colour: colourOf(node) };
            item.bytes += node.bytes;
            found.set(node.name, item);
        } else node.children.forEach(look);
    };
    if (scope.level === "project" || scope.level === "function") look(scope);
    else look(pathOf(scope).find((step) => step.level === "library"));
    const items = [...found.values()].sort((a, b) => b.bytes - a.bytes);
    const all = items.reduce((sum, item) => sum + item.bytes, 0);
    const shown = items
        .slice(0, LEGEND_SHOWN)
        .map((item) => ({ ...item, note: `${exactBytes(item.bytes)}, ${percent(item.bytes / all)}` }));
    if (items.length > LEGEND_SHOWN)
        shown.push({ name: `and ${items.length - LEGEND_SHOWN} more`, colour: "transparent" });
    return shown;
}

function keptItems(scope) {
    scope.keptBytes ??= sumKept(scope);
    const bytes = scope.keptBytes;
    return KEPT.map((name, kept) => ({
        name,
        note: exactBytes(bytes[kept]),
        colour: keptColour(kept),
    })).filter((_, kept) => bytes[kept] > 0);
}

function sumKept(scope) {
    const bytes = [0, 0, 0, 0];
    for (const leaf of leavesBelow(scope))
        bytes[leaf.index < 0 ? 0 : leaf.program.kept(leaf.index)] += leaf.bytes;
    return bytes;
}

function changeItems() {
    const item = (name, delta, bytes) => ({ name, colour: changeColour(delta, bytes) });
    return [
        item("smaller by half or more", -60, 100),
        item("smaller", -5, 100),
        item("as it was", 0, 100),
        item("larger", 5, 100),
        item("new, or larger by half or more", 60, 100),
    ];
}
