// make("button", {class: "x", onclick: f, "aria-label": "…"}, child, …): an element; what is null or false is left out.
export function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    return fill(element, attributes, children);
}

// The same for SVG.
export function draw(tag, attributes = {}, ...children) {
    return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
        else if (name === "style")
            for (const [key, text] of Object.entries(value)) element.style.setProperty(key, text);
        else element.setAttribute(name, value === true ? "" : value);
    }
    element.append(
        ...children
            .flat(Infinity)
            .filter((child) => child !== null && child !== undefined && child !== false),
    );
    return element;
}

export function byId(id) {
    return document.getElementById(id);
}

let announced = 0;

// Says a text to a screen reader; the last one wins where several come at once.
export function announce(text) {
    clearTimeout(announced);
    announced = setTimeout(() => {
        byId("announce").textContent = text;
    }, 60);
}
