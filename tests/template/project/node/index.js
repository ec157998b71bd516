exports.handler = async (event) => require("big")(event);
