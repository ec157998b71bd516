const y = import /* c */ ("y"), z = import.defer // d
("z");
export { y };
