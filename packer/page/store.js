// What the person looks at, and who is told when it changes.
export function createStore(state) {
    const listeners = [];
    return {
        get: () => state,
        listen: (listener) => listeners.push(listener),
        // listener(state, changed): changed is the set of keys whose values are new.
        set(patch) {
            const changed = new Set(Object.keys(patch).filter((key) => patch[key] !== state[key]));
            if (changed.size === 0) return;
            Object.assign(state, patch);
            for (const listener of listeners) listener(state, changed);
        },
    };
}
