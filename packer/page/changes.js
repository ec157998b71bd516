// What has changed since a snapshot: tells each part of the tree by how many bytes.
import { ancestorAt, leavesBelow } from "./tree.js";

export const CHANGES_SHOWN = 10;

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

// What grew or shrank most within a part, symbols that are no more among it, and of how many.
export function findChanges(group) {
    const found = leavesBelow(group).filter((node) => node.delta !== 0);
    const changes = found.map((node) => ({ node, name: node.name, bytes: node.delta, of: node.program }));
    for (const top of group.level === "project" ? group.children : [group]) {
        for (const gone of top.gone ?? [])
            changes.push({ name: gone.symbol, bytes: gone.bytes, of: top.program, gone: true });
    }
    return { largest: largestOf(changes), all: changes.length };
}

function largestOf(changes) {
    const isBefore = (a, b) =>
        Math.abs(a.bytes) > Math.abs(b.bytes) || (Math.abs(a.bytes) === Math.abs(b.bytes) && a.name < b.name);
    const largest = [];
    for (const change of changes) {
        let at = largest.length;
        while (at > 0 && isBefore(change, largest[at - 1])) at--;
        if (at < CHANGES_SHOWN) largest.splice(at, 0, change);
        if (largest.length > CHANGES_SHOWN) largest.pop();
    }
    return largest;
}
