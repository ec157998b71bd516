// The tree that is looked at: project, function, library, member, symbol. The leaves of a function add up to its file.
export const LEVELS = ["project", "function", "library", "member", "symbol"];

const TONES = 3; // shades of one colour, that tell neighbours apart

class Node {
    constructor(level, name, parent, program) {
        this.level = level;
        this.name = name;
        this.parent = parent;
        this.program = program;
        this.index = -1; // of the library, member or atom in the program
        this.id = 0;
        this.last = 0;
        this.children = [];
        this.bytes = 0;
        this.zip = 0;
        this.retained = 0;
        this.delta = 0;
        this.value = 0; // what its area stands for
        this.symbols = 0;
        this.tone = 0;
        this.found = 0; // by which search
        this.x0 = this.y0 = this.x1 = this.y1 = 0; // where it lies in the treemap
        this.generation = 0; // of the layout that has it there
    }
}

export function buildTree(model) {
    const root = new Node("project", model.project, null, null);
    root.children = model.programs.map((program) => buildFunction(program, root));
    for (const child of root.children) add(root, child);
    const nodes = [];
    number(root, nodes);
    return { root, nodes };
}

// Every node has a number, by which an address names it; what is within it has the next ones, up to last.
function number(node, nodes) {
    node.id = nodes.length;
    nodes.push(node);
    for (const child of node.children) number(child, nodes);
    node.last = nodes.length - 1;
    if (node.level === "function")
        for (const other of node.program.nodes) if (other && other.bytes === 0) number(other, nodes);
}

function add(node, child) {
    node.bytes += child.bytes;
    node.zip += child.zip;
    node.symbols += child.symbols;
}

function buildFunction(program, root) {
    const top = new Node("function", program.name, root, program);
    const libraries = program.libraries.name.map((_, i) => {
        const node = new Node("library", program.libraryName(i), top, program);
        node.index = i;
        node.retained = program.libraries.retained[i];
        return node;
    });
    const members = program.members.name.map((_, i) => {
        const library = libraries[program.members.library[i]];
        const node = new Node("member", program.memberName(i), library, program);
        node.index = i;
        node.retained = program.members.retained[i];
        library.children.push(node);
        return node;
    });
    program.nodes = buildSymbols(program, members);
    addRest(program, libraries[0], members[0]);
    for (const member of members) for (const child of member.children) add(member, child);
    for (const library of libraries) {
        library.children = library.children.filter((member) => member.children.length > 0);
        for (const member of library.children) add(library, member);
    }
    top.children = libraries.filter((library) => library.children.length > 0);
    for (const library of top.children) add(top, library);
    top.retained = top.bytes;
    return top;
}

function buildSymbols(program, members) {
    const { member, bytes, deflated, retained } = program.atoms;
    const nodes = new Array(program.count);
    for (let i = 1; i < program.count; i++) {
        const node = new Node("symbol", program.symbolName(i), members[member[i]], program);
        node.index = i;
        node.bytes = bytes[i];
        node.zip = deflated[i];
        node.retained = retained[i];
        node.symbols = 1;
        if (node.bytes > 0) node.parent.children.push(node); // what is memory only is met in chains alone
        nodes[i] = node;
    }
    return nodes;
}

// Headers, tables and padding are no symbol's, but bytes of the file.
function addRest(program, library, member) {
    const rest = new Node("symbol", "[headers, tables, padding]", member, program);
    rest.bytes = program.headerBytes + program.tableBytes + program.paddingBytes;
    let told = 0;
    for (const zip of program.atoms.deflated) told += zip;
    rest.zip = Math.max(0, program.deflatedBytes - told);
    rest.retained = rest.bytes;
    member.children.push(rest);
    program.rest = rest;
    if (!library.children.includes(member)) library.children.push(member);
}

// Gives every node the value that its area stands for and sorts its children by it.
export function weigh(node, key) {
    node.value = node[key];
    for (const child of node.children)
        if (child.level === "symbol") child.value = child[key];
        else weigh(child, key);
    node.children.sort((a, b) => b.value - a.value || a.id - b.id);
    node.children.forEach((child, i) => (child.tone = i % TONES));
}

export function leavesBelow(node, into = []) {
    if (node.level === "symbol") into.push(node);
    for (const child of node.children) leavesBelow(child, into);
    return into;
}

// From the project down to the node.
export function pathOf(node) {
    return node ? [...pathOf(node.parent), node] : [];
}

export function ancestorAt(node, level) {
    let found = node;
    while (found && found.level !== level) found = found.parent;
    return found;
}
