// One function's program: the columns that demine wrote, and what can be looked up in them.
export const KEPT = [
    "There is a chain of references to it",
    "Its section is needed for the step before it, a part of the same section",
    "Its section is needed for the step before it",
    "The linker kept it; why is not seen",
];

export class Program {
    constructor(data, texts) {
        const { libraries, members, atoms, edges } = data;
        Object.assign(this, {
            name: data.name,
            linkage: data.linkage,
            zipBytes: data.zip_bytes,
            unzippedBytes: data.unzipped_bytes,
            fileBytes: data.file_bytes,
            deflatedBytes: data.deflated_bytes,
            headerBytes: data.header_bytes,
            tableBytes: data.table_bytes,
            paddingBytes: data.padding_bytes,
            libraries,
            members,
            atoms,
            texts,
        });
        this.count = atoms.name.length;
        this.edgeCount = edges.count;
        this.edgeTo = edges.to;
    }

    libraryName(library) {
        return this.texts[this.libraries.name[library]];
    }

    memberName(member) {
        return this.texts[this.members.name[member]];
    }

    memberArchive(member) {
        return this.texts[this.members.archive[member]];
    }

    libraryOf(atom) {
        return this.members.library[this.atoms.member[atom]];
    }

    symbolName(atom) {
        return this.texts[this.atoms.name[atom]];
    }

    section(atom) {
        return this.texts[this.atoms.section[atom]];
    }

    kept(atom) {
        return this.atoms.kept.charCodeAt(atom) - 48;
    }

    // What made the linker take a member out of its archive; null where that is not known.
    extraction(member) {
        const symbol = this.texts[this.members.extracted_for[member]];
        const by = this.members.extracted_by[member];
        return symbol ? { symbol, by: by < 0 ? null : this.memberName(by) } : null;
    }

    // The shortest chain from the entry to an atom; the system's start, atom 0, is left out.
    chain(atom) {
        const steps = [];
        for (let step = atom; step > 0; step = this.atoms.parent[step]) steps.push(step);
        return steps.reverse();
    }

    // Of many atoms it is asked for, and chains have their ends in common.
    chainLength(atom) {
        this.lengths ??= new Uint32Array(this.count);
        const { lengths } = this;
        const { parent } = this.atoms;
        const steps = [];
        let step = atom;
        for (; step > 0 && lengths[step] === 0; step = parent[step]) steps.push(step);
        for (let length = step > 0 ? lengths[step] : 0; steps.length > 0;) lengths[steps.pop()] = ++length;
        return atom > 0 ? lengths[atom] : 0;
    }

    referrers(atom) {
        this.inEdges ??= this.turnEdges();
        const { start, from } = this.inEdges;
        return from.subarray(start[atom], start[atom + 1]);
    }

    turnEdges() {
        const start = new Uint32Array(this.count + 2);
        for (const to of this.edgeTo) start[to + 2]++;
        for (let i = 2; i < start.length; i++) start[i] += start[i - 1];
        const from = new Uint32Array(this.edgeTo.length);
        let edge = 0;
        for (let atom = 0; atom < this.count; atom++) {
            for (let left = this.edgeCount[atom]; left > 0; left--)
                from[start[this.edgeTo[edge++] + 1]++] = atom;
        }
        return { start, from };
    }

    // What all chains to an atom go through, the last one first: each would take it along.
    holders(atom) {
        const found = [];
        for (let step = this.atoms.dominator[atom]; step > 0; step = this.atoms.dominator[step])
            found.push(step);
        return found;
    }

    // Those that would go with an atom and that nothing else that goes holds, what retains most first.
    dominated(atom) {
        const { dominator, retained } = this.atoms;
        const found = [];
        for (let other = 1; other < this.count; other++) if (dominator[other] === atom) found.push(other);
        return found.sort((a, b) => retained[b] - retained[a] || a - b);
    }
}
