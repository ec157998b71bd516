// Work that can wait: each piece is a task of its own, in the order in which it was put off, so that keys and clicks
// come in between and what they show is painted. What is put off again before it was done is done once, last.
export function createQueue() {
    const waiting = new Map();
    const step = () => {
        const [[name, work]] = waiting;
        waiting.delete(name);
        if (waiting.size > 0) setTimeout(step);
        work();
    };
    return (name, work) => {
        if (waiting.size === 0) setTimeout(step);
        waiting.delete(name); // it may need what was put off since
        waiting.set(name, work);
    };
}

// Goes through an iterator step by step while there is nothing else to do, and calls done().
export function whenIdle(steps, done) {
    const wait = window.requestIdleCallback ?? ((work) => setTimeout(work, 20));
    const step = () => {
        if (steps.next().done) done();
        else wait(step);
    };
    wait(step);
}
