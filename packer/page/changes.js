// What has changed since a snapshot: tells each part of the tree by how many bytes.
import { ancestorAt } from "./tree.js";

// Fills node.delta, and top.gone of each function: symbols that are no more.
export function applyChanges(against, root, texts) {
    root.children.forEach((top, i) => {
        const then = against.functions[i];
        top.gone = [];
        if (then) applyFunction(top, then.changes, texts);
        else addNew(top);
    });
    for (const top of root.children) root.delta += top.delta;
}

function addNew(node) {
    node.delta = node.bytes;
    node.children.forEach(addNew);
}

function applyFunction(top, changes, texts) {
    const places = collectPlaces(top);
    changes.bytes.forEach((bytes, i) => {
        const library = texts[changes.library[i]];
        const member = texts[changes.member[i]];
        const symbol = texts[changes.symbol[i]];
        const keys = [[library, member, symbol], [library, member], [library]].map((key) => key.join("\n"));
        const found = keys.map((key) => places.get(key)).find(Boolean) ?? top;
        for (let step = found; step && step.level !== "project"; step = step.parent) step.delta += bytes;
        if (changes.after[i] === 0) top.gone.push({ library, member, symbol, bytes });
    });
}

// Each part by its name in a snapshot; of several symbols of one name the largest, as they are one there.
function collectPlaces(top) {
    const places = new Map();
    const take = (key, node) => {
        const other = places.get(key);
        if (!other || node.bytes > other.bytes) places.set(key, node);
    };
    for (const library of top.children) {
        take(library.name, library);
        for (const member of library.children) {
            take(`${library.name}\n${member.name}`, member);
            for (const symbol of member.children)
                take(`${library.name}\n${member.name}\n${symbol.name}`, symbol);
        }
    }
    return places;
}

// The part whose change is known that a node is in: a snapshot may sum up what is in members, or in libraries.
export function changedPart(node, depth) {
    return depth === "symbol" ? node : (ancestorAt(node, depth) ?? node);
}
