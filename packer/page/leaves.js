// All symbols as columns, the largest first: what sorts, filters and sums them up goes through arrays of numbers, not
// through as many objects.
import { leavesBelow, pathOf } from "./tree.js";

const RUN = 8192; // values that are sorted at a time

export class Leaves {
    constructor(root) {
        this.nodes = leavesBelow(root).sort((a, b) => b.bytes - a.bytes || a.id - b.id);
        this.ids = Uint32Array.from(this.nodes, (node) => node.id);
        this.bytes = Float64Array.from(this.nodes, (node) => node.bytes);
        this.columns = new Map();
        this.orders = new Map();
    }

    // The places of all symbols, sorted by a column; those of equal values stay the largest first.
    order(column, down) {
        const key = `${column.key} ${down}`;
        if (!this.orders.has(key)) this.orders.set(key, sorted(this.column(column), down));
        return this.orders.get(key);
    }

    // The values of a column, and the rank of each among all that there are.
    column(column) {
        if (!this.columns.has(column.key)) finish(this.rank(column));
        return this.columns.get(column.key);
    }

    *rank({ key, of, number }) {
        const values = this.nodes.map(of);
        const distinct = [...new Set(values)];
        yield;
        const compare = number ? (a, b) => a - b : undefined;
        const runs = [];
        for (let i = 0; i < distinct.length; i += RUN) {
            runs.push(distinct.slice(i, i + RUN).sort(compare));
            yield;
        }
        const inOrder = runs.flat().sort(compare); // which merges what is sorted already
        yield;
        const places = new Map();
        inOrder.forEach((value, i) => places.set(value, i));
        yield;
        const ranks = Uint32Array.from(values, (value) => places.get(value));
        this.columns.set(key, { values, ranks, distinct: distinct.length });
    }

    // Works out, step by step, what the first search and the first sort by each column would wait for.
    *prepare(columns) {
        for (const column of columns) {
            if (!this.columns.has(column.key)) yield* this.rank(column);
            yield;
        }
        if (!this.names) yield* this.index();
    }

    // Of the places in an order those within a part and, where hits are given, marked by them.
    select(order, { id, last }, hits = null) {
        const found = new Uint32Array(order.length);
        let count = 0;
        for (const place of order) {
            const at = this.ids[place];
            if (at >= id && at <= last && (!hits || hits[place])) found[count++] = place;
        }
        return found.subarray(0, count);
    }

    // Marks by 1 the symbols that have all words of a filter in their names; null where there is no word.
    search(filter) {
        const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
        if (words.length === 0) return null;
        if (!this.names) finish(this.index());
        const hits = new Uint8Array(this.nodes.length).fill(1);
        for (const word of words) {
            const inNames = this.names.search(word);
            const inPaths = this.paths.search(word);
            for (let i = 0; i < hits.length; i++) hits[i] &= inNames[i] | inPaths[this.members[i]];
        }
        return hits;
    }

    // Makes what is searched.
    *index() {
        const members = new Map();
        this.members = Uint32Array.from(this.nodes, ({ parent }) => {
            if (!members.has(parent)) members.set(parent, members.size);
            return members.get(parent);
        });
        yield;
        this.paths = new Haystack(
            [...members.keys()].map((member) =>
                pathOf(member)
                    .slice(1)
                    .map((step) => step.name)
                    .join("\n"),
            ),
        );
        yield;
        this.names = new Haystack(this.nodes.map((node) => node.name));
    }
}

function finish(steps) {
    while (!steps.next().done);
}

// Sorted by counting: ranks are dense.
function sorted({ ranks, distinct }, down) {
    const rankOf = down ? (place) => distinct - 1 - ranks[place] : (place) => ranks[place];
    const next = new Uint32Array(distinct + 1);
    for (let place = 0; place < ranks.length; place++) next[rankOf(place) + 1]++;
    for (let i = 1; i <= distinct; i++) next[i] += next[i - 1];
    const order = new Uint32Array(ranks.length);
    for (let place = 0; place < ranks.length; place++) order[next[rankOf(place)]++] = place;
    return order;
}

// Many texts as one, in which a word is looked for once; a word has no white space, and so ends where a text does.
class Haystack {
    constructor(texts) {
        const low = texts.map((text) => text.toLowerCase());
        this.text = low.join("\n");
        this.ends = new Uint32Array(low.length);
        let end = 0;
        low.forEach((text, i) => (this.ends[i] = end += text.length + 1));
    }

    search(word) {
        const found = new Uint8Array(this.ends.length);
        let i = 0;
        for (let at = this.text.indexOf(word); at >= 0; at = this.text.indexOf(word, this.ends[i - 1])) {
            while (this.ends[i] <= at) i++;
            found[i++] = 1;
        }
        return found;
    }
}
