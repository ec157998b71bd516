// Numbers as people read them, the same in every locale.
const units = ["B", "KB", "MB", "GB", "TB"];

export function count(number) {
    return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ",");
}

export function exactBytes(bytes) {
    return `${count(bytes)} B`;
}

// AWS counts in 1024s, and so does this.
export function shortBytes(bytes) {
    let unit = 0;
    let size = Math.abs(bytes);
    while (size >= 1024 && unit < units.length - 1) {
        size /= 1024;
        unit++;
    }
    const digits = unit === 0 || size >= 100 ? 0 : 1;
    return `${bytes < 0 ? "−" : ""}${size.toFixed(digits)} ${units[unit]}`;
}

export function signedBytes(bytes) {
    return bytes === 0 ? "0" : `${bytes > 0 ? "+" : "−"}${count(Math.abs(bytes))}`;
}

export function percent(share) {
    const hundredth = share * 100;
    if (hundredth === 0) return "0 %";
    if (hundredth < 0.01) return "< 0.01 %";
    return `${hundredth.toFixed(hundredth < 1 ? 2 : hundredth < 10 ? 1 : 0)} %`;
}

// What a limit counts in: the end of its name says it.
export function limitValue(limit, value) {
    if (limit.endsWith("_bytes")) return shortBytes(value);
    if (limit.endsWith("_mb")) return `${count(value)} MB`;
    if (limit.endsWith("_s")) return `${count(value)} s`;
    return count(value);
}

export function plural(number, one, many = `${one}s`) {
    return `${count(number)} ${number === 1 ? one : many}`;
}
