// Where each part lies. Only what can be seen is laid out: a part that is too small for its own parts is a block.
import { treemapSquarify } from "d3-hierarchy";

const HEAD = { function: 22, library: 18, member: 15 };
const PAD = { function: 3, library: 2, member: 1 };
const GROUP_LEAST = 11; // px of either side, that parts are shown within
const CELL_LEAST = 1.5; // px² that a part is shown with
let generation = 0;

// Cells in the order in which they are painted, groups before what is in them. A node keeps its box, and the
// generation in which it got it.
export function layOut(root, width, height) {
    const cells = [];
    generation++;
    place(root, 0, 0, width, height, null, cells);
    return { cells, generation, root };
}

function place(node, x0, y0, x1, y1, outer, cells) {
    node.x0 = x0;
    node.y0 = y0;
    node.x1 = x1;
    node.y1 = y1;
    node.generation = generation;
    const depth = outer ? outer.depth + 1 : 0;
    const cell = { node, outer, depth, head: 0, open: false, dim: false, plain: 0, colour: 0 };
    cells.push(cell);
    const width = x1 - x0;
    const height = y1 - y0;
    if (node.children.length === 0) return;
    if (depth > 0 && (width < GROUP_LEAST || height < GROUP_LEAST)) return;
    cell.open = true;
    const pad = depth === 0 ? 0 : PAD[node.level];
    if (depth > 0 && width > 46 && height > 2.4 * HEAD[node.level]) cell.head = HEAD[node.level];
    // Squarified treemaps: Bruls, Huizing, van Wijk, 2000.
    treemapSquarify(withoutEmpty(node), x0 + pad, y0 + Math.max(pad, cell.head), x1 - pad, y1 - pad);
    for (const child of node.children) {
        if (child.value <= 0) break;
        if ((child.x1 - child.x0) * (child.y1 - child.y0) < CELL_LEAST) continue;
        place(child, child.x0, child.y0, child.x1, child.y1, cell, cells);
    }
}

function withoutEmpty(node) {
    if (node.children.at(-1).value > 0) return node;
    const last = node.children.findIndex((child) => child.value <= 0);
    return { value: node.value, children: node.children.slice(0, last) };
}

// The innermost part that is shown at a point; null beside all.
export function partAt(layout, x, y) {
    let node = holds(layout, layout.root, x, y) ? layout.root : null;
    for (let inner = node; inner;) {
        node = inner;
        inner = inner.children.find((child) => holds(layout, child, x, y));
    }
    return node;
}

function holds(layout, node, x, y) {
    return (
        node.generation === layout.generation && x >= node.x0 && x < node.x1 && y >= node.y0 && y < node.y1
    );
}

// The nearest part of the same depth in a direction; null where there is none.
export function neighbour(layout, from, dx, dy) {
    const depth = layout.cells.find((cell) => cell.node === from)?.depth;
    const [x, y] = middle(from);
    let best = null;
    let least = Infinity;
    for (const cell of layout.cells) {
        if (cell.depth !== depth || cell.node === from) continue;
        const [otherX, otherY] = middle(cell.node);
        const ahead = (otherX - x) * dx + (otherY - y) * dy;
        const aside = Math.abs((otherX - x) * dy) + Math.abs((otherY - y) * dx);
        const distance = ahead + 3 * aside;
        if (ahead > 0.5 && distance < least) {
            best = cell.node;
            least = distance;
        }
    }
    return best;
}

function middle(node) {
    return [(node.x0 + node.x1) / 2, (node.y0 + node.y1) / 2];
}
