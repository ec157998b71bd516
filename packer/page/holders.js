// What a part of the tree hangs on, and what hangs on it.
import { leavesBelow } from "./tree.js";

const ROOTS_SHOWN = 8;

// What of others' code the function's own code alone holds, and would free most.
export function findRoots(group) {
    const leaves = leavesBelow(group).filter((node) => node.index > 0 && node.retained > node.bytes);
    leaves.sort((a, b) => b.retained - a.retained || a.id - b.id);
    const found = [];
    for (const node of leaves) {
        if (found.length === ROOTS_SHOWN) break;
        if (isHeldByOwn(node) && !found.some((other) => isHeldBy(node, other))) found.push(node);
    }
    return found;
}

function isHeldByOwn(node) {
    return (
        libraryName(node.program, node.index) !== "own" &&
        node.program.holders(node.index).some((atom) => libraryName(node.program, atom) === "own")
    );
}

function isHeldBy(node, other) {
    return node.program === other.program && node.program.holders(node.index).includes(other.index);
}

function libraryName(program, atom) {
    return program.libraryName(program.libraryOf(atom));
}

// The symbol of a part that the shortest chain leads to, by its place; 0: none.
export function nearestSymbol(node) {
    let nearest = 0;
    let least = Infinity;
    const look = (part) => {
        if (part.level === "symbol" && part.index > 0) {
            const length = node.program.chainLength(part.index);
            if (length < least || (length === least && part.index < nearest))
                [nearest, least] = [part.index, length];
        }
        part.children.forEach(look);
    };
    look(node);
    return nearest;
}
